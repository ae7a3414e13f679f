"""What is due at the same instant has no order: both orders are tried, and the worse one counts.

Timers of the same instant fire first armed first, or last armed first
(``mocks.clock.ReversedLoop``). Where a figure differs between the two, no program can rely on the
better one, and a commit that only arms its timers in another order has not changed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Generic, TypeVar

from benchmarks.core.notes import note
from benchmarks.core.schedules import current_trial
from mocks.model import ReversedWakeups, ScheduledWakeups, Wakeups

T = TypeVar("T")
N = TypeVar("N", int, float)

_REVERSED = ContextVar("ties are reversed", default=False)

SAME_S = 1e-6
"""Up to which two figures are the same: the reversed clock rounds instants to the nanosecond."""


def are_reversed() -> bool:
    """Whether timers of the same instant fire last armed first on the clocks of rigs made now."""
    return _REVERSED.get()


def wakeups() -> Wakeups:
    """In which order models made now answer calls that are due at the same instant."""
    if current_trial() is not None:
        return ScheduledWakeups()
    return ReversedWakeups() if are_reversed() else Wakeups()


@contextmanager
def reversed_ties() -> Iterator[None]:
    """Within the block, rigs are made with the order opposite to the one before."""
    token = _REVERSED.set(not _REVERSED.get())
    try:
        yield
    finally:
        _REVERSED.reset(token)


@dataclass(frozen=True, slots=True)
class Both(Generic[T]):
    """What was measured in either order: ``first`` armed first, ``last`` armed first."""

    first: T
    last: T

    def worse(
        self,
        read: Callable[[T], N],
        *,
        higher_is_better: bool = False,
        notes: Callable[[T], str] = lambda _: "",
    ) -> N:
        """The worse of the two figures that ``read`` finds. Where they differ it is noted, besides
        what ``notes`` says of the one that counts."""
        chosen = self.chosen(read, higher_is_better=higher_is_better)
        is_tied = abs(read(self.first) - read(self.last)) > SAME_S
        told = [f"{read(each):.9g}" for each in self]
        lines = [tie(*told) if is_tied else "", notes(chosen)]
        if text := "\n".join(filter(None, lines)):
            note(text)
        return read(chosen)

    def __iter__(self) -> Iterator[T]:
        return iter((self.first, self.last))

    def chosen(self, read: Callable[[T], N], *, higher_is_better: bool = False) -> T:
        """The one with the worse figure, ``first`` if they are the same."""
        one, other = read(self.first), read(self.last)
        is_worse = other < one if higher_is_better else other > one
        return self.last if is_worse and abs(other - one) > SAME_S else self.first


def both(measure: Callable[[], T]) -> Both[T]:
    """Measure in either order; once, if a schedule chooses it (``benchmarks.core.schedules``).
    Raises what ``measure`` raises, and says if it was in the second."""
    first = measure()
    if current_trial() is not None:
        return Both(first, first)
    try:
        with reversed_ties():
            return Both(first, measure())
    except Exception as error:
        error.add_note("It happened when timers due at the same instant fire last armed first.")
        raise


def tie(one: str, other: str) -> str:
    """Says that something depends on the order; empty if it does not."""
    return (
        "" if one == other else f"{one} or {other}, by the order of timers due at the same instant"
    )
