"""Meters see what threads do on a machine, as if the loop's thread did it."""

from __future__ import annotations

import asyncio
import sys
import time

import pytest
from machines import machine

from meters.bytecodes import BytecodeCounter


def work(turns: int) -> int:
    total = 0
    for _ in range(turns):
        for each in range(100):
            total += each
        time.sleep(0.1)
    return total


async def in_threads(turns: int) -> list[int]:
    return await asyncio.gather(*(asyncio.to_thread(work, turns) for _ in range(3)))


def counted(turns: int) -> tuple[int, int]:
    with machine(step_cpu_s=None) as on:
        on.clock.run(in_threads(turns))
        with BytecodeCounter(inside=[__file__]) as counter:
            on.clock.run(in_threads(turns))
        return counter.inside, counter.total


pytestmark = pytest.mark.skipif(
    sys.version_info[:2] == (3, 12), reason="CPython 3.12 crashes when a second thread is traced"
)


@pytest.mark.slow
@pytest.mark.parametrize("turns", [1, 3])
def test_bytecodes_of_threads_are_counted_and_repeat(turns: int) -> None:
    first, second = counted(turns), counted(turns)
    assert first == second
    assert first[0] > 3 * turns * 100 * 4


@pytest.mark.slow
def test_a_thread_costs_the_same_whatever_turn_it_takes() -> None:
    one, three = counted(1)[0], counted(3)[0]
    assert three - one == (counted(5)[0] - three)
