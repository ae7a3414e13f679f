"""Calls made: hand-counted programs, coroutines, and the same number in every process."""

import asyncio
import gc
import sys
import types
from collections.abc import Generator
from functools import partial
from types import FrameType
from typing import Any

import pytest
from fresh_process import AGENT_LIKE_PROGRAM, printed_by

from meters.calls import count


def inner() -> int:
    return abs(-1)


def outer() -> int:
    values: list[int] = []
    values.append(inner())
    values.append(inner())
    return len(values)


def test_python_and_c_calls_of_a_known_function() -> None:
    calls = count(outer)
    assert (calls.python, calls.c) == (3, 5)
    assert calls.total == 8
    assert calls.result == 2


def test_a_c_function_counts_itself() -> None:
    calls = count(gc.get_count)
    assert (calls.python, calls.c) == (0, 1)


def test_every_resumption_of_a_coroutine_is_a_call() -> None:
    @types.coroutine
    def pause() -> Generator[None, None, None]:
        yield

    async def steps(n: int) -> None:
        for _ in range(n):
            await pause()

    def drive(n: int) -> None:
        coroutine = steps(n)
        for _ in range(n):
            coroutine.send(None)
        with pytest.raises(StopIteration):
            coroutine.send(None)

    def entries(n: int) -> int:
        return count(partial(drive, n)).python

    # One more pause is one more call of it, and one more resumption of it and of its awaiter.
    assert entries(9) - entries(8) == entries(21) - entries(20) == 3


def test_the_profile_function_set_before_is_set_again() -> None:
    def profiler(frame: FrameType, event: str, argument: Any) -> None:
        return None

    before = sys.getprofile()
    sys.setprofile(profiler)
    try:
        count(outer)
        after_success = sys.getprofile()
        with pytest.raises(ZeroDivisionError):
            count(lambda: 1 // 0)
        after_error = sys.getprofile()
    finally:
        sys.setprofile(before)
    assert after_success is profiler
    assert after_error is profiler


@pytest.mark.slow
def test_fresh_processes_count_the_same_whatever_the_hash_seed() -> None:
    program = AGENT_LIKE_PROGRAM + (
        "\nwork()\n"
        "from meters.calls import count\n"
        "calls = count(work)\n"
        "print(calls.python, calls.c)\n"
    )
    printed = {printed_by(program, seed) for seed in ("0", "1", "4242", "random")}
    assert len(printed) == 1
    assert all(int(number) > 100 for number in printed.pop().split())


def test_asyncio_work_is_seen() -> None:
    assert count(lambda: asyncio.run(asyncio.sleep(0))).python > 10
