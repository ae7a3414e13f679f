"""Doing the same for several commits at the same time, which an interrupt ends at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from unladen.asv_bridge import processes
from unladen.measure.cores import cores

Item = TypeVar("Item")
Result = TypeVar("Result")

_STEP = 0.05


def at_once(do: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """What ``do`` gives for each of ``items``, in a thread each. Where one raises, or an interrupt
    comes, the processes that the others wait for are ended."""
    with ThreadPoolExecutor(max_workers=max(len(items), 1)) as threads:
        under_way = [threads.submit(do, item) for item in items]
        try:
            return [one.result() for one in under_way]
        except BaseException:
            while wait(under_way, _STEP).not_done:
                processes.end_all()
            raise


def on_each_side(do: Callable[[int], Result], sides: Sequence[int]) -> dict[int, Result]:
    """What ``do`` gives for each side: at the same time if each can have a core, so that whatever
    else the machine does meets all of them; else for one after the other, in this order."""
    if len(sides) > cores():
        return {side: do(side) for side in sides}
    return dict(zip(sides, at_once(do, sides), strict=True))
