"""How many series a commit changed, by what it did to them: the numbers in lists and badges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from unladen.changes.by_commit import CommitChanges, Item
from unladen.changes.model import ChangeKind, Direction
from unladen.store.bounds import Count


@dataclass(frozen=True)
class Counts:
    """Series by what a commit did to them. ``broken`` ones, which fail or go wrong, are not among
    the ``regressions``; what works or is right again is an improvement. ``suspected``: for better
    or worse, but not settled; they are in no other number, nor are minor changes, except in
    ``minor``."""

    regressions: Count = 0
    improvements: Count = 0
    broken: Count = 0
    suspected: Count = 0
    minor: Count = 0


def count(commit: CommitChanges) -> Counts:
    """Count the series that a commit changed."""
    items = [item for item in commit.items if not item.is_dismissed]
    major = [item for item in items if not item.is_minor]
    settled = [item for item in major if item.is_settled]
    worse = [item for item in settled if item.biggest.direction is Direction.REGRESSION]
    broken = [item for item in worse if item.biggest.kind in (ChangeKind.BROKE, ChangeKind.WRONG)]
    return Counts(
        regressions=_series(item for item in worse if item not in broken),
        improvements=_series(i for i in settled if i.biggest.direction is Direction.IMPROVEMENT),
        broken=_series(broken),
        suspected=_series(item for item in major if not item.is_settled),
        minor=_series(item for item in items if item.is_minor),
    )


def _series(items: Iterable[Item]) -> int:
    return len({series.name for item in items for series in item.series})
