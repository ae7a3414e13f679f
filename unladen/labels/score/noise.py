"""How a step detector does on noise: what it sees in it, and in steps put into it.

A permuted window of real noise holds no step, so that every alert on it is false, and noise of the
same distribution as the window's; what memory the noise has is lost. In its real order it has that,
and the changes that there were. Noise that is made (``unladen.labels.score.made``) has any memory,
and no change. See docs/detection.md.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unladen.asv_bridge.stock import stock_steps
from unladen.detection import MINIMUM_READINGS, find_steps
from unladen.store.json_files import SIZE_LIMIT, unreadable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ALPHA = 0.01
"""The level of our tests: a window is a history of its own."""

ALERT = 0.05
"""An upward step of at least so much in a permuted window is a false alert."""

NEAR = 2
"""A step is found if an upward one is seen at most so many commits away."""

MARGIN = 5
"""Commits before and after a step that is put in, at least."""

SHORT = 2
"""Commits that a bump is put in for."""

BUMP = 50.0
"""How high it is, in percent."""

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Window:
    """Successive readings, above 0; ``weights``: asv's, NaN where unknown."""

    values: Floats
    weights: Floats


@dataclass(frozen=True)
class Seen:
    """A step that a detector sees at index ``at``, by ``effect`` (0.05: 5 % upward)."""

    at: int
    effect: float


Detector = Callable[[Window], list[Seen]]


@dataclass(frozen=True)
class Recall:
    """Of ``trials`` steps how many were found ``near`` the commit, ``at`` it exactly, and near it
    as large as an alert (``alerts``)."""

    trials: int
    near: int
    at: int
    alerts: int


@dataclass(frozen=True)
class NoiseScore:
    """Of one detector, on ``trials`` windows. ``steps``: those in which it sees any step;
    ``alerts``: one upward, of at least ``ALERT``; ``bumps``: those in which a bump that was put in
    is seen; ``recall``: by size of the step put in, in percent."""

    trials: int
    steps: int
    alerts: int
    bumps: int
    recall: Mapping[float, Recall]


def load_windows(path: Path) -> list[Window]:
    """Read a file of windows: JSON, perhaps gzipped, a list of lists of ``[seconds, weight]``.

    Raises ``UserError``, one line.
    """
    data = _parsed(path)
    if not isinstance(data, list) or not data:
        raise unreadable(path, "it is not a list of windows")
    return [_window(path, number, window) for number, window in enumerate(data, 1)]


def permutations(
    windows: Sequence[Window], repeats: int, random: np.random.Generator
) -> Iterator[Window]:
    """``repeats`` permutations of each window, each drawn when it is asked for."""
    for window in windows:
        for _ in range(repeats):
            order = random.permutation(window.values.size)
            yield Window(window.values[order], window.weights[order])


def score(
    windows: Iterable[Window],
    detectors: Mapping[str, Detector],
    steps: Sequence[float],
    random: np.random.Generator,
) -> dict[str, NoiseScore]:
    """Try detectors on the same windows; ``steps``: in percent, each put in at a random place, as a
    bump is."""
    counts = {name: np.zeros(3, dtype=np.int64) for name in detectors}
    found = {name: {step: np.zeros(3, dtype=np.int64) for step in steps} for name in detectors}
    trials = 0
    for window in windows:
        trials += 1
        position = int(random.integers(MARGIN, window.values.size - MARGIN + 1))
        bump = min(position, window.values.size - MARGIN - SHORT)
        for name, detector in detectors.items():
            plain = detector(window)
            bumps = detector(_raised(window, bump, bump + SHORT, BUMP))
            is_alert = any(seen.effect >= ALERT for seen in plain)
            counts[name] += bool(plain), is_alert, _hits(bumps, bump)[0]
            for step in steps:
                seen = detector(_raised(window, position, window.values.size, step))
                found[name][step] += _hits(seen, position)
    return {name: _noise_score(trials, counts[name], found[name]) for name in detectors}


def _noise_score(trials: int, counts: Ints, found: Mapping[float, Ints]) -> NoiseScore:
    steps, alerts, bumps = counts.tolist()
    recall = {step: Recall(trials, *hits.tolist()) for step, hits in found.items()}
    return NoiseScore(trials, steps, alerts, bumps, recall)


def _hits(seen: Sequence[Seen], position: int) -> tuple[bool, bool, bool]:
    """Whether an upward step was seen near its place, at it, and near it as large as an alert."""
    near = [one for one in seen if abs(one.at - position) <= NEAR and one.effect > 0]
    return bool(near), any(one.at == position for one in near), any(s.effect >= ALERT for s in near)


def our_steps(window: Window) -> list[Seen]:
    """What unladen's detection sees."""
    steps = find_steps(np.log(window.values), ALPHA, is_log=True).steps
    return [Seen(step.at, math.expm1(step.after - step.before)) for step in steps]


def asv_steps(window: Window) -> list[Seen]:
    """What asv's step detection sees, with the weights."""
    weights = [None if math.isnan(weight) else weight for weight in window.weights.tolist()]
    steps = stock_steps(window.values.tolist(), weights)
    return [Seen(after[0], after[2] / before[2] - 1) for before, after in pairwise(steps)]


DETECTORS: Mapping[str, Detector] = {"unladen": our_steps, "asv": asv_steps}


def _raised(window: Window, start: int, end: int, step: float) -> Window:
    values = window.values.copy()
    values[start:end] *= 1 + step / 100
    return Window(values, window.weights)


def _parsed(path: Path) -> Any:
    try:
        with path.open("rb") as plain:
            is_zipped = plain.read(len(_GZIP)) == _GZIP
        with gzip.open(path) if is_zipped else path.open("rb") as file:
            text = file.read(SIZE_LIMIT + 1)
        if len(text) > SIZE_LIMIT:
            raise unreadable(path, f"it is larger than {SIZE_LIMIT // 1_000_000} MB")
        return json.loads(text)
    except RecursionError:
        raise unreadable(path, "it is nested too deeply") from None
    except (OSError, EOFError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise unreadable(path, why) from error
    except ValueError as error:
        raise unreadable(path, str(error)[:120]) from error


def _window(path: Path, number: int, readings: Any) -> Window:
    needed = max(MINIMUM_READINGS, 2 * MARGIN)
    try:
        values = np.array([float(value) for value, _ in readings])
        weights = np.array(
            [math.nan if weight is None else float(weight) for _, weight in readings]
        )
    except (TypeError, ValueError, OverflowError):
        why = f"window {number} is not a list of [seconds, weight]"
        raise unreadable(path, why) from None
    if values.size < needed:
        raise unreadable(path, f"window {number} has {values.size} readings, not {needed} or more")
    if not (np.isfinite(values) & (values > 0)).all():
        raise unreadable(path, f"window {number} has a reading that is not a number above 0")
    return Window(values, weights)
