"""Work with a peak, and what ``meters.peak_sites`` tells of it: prints JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Coroutine
from typing import Any

from meters import memory
from meters.allocation_sites import tracing_frames
from meters.peak_sites import PeakMoment, PeakSteps, searching

KEPT: list[bytes] = []


async def small() -> None:
    KEPT.append(bytes(10_000))
    await asyncio.sleep(0)


async def big() -> None:
    for size in (50_000, 200_000, 30_000):
        table = bytearray(size)
        await asyncio.sleep(0)
        text = bytes(table)  # the peak: both are alive
        del text
        del table


async def copies() -> None:
    table = bytearray(100_000)
    await asyncio.sleep(0)
    assert len(table) == len(bytes(bytes(table) + b"x")) - 1  # two copies at once, for a moment


async def several(*works: Coroutine[Any, Any, None]) -> None:
    await asyncio.gather(*works)


def run(works: list[str]) -> memory.Traced[None]:
    """The second of two such runs."""

    def work() -> None:
        asyncio.run(several(*(globals()[name]() for name in works)))

    return memory.traced(work, warm_up=work)


def step(works: list[str], *asked: Any) -> PeakSteps:
    steps = PeakSteps(*asked)
    with searching(steps):
        run(works)
    return steps


def main(works: list[str]) -> None:
    plain = run(works).peak
    (call,) = step(works).calls
    line = step(works, 0, PeakMoment(call.callback)).line
    with tracing_frames():
        alive = step(works, 0, PeakMoment(call.callback, line)).alive
    assert alive is not None
    sites = [
        [[number for file, number in site if file == __file__][:1], size]
        for site, size in alive.grown.items()
    ]
    at = next(number for file, number in alive.at if file == __file__)
    print(json.dumps({"plain": plain, "peak": call.peak, "sites": sorted(sites), "at": at}))


if __name__ == "__main__":
    main(sys.argv[1:])
