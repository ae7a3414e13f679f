"""Looking at memory where a ``meters.memory`` call reads its levels, before it and after it: what
``meters.allocation_sites`` and ``meters.holders`` have in common.

What is read stays the same but for some ten bytes: what the first look takes is there at both
readings.
"""

import gc
from abc import ABC, abstractmethod
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from meters import memory

L = TypeVar("L")
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class LookedAtCall(Generic[F]):
    """What one call retains: ``retained`` bytes, as it says; ``found``: what two looks say of them,
    None if nobody looked."""

    retained: int
    found: F | None


class CallLooks(ABC, Generic[L, F]):
    """``calls``: what each ``memory.traced`` call retains, in order, those of processes that were
    forked for a measurement among them."""

    def __init__(self, only: int | None = None) -> None:
        """``only``: the number of the one call that is looked at, from 0; None: each is."""
        self.calls: list[LookedAtCall[F]] = []
        self._only = only
        self._earlier = 0
        self._before: L | None = None

    @abstractmethod
    def look(self, earlier: L | None) -> L:
        """Look at memory; ``earlier``: the look that this one will be compared with, if any."""

    @abstractmethod
    def compared(self, before: L, after: L) -> F:
        """What there is more, or less, at a look than at an earlier one."""

    def forked(self) -> None:
        """What another process recorded before is its own."""
        self._earlier += len(self.calls)
        self.calls.clear()

    def witnessed(self) -> list[LookedAtCall[F]]:
        """What this process recorded."""
        return self.calls

    def learn(self, witnessed: list[LookedAtCall[F]]) -> None:
        """Keep what a process recorded that was forked from this one."""
        self.calls += witnessed

    def read(self, readings: "array[int]", index: int) -> None:
        """In place of ``memory``'s reading."""
        is_looked_at = self._only in (None, self._earlier + len(self.calls))
        if index == 0 and is_looked_at:
            self._before = self.look(None)
            gc.collect()
        _plain_reading(readings, index)
        if index == 0:
            return
        found = None
        if self._before is not None:
            found = self.compared(self._before, self.look(self._before))
            self._before = None
        self.calls.append(LookedAtCall(readings[index] - readings[0], found))


class UnseenCalls(CallLooks[None, None]):
    """Calls that nobody looks at: only what they retain."""

    def look(self, earlier: None) -> None:
        """Nothing is looked at."""

    def compared(self, before: None, after: None) -> None:
        """Nothing was seen."""


_plain_reading = memory._read_level


@contextmanager
def looking(kept: CallLooks[L, F]) -> Iterator[None]:
    """Within the block, look where ``memory.traced`` calls read their levels."""
    memory._read_level = kept.read
    try:
        yield
    finally:
        memory._read_level = _plain_reading
