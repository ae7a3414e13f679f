"""What a detector finds in a history, what its labels say, and which detections are right."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from unladen.changes.model import Change, ChangeKind, Direction
from unladen.changes.sampled import COUNTED
from unladen.history.history import History
from unladen.history.series_history import CODES, SeriesHistory
from unladen.labels.check import Value, is_open, names, number_of, ratio, value_of
from unladen.labels.labels import Effect, Labels
from unladen.store.series import SeriesInfo, Status

NEAR = 2
"""A detection and a label may be so many commits apart and still mean the same change."""

WORK = 0.01
"""Where an exact series of its class changes by so much, a sampled one may change too."""

_OTHER_WAY = {Direction.REGRESSION: Effect.WORSE, Direction.IMPROVEMENT: Effect.BETTER}


@dataclass(frozen=True, eq=False)
class Truth:
    """A labelled change of one cell. ``commit``: its index in the history; ``size``: the absolute
    logarithm of the ratio, None if there is none."""

    series: SeriesInfo
    cell: int
    commit: int
    effect: Effect
    size: float | None


@dataclass(frozen=True, eq=False)
class Detection:
    """A change that a detector sees at index ``commit``, or at one from ``first`` to ``last``."""

    series: SeriesInfo
    cell: int
    commit: int
    effect: Effect
    first: int
    last: int


@dataclass(frozen=True)
class Matched:
    """``found``: each truth with the detection that means it, if there is one; ``wrong``:
    detections that mean none; ``neither``: detections of which the labels do not tell."""

    found: Sequence[tuple[Truth, Detection | None]]
    wrong: Sequence[Detection]
    neither: Sequence[Detection]


def detection_of(change: Change, positions: Mapping[str, int]) -> Detection:
    """A change as a detection. ``positions``: the indices of commits by their hashes."""
    last = change.last_suspect or change.commit
    return Detection(
        change.series,
        change.series.cells.index(change.cell),
        positions[change.commit.hash],
        _effect(change),
        positions[change.first_suspect.hash],
        positions[last.hash],
    )


class Matcher:
    """Knows what the labels of a history say, and what they leave open."""

    def __init__(self, history: History, labels: Labels) -> None:
        """The subjects of both must be the same."""
        self._series = {one.series.name: one for one in history.series}
        self._positions = {
            commit.subject: position for position, commit in enumerate(history.commits)
        }
        self._labels = labels
        self.truths = [truth for truth in self._labelled() if not self._is_open(truth)]

    def match(self, truths: Sequence[Truth], detections: Sequence[Detection]) -> Matched:
        """Bring truths and detections together: the nearest first, each at most once."""
        by_cell: dict[tuple[str, int, Effect], list[Detection]] = defaultdict(list)
        for detection in detections:
            by_cell[detection.series.name, detection.cell, detection.effect].append(detection)
        pairs = [
            (truth, detection)
            for truth in truths
            for detection in by_cell[truth.series.name, truth.cell, truth.effect]
            if _distance(truth, detection) <= NEAR
        ]
        meant: dict[Truth, Detection] = {}
        used: set[Detection] = set()
        for truth, detection in sorted(pairs, key=lambda pair: _distance(*pair)):
            if truth not in meant and detection not in used:
                meant[truth] = detection
                used.add(detection)
        rest = [detection for detection in detections if detection not in used]
        neither = {detection for detection in rest if self._is_neither(detection)}
        return Matched(
            [(truth, meant.get(truth)) for truth in truths],
            [detection for detection in rest if detection not in neither],
            [detection for detection in rest if detection in neither],
        )

    def _labelled(self) -> Iterator[Truth]:
        for label in self._labels.commits:
            commit = self._positions[label.subject]
            for change in label.changes:
                series = self._series.get(change.series)
                for cell, params in enumerate(series.series.cells if series else ()):
                    if series and names(change, params) and _is_measured(series, commit, cell):
                        size = _size(series, commit, cell)
                        if not series.series.is_exact and change.ratio is not None:
                            low, high = float(change.ratio.low), float(change.ratio.high)
                            size = abs(math.log((low + high) / 2))
                        yield Truth(series.series, cell, commit, change.effect, size)

    def _is_open(self, one: Truth | Detection) -> bool:
        if not one.series.is_exact:
            return False
        series = self._series[one.series.name]
        before, after = _values(series, one.commit, one.cell)
        return before is not None and after is not None and is_open(one.series, before, after)

    def _is_neither(self, detection: Detection) -> bool:
        """Whether a detection that no label means may be right all the same."""
        if detection.series.is_exact:
            return self._is_open(detection)
        if detection.effect not in _OTHER_WAY.values():
            return True
        return any(
            self._work_changes(detection, commit) or self._is_labelled_elsewhere(detection, commit)
            for commit in range(detection.first, detection.last + 1)
        )

    def _work_changes(self, detection: Detection, commit: int) -> bool:
        """Whether an exact series that has to do with it changes noticeably: one of the same
        class, in the same cell, or anywhere one of the group that counts its work."""
        owner = detection.series.name.rpartition(".")[0]
        group = COUNTED.get(detection.series.group, detection.series.group)
        for name, series in self._series.items():
            is_own = name.rpartition(".")[0] == owner
            if not series.series.is_exact or not (is_own or series.series.group == group):
                continue
            cells: Iterable[int] = range(len(series.series.cells))
            if is_own and series.series.cells == detection.series.cells:
                cells = [detection.cell]
            if any(_changes(series, commit, cell) for cell in cells):
                return True
        return False

    def _is_labelled_elsewhere(self, detection: Detection, commit: int) -> bool:
        """Whether the commit is labelled to do the same to a series of the same group."""
        return any(
            truth.commit == commit
            and truth.effect is detection.effect
            and (truth.series.kind, truth.series.group)
            == (detection.series.kind, detection.series.group)
            for truth in self.truths
        )


def _effect(change: Change) -> Effect:
    was = change.before.status
    match change.kind:
        case ChangeKind.VALUE:
            return _OTHER_WAY[change.direction]
        case ChangeKind.BROKE:
            return Effect.NEW_AND_BROKEN if was is Status.NOT_APPLICABLE else Effect.BROKEN
        case ChangeKind.WRONG:
            to_wrong = {
                Status.NOT_APPLICABLE: Effect.NEW_AND_WRONG,
                Status.FAILED: Effect.WORKS_WRONG,
            }
            return to_wrong.get(was, Effect.GOES_WRONG)
        case ChangeKind.WORKS:
            return Effect.WORKS
        case ChangeKind.RIGHT:
            return Effect.RIGHT
        case ChangeKind.APPEARS:
            return Effect.NEW
        case ChangeKind.DISAPPEARS:
            gone = {
                Status.FAILED: Effect.BROKEN_AND_GONE,
                Status.WRONG: Effect.WRONG_AND_GONE,
            }
            return gone.get(was, Effect.GONE)


def _distance(truth: Truth, detection: Detection) -> int:
    """How many commits a detection is off. The range of an exact one is what was not measured: a
    detection is near to all of it."""
    off = abs(truth.commit - detection.commit)
    is_within = detection.first <= truth.commit <= detection.last
    return min(off, NEAR) if is_within and detection.series.is_exact else off


def _is_measured(series: SeriesHistory, commit: int, cell: int) -> bool:
    """Whether a cell is known at a commit and at one before it."""
    known = series.statuses[: commit + 1, cell] != CODES[Status.MISSING]
    return bool(known[-1] and known[:-1].any())


def _values(series: SeriesHistory, commit: int, cell: int) -> tuple[Value | None, Value | None]:
    """What a cell reads at a commit, and where it was last measured before."""
    known = np.flatnonzero(series.statuses[:commit, cell] != CODES[Status.MISSING])
    before = value_of(series, int(known[-1]), cell) if known.size else None
    return before, value_of(series, commit, cell)


def _size(series: SeriesHistory, commit: int, cell: int) -> float | None:
    before, after = _values(series, commit, cell)
    share = None if before is None or after is None else ratio(before, after)
    return abs(math.log(share)) if share is not None and share > 0 else None


def _changes(series: SeriesHistory, commit: int, cell: int) -> bool:
    before, after = _values(series, commit, cell)
    if before is None or after is None or type(before) is not type(after):
        return before is not after
    one, other = number_of(before), number_of(after)
    if one is None or other is None:
        return before is not after
    return abs(other - one) >= WORK * max(abs(one), abs(other)) and one != other
