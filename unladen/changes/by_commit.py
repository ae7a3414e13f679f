"""Changes put in order for people: by commit, those that matter most first."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from unladen.changes.model import IS_NONE, SETTLED, Change, ChangeKind, Direction, Drift, State
from unladen.history.history import History
from unladen.repo.commits import Commit
from unladen.store.series import SeriesInfo

MINOR_RATIO = 0.005
MINOR_EXPONENT = 0.05
MINOR_STEP = 0.03
"""Below these a change in another group is minor: it is counted, and shown last. Of sampled series
every step below ``MINOR_STEP`` is."""

MINOR_KEPT = {"bytes": 16, "objects": 0.5}
"""What is kept of a run and is less is minor, where before or after nothing was: by unit. No object
of CPython is smaller than 16 bytes; less for each run is what some runs happen to leave."""


@dataclass(frozen=True)
class Item:
    """Changes of one commit that one line says: the same kind, direction and state, of which the
    same was said, in one series
    (of codes: from the same one to the same one), or in one benchmark class if there are no two
    numbers to compare. ``changes``: biggest first."""

    changes: Sequence[Change]

    @property
    def biggest(self) -> Change:
        """The change whose values are shown."""
        return self.changes[0]

    @property
    def series(self) -> list[SeriesInfo]:
        """The series concerned, without repetition."""
        return list({change.series.name: change.series for change in self.changes}.values())

    @cached_property
    def is_minor(self) -> bool:
        """Whether not even the biggest change is worth a line of its own."""
        return is_minor(self.biggest)

    @property
    def is_settled(self) -> bool:
        """Whether it is a fact."""
        return self.biggest.state in SETTLED

    @property
    def is_dismissed(self) -> bool:
        """Whether it was found to be no change of the commit's."""
        return self.biggest.state in IS_NONE


@dataclass(frozen=True)
class CommitChanges:
    """What a commit changed. ``items``: the most important first."""

    commit: Commit
    changes: Sequence[Change]
    items: Sequence[Item]

    @property
    def is_minor(self) -> bool:
        """Whether nothing in it is worth a line of its own."""
        return all(item.is_minor for item in self.items)


@dataclass(frozen=True)
class DriftItem:
    """Drifts of one series that took their steps at the same commits; biggest first."""

    drifts: Sequence[Drift]


@dataclass(frozen=True)
class HistoryChanges:
    """``commits``: newest first, only those that changed something; ``quiet``: the number of
    measured commits that did not; ``drifts``: biggest first."""

    history: History
    commits: Sequence[CommitChanges]
    quiet: int
    drifts: Sequence[DriftItem]


def group_changes(
    history: History, changes: Iterable[Change], selected: Collection[str] | None = None
) -> HistoryChanges:
    """Put changes of a history in order. ``selected``: only those of commits with these hashes."""
    by_commit: dict[str, list[Change]] = defaultdict(list)
    drifts: dict[tuple[str, Direction, tuple[str, ...]], dict[tuple[str, ...], Drift]]
    drifts = defaultdict(dict)
    for change in changes:
        if selected is not None and change.commit.hash not in selected:
            continue
        by_commit[change.commit.hash].append(change)
        if (drift := change.drift) is not None:
            steps = tuple(commit.hash for commit in drift.commits)
            drifts[drift.series.name, drift.direction, steps][drift.cell] = drift
    looked_at = {
        commit.hash
        for commit, measured in zip(history.commits, history.measured, strict=True)
        if measured and (selected is None or commit.hash in selected)
    }
    return HistoryChanges(
        history,
        [
            CommitChanges(commit, by_commit[commit.hash], _items(by_commit[commit.hash]))
            for commit in reversed(history.commits)
            if commit.hash in by_commit
        ],
        len(looked_at - by_commit.keys()),
        sorted(
            (DriftItem(sorted(d.values(), key=drift_size, reverse=True)) for d in drifts.values()),
            key=lambda item: (-drift_size(item.drifts[0]), item.drifts[0].series.name),
        ),
    )


def importance(item: Item) -> tuple[bool, int, float, bool, str]:
    """Sorts items, the most important first.

    What broke or goes wrong, and outcomes that are not as expected any more; what works or is right
    again, and outcomes that are; what appeared or disappeared; then what users feel; then by size,
    a regression before an improvement. Minor ones come last.
    """
    change = item.biggest
    is_good = change.direction is not Direction.REGRESSION
    name = change.series.name
    return item.is_minor, tier(change), -size(change), is_good, name


