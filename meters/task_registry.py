"""asyncio's registry of tasks, kept from growing inside a measurement.

asyncio keeps all tasks of all loops in one weak set, whose table grows at a moment that depends on
the addresses of tasks long dead: with 1,000 tasks at once, 64 kB came up in about half of the
processes. It is asyncio's memory and no SDK's, so it gets its room beforehand.

Cost: about 2 ms and 2 MB while it lasts. Blind spots: more than 50,000 tasks in one measurement may
make the table grow after all; Python 3.14 keeps its own tasks elsewhere.
"""

import asyncio
from collections import deque
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

_FILLERS = 20_000
"""CPython gives a set of so many members a table that has room for three times as many more."""


class RoomyTaskRegistry:
    """Context manager: room for 50,000 further tasks; afterwards as small as its content."""

    def __init__(self) -> None:
        tasks: Any = asyncio.tasks
        # Renamed in Python 3.12.
        name = "_scheduled_tasks" if hasattr(tasks, "_scheduled_tasks") else "_all_tasks"
        self._registry: Any = getattr(tasks, name)

    def __enter__(self) -> Self:
        fillers = _fillers()
        roomy: set[Any] = set(fillers)
        # Discarded one by one, a set keeps its table; cleared at once it would not.
        deque(map(roomy.discard, fillers), maxlen=0)
        roomy |= self._registry.data
        self._registry.data = roomy
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._registry.data = set(self._registry.data)


@lru_cache(maxsize=1)
def _fillers() -> tuple[int, ...]:
    """Made once in a process: where allocations are traced, each of them takes long."""
    return tuple(range(_FILLERS))
