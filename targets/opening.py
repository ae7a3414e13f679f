"""Opening what a driver offers, whether its opener is a function or a coroutine function.

    opened = capability.open(world)
    with clock_for(opened)() as clock:
        handle = finish(opened, clock)

A plain opener has done its work when ``open`` returns. A coroutine function has not begun: it runs
on the clock, and the tasks that it starts are not ended with it or with a later run.
"""

from __future__ import annotations

import inspect
from collections.abc import Coroutine
from typing import Any, TypeAlias, TypeVar, cast

from mocks.clock import LastingClock, VirtualClock

H = TypeVar("H")

Opened: TypeAlias = H | Coroutine[Any, Any, H]
"""What an opener gives when it is called."""


def clock_for(opened: Opened[H]) -> type[VirtualClock]:
    """The clock on which ``opened`` is used: one that keeps the tasks that it may start."""
    return LastingClock if inspect.iscoroutine(opened) else VirtualClock


def finish(opened: Opened[H], clock: VirtualClock) -> H:
    """What was opened. Raises what the opener raises, and ``Hang``; on ``clock_for(opened)``."""
    if not inspect.iscoroutine(opened):
        return cast(H, opened)
    if not isinstance(clock, LastingClock):
        raise TypeError("an asynchronous opener needs the clock that clock_for names")
    return cast(H, clock.open(opened))


async def finished(opened: Opened[H]) -> H:
    """The same inside a running loop, for what is used on that loop only."""
    return cast(H, await opened if inspect.iscoroutine(opened) else opened)
