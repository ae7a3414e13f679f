"""What a piece of work that should leave nothing behind leaves behind: bytes, and objects by type.

Kind: exact. Unit: bytes; objects.
Cost: that of ``meters.memory``, and two walks over all objects that the cyclic collector knows
(10 ms with 60 000 objects).
Blind spots: those of ``meters.memory``. Objects are counted only if the collector tracks them:
strings, bytes and numbers are not, nor are tuples and dictionaries that hold nothing else. The
tables of dictionaries and lists grow in steps, so bytes per piece of work are an average; do the
work often enough. That of the names in code is brought to its size before and after it
(``meters.interned_names``).
"""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from meters import memory
from meters.interned_names import settle


@dataclass(frozen=True, slots=True)
class Left:
    """What is left: ``bytes``, and how many objects more there are of each type.

    Types whose number did not grow are left out; ``objects`` is the sum over the others.
    """

    bytes: int
    grown: Mapping[type, int]

    @property
    def objects(self) -> int:
        """Tracked objects of all types that grew."""
        return sum(self.grown.values())


def left_by(work: Callable[[], object], warm_up: Callable[[], object]) -> Left:
    """What ``work`` leaves behind after a full collection, its result dropped.

    ``warm_up`` does work of the same kind before it, traced but not counted: it fills caches, and
    what the work merely replaces is then not taken for left behind.
    """
    # Filled already, because the collector tracks a dictionary only once it holds something.
    before = _census()

    def run() -> None:
        work()

    def warm() -> None:
        warm_up()
        settle()
        census = _census()
        before.clear()
        before.update(census)

    held = memory.traced(run, release=settle, warm_up=warm).retained
    after = _census()
    growth = {kind: count - before.get(kind, 0) for kind, count in after.items()}
    return Left(held, {kind: more for kind, more in growth.items() if more > 0})


def _census() -> dict[type, int]:
    """Tracked objects by type. Collected twice: a collection stops tracking a tuple only if it has
    done so with what the tuple holds. No ``Counter``, which leaves weak references behind."""
    gc.collect()
    gc.collect()
    census: dict[type, int] = {}
    for each in gc.get_objects():
        kind = type(each)
        census[kind] = census.get(kind, 0) + 1
    return census
