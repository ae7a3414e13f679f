"""Who holds a lock while others wait for it: of ``asyncio``'s locks, semaphores and conditions.

Kind: exact. Unit: the loop's seconds.
Cost: some microseconds each time that one is asked for; part of ``meters.critical_path``.
Blind spots: locks of other libraries, queues that are used as a pool, and threads' locks. Where
somebody else gives a lock free than who asked for it, it is taken to be the hold that began first.
"""

from __future__ import annotations

from asyncio import locks
from dataclasses import dataclass
from types import FrameType
from typing import Any, Generic, TypeVar

P = TypeVar("P")


def _codes(*functions: Any) -> frozenset[int]:
    return frozenset(id(one.__code__) for one in functions)


# By identity, for to compare code objects takes longer.
MAKES = _codes(locks.Lock.__init__, locks.Semaphore.__init__)
ASKS = _codes(locks.Lock.acquire, locks.Semaphore.acquire)
GIVES = _codes(locks.Lock.release, locks.Semaphore.release)
HEARD = MAKES | ASKS | GIVES
"""The code of what makes a lock, asks for it and gives it free, whose ``self`` is the lock."""


@dataclass(slots=True, eq=False)
class LockHold(Generic[P]):
    """Of who asked for a lock at ``place`` and has it ``since`` then. ``made``: where the lock was
    made; None of a place that is not known."""

    place: P | None
    made: P | None
    since: float


class LockHolds(Generic[P]):
    """Who holds which lock, and who asks for it, by their addresses: a new one there replaces what
    is said of the old one, and none is kept alive."""

    def __init__(self) -> None:
        self._made: dict[int, P | None] = {}
        self._held: dict[int, dict[int, LockHold[P]]] = {}

    def heard(self, code: int, lock: int, task: int, place: P | None, now: float) -> None:
        """A lock is made, or a task asks for it, in code that was called at ``place``."""
        if code in MAKES:
            self._made[lock] = place
            self._held.pop(lock, None)
        elif code in ASKS:
            holds = self._held.setdefault(lock, {})
            holds.pop(task, None)
            holds[task] = LockHold(place, self._made.get(lock), now)

    def goes_on(self, lock: int, task: int, now: float) -> None:
        """A task that waited for a lock goes on."""
        asked = self._held.get(lock, {}).get(task)
        if asked is not None:
            asked.since = now

    def given(self, lock: int, task: int) -> LockHold[P] | None:
        """A task gives a lock free: the hold that ends, None if it is not known."""
        holds = self._held.get(lock, {})
        return holds.pop(task, None) or _oldest(holds)


def _oldest(holds: dict[int, LockHold[Any]]) -> LockHold[Any] | None:
    first = next(iter(holds), None)
    return None if first is None else holds.pop(first)


def lock_of(frame: FrameType) -> int:
    """The address of the lock that a frame waits for; 0 if it waits for none."""
    return id(frame.f_locals["self"]) if id(frame.f_code) in ASKS else 0