def best_of_commits(
    commits: Iterable[CommitChanges],
    counts: Callable[[Item], bool],
    order: Callable[[Item], Any] = importance,
) -> list[tuple[CommitChanges, Item]]:
    """Of each commit with items that count the most important of these, and the commit; the most
    important first. ``order``: sorts the items of a commit, the one to take first."""
    found = []
    for commit in commits:
        if items := [item for item in commit.items if counts(item)]:
            found.append((commit, min(items, key=order)))
    return sorted(found, key=lambda pair: importance(pair[1]))


STEPS_TIER = 4
"""The ``tier`` of what is told by its size alone, such as a drift."""


_TIERS = {
    ChangeKind.BROKE: 0,
    ChangeKind.WRONG: 0,
    ChangeKind.WORKS: 1,
    ChangeKind.RIGHT: 1,
    ChangeKind.APPEARS: 2,
    ChangeKind.DISAPPEARS: 2,
}


def tier(change: Change) -> int:
    """How much its kind matters, 0 most, whatever its size (``importance``)."""
    if change.kind is not ChangeKind.VALUE:
        return _TIERS[change.kind]
    was, now = (
        change.series.is_expected(change.cell, reading.value)
        for reading in (change.before, change.after)
    )
    if was != now:
        return 1 if now else 0
    return 3 if change.series.is_behaviour else STEPS_TIER


def size(change: Change) -> float:
    """How big a change is: the logarithm of its ratio, infinite if there is no ratio; for a
    growth exponent, and for codes, the difference."""
    return _size(change.series, change.before.value, change.after.value, change.ratio)


def drift_size(drift: Drift) -> float:
    """How big a drift is, as ``size``."""
    return _size(drift.series, drift.before, drift.after, drift.ratio)


def is_minor(change: Change) -> bool:
    """Whether a change is too small to be worth a line: below ``MINOR_RATIO`` of work or memory,
    below ``MINOR_EXPONENT`` of growth, below ``MINOR_STEP`` of a sampled series, or no change of
    the commit's after all. Memory that begins or ceases to be kept, of which no ratio tells, is
    minor below ``MINOR_KEPT``."""
    if change.state in IS_NONE:
        return True
    if change.kind is ChangeKind.VALUE and not change.series.is_exact:
        return size(change) < math.log1p(MINOR_STEP)
    if change.kind is not ChangeKind.VALUE or change.series.is_behaviour:
        return False
    limit = MINOR_EXPONENT if change.series.is_of_exponents else math.log1p(MINOR_RATIO)
    return size(change) < limit or _is_hardly_kept(change)


def _is_hardly_kept(change: Change) -> bool:
    before, after = change.before.value, change.after.value
    least = MINOR_KEPT.get(change.series.unit)
    if least is None or before is None or after is None or change.series.group != "memory":
        return False
    return (before <= 0 or after <= 0) and abs(after - before) < least


def _size(
    series: SeriesInfo, before: float | None, after: float | None, ratio: float | None
) -> float:
    if before is not None and before == after:
        return 0.0  # what goes wrong, or is right again, may do so at the same figure
    is_difference = series.is_of_exponents or series.codes
    if is_difference and before is not None and after is not None:
        return abs(after - before)
    return math.inf if not ratio else abs(math.log(ratio))


def _items(changes: Sequence[Change]) -> list[Item]:
    groups: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for change in changes:
        said = change.triage and change.triage.text
        groups[change.kind, change.direction, change.state, said, *_told_of(change)].append(change)
    # Sorting is stable: among changes of one size, cells stay in the order of the benchmark.
    items = [Item(sorted(group, key=size, reverse=True)) for group in groups.values()]
    return sorted(items, key=lambda item: (item.is_minor, _is_open(item), importance(item)))


def _told_of(change: Change) -> tuple[object, ...]:
    """What changes that are told together have in common."""
    name = change.series.name
    if not (change.before.status.has_value and change.after.status.has_value):
        return (name.rpartition(".")[0],)
    return (name, change.before, change.after) if change.series.codes else (name,)


def _is_open(item: Item) -> bool:
    """Whether it is no more than a suspicion: in its commit, what is certain comes first."""
    return item.biggest.state is State.SUSPECTED
