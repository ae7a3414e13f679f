"""What a detector claims of a history, what its labels say, and which claims are right."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from unladen.changes.model import Change, ChangeKind, Verdict
from unladen.changes.sampled import COUNTED
from unladen.history.history import CODES, History, SeriesHistory
from unladen.labels.check import Value, is_open, names, number_of, ratio, value_of
from unladen.labels.labels import Effect, Labels
from unladen.store.series import SeriesInfo, Status

NEAR = 2
"""A claim and a label may be so many commits apart and still mean the same change."""

WORK = 0.01
"""Where an exact series of its class changes by so much, a sampled one may change too."""

_OTHER_WAY = {Verdict.REGRESSION: Effect.WORSE, Verdict.IMPROVEMENT: Effect.BETTER}


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
class Claim:
    """A change that a detector sees at index ``commit``, or at one from ``first`` to ``last``."""

    series: SeriesInfo
    cell: int
    commit: int
    effect: Effect
    first: int
    last: int


@dataclass(frozen=True)
class Matched:
    """``found``: each truth with the claim that means it, if there is one; ``wrong``: claims that
    mean none; ``neither``: claims of which the labels do not tell."""

    found: Sequence[tuple[Truth, Claim | None]]
    wrong: Sequence[Claim]
    neither: Sequence[Claim]


def claim_of(change: Change, places: Mapping[str, int]) -> Claim:
    """A change as a claim. ``places``: the indices of commits by their hashes."""
    last = change.last_suspect or change.commit
    return Claim(
        change.series,
        change.series.cells.index(change.cell),
        places[change.commit.hash],
        _effect(change),
        places[change.first_suspect.hash],
        places[last.hash],
    )


class Judge:
    """Knows what the labels of a history say, and what they leave open."""

    def __init__(self, history: History, labels: Labels) -> None:
        """The subjects of both must be the same."""
        self._series = {one.series.name: one for one in history.series}
        self._places = {commit.subject: place for place, commit in enumerate(history.commits)}
        self._labels = labels
        self.truths = [truth for truth in self._labelled() if not self._is_open(truth)]

    def match(self, truths: Sequence[Truth], claims: Sequence[Claim]) -> Matched:
        """Bring truths and claims together: the nearest first, each at most once."""
        by_cell: dict[tuple[str, int, Effect], list[Claim]] = defaultdict(list)
        for claim in claims:
            by_cell[claim.series.name, claim.cell, claim.effect].append(claim)
        pairs = [
            (truth, claim)
            for truth in truths
            for claim in by_cell[truth.series.name, truth.cell, truth.effect]
            if _distance(truth, claim) <= NEAR
        ]
        meant: dict[Truth, Claim] = {}
        used: set[Claim] = set()
        for truth, claim in sorted(pairs, key=lambda pair: _distance(*pair)):
            if truth not in meant and claim not in used:
                meant[truth] = claim
                used.add(claim)
        rest = [claim for claim in claims if claim not in used]
        neither = {claim for claim in rest if self._is_neither(claim)}
        return Matched(
            [(truth, meant.get(truth)) for truth in truths],
            [claim for claim in rest if claim not in neither],
            [claim for claim in rest if claim in neither],
        )

    def _labelled(self) -> Iterator[Truth]:
        for label in self._labels.commits:
            commit = self._places[label.subject]
            for change in label.changes:
                series = self._series.get(change.series)
                for cell, params in enumerate(series.series.cells if series else ()):
                    if series and names(change, params) and _is_measured(series, commit, cell):
                        size = _size(series, commit, cell)
                        if not series.series.is_exact and change.ratio is not None:
                            low, high = float(change.ratio.low), float(change.ratio.high)
                            size = abs(math.log((low + high) / 2))
                        yield Truth(series.series, cell, commit, change.effect, size)

    def _is_open(self, one: Truth | Claim) -> bool:
        if not one.series.is_exact:
            return False
        series = self._series[one.series.name]
        before, after = _values(series, one.commit, one.cell)
        return before is not None and after is not None and is_open(one.series, before, after)

    def _is_neither(self, claim: Claim) -> bool:
        """Whether a claim that no label means may be right all the same."""
        if claim.series.is_exact:
            return self._is_open(claim)
        if claim.effect not in _OTHER_WAY.values():
            return True
        return any(
            self._work_changes(claim, commit) or self._is_labelled_elsewhere(claim, commit)
            for commit in range(claim.first, claim.last + 1)
        )

    def _work_changes(self, claim: Claim, commit: int) -> bool:
        """Whether an exact series that has to do with it changes noticeably: one of the same
        class, in the same cell, or anywhere one of the group that counts its work."""
        owner = claim.series.name.rpartition(".")[0]
        group = COUNTED.get(claim.series.group, claim.series.group)
        for name, series in self._series.items():
            is_own = name.rpartition(".")[0] == owner
            if not series.series.is_exact or not (is_own or series.series.group == group):
                continue
            cells: Iterable[int] = range(len(series.series.cells))
            if is_own and series.series.cells == claim.series.cells:
                cells = [claim.cell]
            if any(_changes(series, commit, cell) for cell in cells):
                return True
        return False

    def _is_labelled_elsewhere(self, claim: Claim, commit: int) -> bool:
        """Whether the commit is labelled to do the same to a series of the same group."""
        return any(
            truth.commit == commit
            and truth.effect is claim.effect
            and (truth.series.kind, truth.series.group) == (claim.series.kind, claim.series.group)
            for truth in self.truths
        )


def _effect(change: Change) -> Effect:
    was = change.before.status
    match change.kind:
        case ChangeKind.VALUE:
            return _OTHER_WAY[change.verdict]
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


def _distance(truth: Truth, claim: Claim) -> int:
    """How many commits a claim is off. The range of an exact one is what was not measured: a claim
    is near to all of it."""
    off = abs(truth.commit - claim.commit)
    is_within = claim.first <= truth.commit <= claim.last
    return min(off, NEAR) if is_within and claim.series.is_exact else off


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
