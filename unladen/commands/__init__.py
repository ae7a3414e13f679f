"""The commands that unladen adds to asv's, one module each.

asv finds its commands as subclasses of ``asv.commands.Command``; importing ``unladen.commands`` is
enough to have them on unladen's command line.
"""

from unladen.commands.bisect import Bisect
from unladen.commands.calibrate import Calibrate
from unladen.commands.changes import Changes
from unladen.commands.confirm import Confirm
from unladen.commands.demo import Demo
from unladen.commands.faults import Faults
from unladen.commands.gate import Gate
from unladen.commands.mock_model import MockModel
from unladen.commands.patches import Patches
from unladen.commands.portal import Portal
from unladen.commands.report import Report
from unladen.commands.score import Score
from unladen.commands.table import Table

__all__ = [
    "Bisect",
    "Calibrate",
    "Changes",
    "Confirm",
    "Demo",
    "Faults",
    "Gate",
    "MockModel",
    "Patches",
    "Portal",
    "Report",
    "Score",
    "Table",
]
