"""The same program in the other order of what is due at the same instant."""

import asyncio
import itertools
from collections.abc import Callable
from contextvars import Context
from typing import TypeVarTuple

from mocks.clock.loop import VirtualLoop

Ts = TypeVarTuple("Ts")

SAME_DIGITS = 9
"""Digits of a second that tell two instants apart."""


class ReversedLoop(VirtualLoop):
    """Virtual loop on which timers due at the same instant fire last armed first.

    Nothing orders such timers: on a real clock it is chance which of them comes first, so what
    differs between this loop and `VirtualLoop` is no fact about the program. Callbacks that are
    ready keep their order, which asyncio promises.

    Instants are rounded to the nanosecond: sums of the same decimals can differ in their last
    bits, and an order that rounding decides is no better. What a program decides by comparing two
    readings of the clock is the same on both loops.
    """

    def __init__(self, *, thread_patience: float = 10.0) -> None:
        super().__init__(thread_patience=thread_patience)
        self._orders = itertools.count(0, -1)

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Arm a timer for the virtual instant `when`. See `asyncio.loop.call_at`."""
        if when is not None:
            when = round(float(when), SAME_DIGITS)
        timer = super().call_at(when, callback, *args, context=context)
        if timer._source_traceback:  # type: ignore[attr-defined]
            del timer._source_traceback[-1]  # type: ignore[attr-defined]
        return timer
