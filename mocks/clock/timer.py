"""Timers that fire in order of their numbers when they are due at the same instant."""

from mocks.clock.base import TimerBase


class Timer(TimerBase):
    """A timer handle ordered by instant, then by number: by creation, or against it.

    On a real loop two equal sleeps begun one after the other end in that order, because the
    clock moved a little between them. The virtual clock does not move, and a heap alone would
    return equal timers in an arbitrary order.
    """

    __slots__ = ("order",)

    order: int  # number of timers of the loop armed before; negative on a loop that reverses ties

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Timer):
            return NotImplemented
        if self._when == other._when:
            return self.order < other.order
        return self._when < other._when
