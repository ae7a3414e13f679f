"""Where the level of a noisy series changes: rank scans with exact false-alarm rates."""

from unladen.detection.follow import Follower, follows
from unladen.detection.levels import FALSE_DISCOVERY_RATE, levels_for
from unladen.detection.memory import remembering
from unladen.detection.noise import Noise, noise_of, p_value
from unladen.detection.panel import CellReadings, Panel
from unladen.detection.ranks import median
from unladen.detection.scan import MINIMUM_READINGS
from unladen.detection.steps import MINIMUM_EFFECT, Segmentation, Step, find_steps
from unladen.detection.trends import Trend

__all__ = [
    "FALSE_DISCOVERY_RATE",
    "MINIMUM_EFFECT",
    "MINIMUM_READINGS",
    "CellReadings",
    "Follower",
    "Noise",
    "Panel",
    "Segmentation",
    "Step",
    "Trend",
    "find_steps",
    "follows",
    "levels_for",
    "median",
    "noise_of",
    "p_value",
    "remembering",
]
