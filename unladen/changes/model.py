"""A change of one value between two measured commits."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from unladen.repo.commits import Commit
from unladen.store.readings import Reading
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo
from unladen.store.triage import TriageEntry, TriageWord


class ChangeKind(enum.Enum):
    """What happened."""

    VALUE = "value"
    """A number became another one."""
    BROKE = "broke"
    """It fails where it did not (from a number, or from n/a)."""
    WRONG = "goes wrong"
    """It gives a number, but what was measured did not do what was asked, where it did, or was n/a
    or failed."""
    WORKS = "works again"
    """It failed and gives a number."""
    RIGHT = "right again"
    """It gave the number of a wrong outcome and gives that of a right one."""
    APPEARS = "appears"
    """It was n/a and gives a number."""
    DISAPPEARS = "disappears"
    """It is n/a where it was not."""


class Direction(enum.Enum):
    """For whom is it good. To appear and to disappear is neither."""

    REGRESSION = "regression"
    IMPROVEMENT = "improvement"
    NEITHER = "neither"


class State(enum.Enum):
    """How sure it is. Changes of exact series are certain unless the driver changed with them,
    those of sampled ones are suspected until the two commits have been measured again side by
    side."""

    CERTAIN = "certain"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    """Measuring side by side showed it too."""
    CLEARED = "cleared"
    """Measuring side by side showed that it is none."""
    HOST = "host"
    """The machine changed its speed at the same time, by as much; or the commits on both sides run
    the same code."""
    DRIVER = "driver"
    """The two commits were measured through different drivers: whose doing it is, nobody knows."""
    DRIFT = "drift"
    """The level moves slowly over many commits, from the first that is suspected to the last, with
    no step at any of them."""
    NOISE = "noise"
    """Somebody said that it is none (``unladen.store.triage``)."""


SETTLED = frozenset({State.CERTAIN, State.CONFIRMED})
"""States of what is a fact."""

IS_NONE = frozenset({State.CLEARED, State.HOST, State.DRIVER, State.DRIFT, State.NOISE})
"""States of what is no change of the commit's."""


@dataclass(frozen=True)
class Drift:
    """Several small changes of one cell the same way in close succession.

    ``commits``: those that took a step, oldest first. ``first_suspect``: as for a ``Change``, of
    the first step. ``before`` the first and ``after`` the last one. ``triage``: what somebody said
    of its last step.
    """

    series: SeriesInfo
    cell: Params
    commits: Sequence[Commit]
    before: float
    after: float
    direction: Direction
    first_suspect: Commit
    undone_by: Commit | None
    triage: TriageEntry | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether somebody said that it may stay so."""
        return self.triage is not None and self.triage.said is TriageWord.ACCEPTED

    @property
    def ratio(self) -> float | None:
        """``after`` over ``before``; None if that says nothing (0 before, or another sign)."""
        return ratio(self.before, self.after)


@dataclass(frozen=True)
class Evidence:
    """What a change of a sampled series rests on.

    ``spread``: how far readings lie from their level, typically, relatively; None if that says
    nothing. ``readings_before``, ``readings_after``: how many readings have the level before and
    the one after. ``p``: how often readings of one level look as unusual as the whole series does.
    ``follows``: the exact series whose change at this commit explains it, at least in part.
    """

    spread: float | None
    readings_before: int
    readings_after: int
    p: float
    follows: str = ""


@dataclass(frozen=True)
class Change:
    """One cell of a series reads otherwise than at the last commit where it was measured.

    ``commit``: the first that shows it. ``first_suspect``: the first commit that may have done
    it: the same as ``commit``, or an earlier one if those in between were not measured.
    ``undone_by``: the later commit at which it is gone: the value is back, wholly or all but a
    tenth of the difference, or better (for an improvement: or worse); it works again, fails
    again, and so on. What a wrong outcome has is no value that is back. ``value_before_failure``,
    of what works or is right again: the last right value that it had.
    ``drift``: the slow drift that it is a step of.

    Of a sampled series ``before`` and ``after`` are levels, and ``commit`` is the likeliest of
    those from ``first_suspect`` to ``last_suspect`` (None: ``commit`` is the last one).

    ``triage``: what somebody said of it.
    """

    series: SeriesInfo
    cell: Params
    kind: ChangeKind
    direction: Direction
    state: State
    before: Reading
    after: Reading
    commit: Commit
    first_suspect: Commit
    undone_by: Commit | None = None
    value_before_failure: float | None = None
    drift: Drift | None = None
    last_suspect: Commit | None = None
    evidence: Evidence | None = None
    triage: TriageEntry | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether somebody said that it may stay so."""
        return self.triage is not None and self.triage.said is TriageWord.ACCEPTED

    @property
    def is_open(self) -> bool:
        """Whether nothing undid it, and nobody said that it may stay so."""
        return self.undone_by is None and not self.is_accepted

    @property
    def ratio(self) -> float | None:
        """Value after over value before; None if there is none, or if it says nothing, as of
        codes."""
        return None if self.series.codes else ratio(self.before.value, self.after.value)

    @property
    def is_explainable(self) -> bool:
        """Whether an exact figure went from one value to another, which has parts."""
        has_both = self.before.status.has_value and self.after.status.has_value
        return self.state in SETTLED and self.series.is_exact and has_both


def ratio(before: float | None, after: float | None) -> float | None:
    """``after / before``; None without both, and where before is 0 or the sign changes."""
    if before is None or after is None or before == 0 or before * after < 0:
        return None
    return after / before
