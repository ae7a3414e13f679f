"""Doing the same for several commits at the same time, which an interrupt ends at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from unladen.asv_bridge import processes

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
