"""How much of what commits changed stands at the newest measured commit, and how many changed
something for better or worse.

Whatever says *fixed*, *still there* or *so many commits regressed* asks here: a commit is fixed
when all of its changes that are told are undone, never when only the biggest is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from unladen.changes.by_commit import CommitChanges, HistoryChanges, Item
from unladen.changes.model import Change, Direction
from unladen.repo.commits import Commit
from unladen.text.counts import count_text

UNDONE_WORDS = {
    Direction.REGRESSION: "fixed",
    Direction.IMPROVEMENT: "lost",
    Direction.NEITHER: "until",
}
"""What it is called that a change is undone."""


class Undoable(Protocol):
    """A change or a drift."""

    @property
    def undone_by(self) -> Commit | None:
        """The later commit at which it is gone."""

    @property
    def is_accepted(self) -> bool:
        """Whether somebody said that it may stay so."""


@dataclass(frozen=True)
class Standing:
    """``there``: how many of ``of`` changes stand, and are open; ``undone_by``: the commit at which
    all are gone, None if one stands, or they went at several commits. ``accepted``: how many stand
    and may, as somebody said."""

    there: int
    of: int
    undone_by: Commit | None
    accepted: int = 0

    @property
    def is_undone(self) -> bool:
        """Whether none stands, open or accepted."""
        return not self.there and not self.accepted

    def words(self, direction: Direction) -> str:
        """``fixed 1a2b3c4d``, ``12 of 57 still there``, ``accepted``; "" if all stand."""
        if self.there == self.of:
            return ""
        if self.there:
            return f"{self.there} of {self.of} still there"
        if self.accepted:
            return "accepted" if self.accepted == self.of else f"{self.accepted} accepted"
        return " ".join(
            [UNDONE_WORDS[direction], *([self.undone_by.short] if self.undone_by else [])]
        )


@dataclass(frozen=True)
class CommitCounts:
    """The commits that changed something for better, or for worse. ``there``: those of which
    something stands and is open; ``drifts``, ``drifts_there``: slow drifts likewise, whose steps
    are among the commits. ``accepted``: the commits of which all that stands is accepted."""

    commits: int
    there: int
    drifts: int
    drifts_there: int
    accepted: int = 0

    def words(self) -> str:
        """``64 commits, 12 of them still there or in part; 2 slow drifts``."""
        said = count_text(self.commits, "commit")
        if 0 < self.there < self.commits:
            said += f", {self.there} of them still there, at least in part"
        elif not self.there and self.commits:
            said += ", nothing of it still there" if not self.accepted else ""
        if self.accepted:
            said += f", {self.accepted} accepted"
        if self.drifts:
            said += f"; {count_text(self.drifts, 'slow drift')}"
        return said


def standing(changes: Iterable[Undoable]) -> Standing:
    """How many of some changes stand at the newest measured commit."""
    found = [(change.undone_by, change.is_accepted) for change in changes]
    stand = [is_accepted for end, is_accepted in found if end is None]
    by = {end.hash: end for end, _ in found if end is not None}
    only = next(iter(by.values())) if not stand and len(by) == 1 else None
    return Standing(stand.count(False), len(found), only, stand.count(True))


def is_told(item: Item, direction: Direction) -> bool:
    """Whether an item counts as a change in this direction: a fact, and not minor."""
    return item.biggest.direction is direction and item.is_settled and not item.is_minor


def told_items(commit: CommitChanges, direction: Direction) -> list[Item]:
    """The items of a commit that count in this direction (``is_told``), the steps of drifts among
    them."""
    return [item for item in commit.items if is_told(item, direction)]


def told(commit: CommitChanges, direction: Direction) -> list[Change]:
    """The changes of these items."""
    return [change for item in told_items(commit, direction) for change in item.changes]


def count_commits(history_changes: HistoryChanges, direction: Direction) -> CommitCounts:
    """Count the commits with such changes, and the drifts."""
    found = [
        standing(changes) for one in history_changes.commits if (changes := told(one, direction))
    ]
    drifts = [
        standing(one.drifts)
        for one in history_changes.drifts
        if one.drifts[0].direction is direction
    ]
    return CommitCounts(
        commits=len(found),
        there=sum(one.there > 0 for one in found),
        drifts=len(drifts),
        drifts_there=sum(one.there > 0 for one in drifts),
        accepted=sum(one.accepted > 0 and not one.there for one in found),
    )
