"""Calls made: hand-counted programs, coroutines, and the same number in every process."""

import _thread
import asyncio
import gc
import sys
import types
from collections.abc import AsyncIterator, Callable, Generator
from functools import partial
from types import FrameType
from typing import Any

import pytest
from fresh_process import AGENT_LIKE_PROGRAM, printed_by

from meters import calls as meter
from meters.calls import Calls, count


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


def in_both_ways(work: Callable[[], object]) -> tuple[Calls[object], Calls[object]]:
    return meter._told_at_the_end(work), meter._told_of_each(work, ())


only_3_11 = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="CPython's profiler in C counts as here up to 3.11"
)


@only_3_11
def test_the_profiler_in_c_counts_what_a_function_counts_that_is_told_of_each_event() -> None:
    class Failing:
        def __iter__(self) -> Generator[int, None, None]:
            yield from sorted({3, 1, 2}, key=lambda n: -n)
            raise KeyError(str(self.__class__))

    async def one(number: int) -> int:
        await asyncio.sleep(0)
        try:
            return sum(Failing())
        except KeyError as error:
            return len(repr(error)) + number
        finally:
            with pytest.raises(ValueError, match="invalid"):
                int("x")

    async def many() -> list[int]:
        async def numbers() -> AsyncIterator[int]:
            for each in map(int, "123"):
                yield each

        cut = asyncio.ensure_future(asyncio.sleep(9))
        await asyncio.sleep(0)
        cut.cancel()
        return [*await asyncio.gather(*map(one, range(3))), *[each async for each in numbers()]]

    def work() -> list[int]:
        return asyncio.run(many())

    work()
    at_the_end, of_each = in_both_ways(work)
    assert at_the_end == of_each
    assert at_the_end.total > 100


@only_3_11
def test_another_thread_that_takes_over_the_profile_function_is_counted() -> None:
    # Without the waits of `threading`, which are as many as they happen to be.
    def elsewhere(profile: Any, done: Any) -> None:
        sys.setprofile(profile)
        outer()
        sys.setprofile(None)
        done.release()

    def work() -> None:
        done = _thread.allocate_lock()
        done.acquire()
        _thread.start_new_thread(elsewhere, (sys.getprofile(), done))
        done.acquire()

    at_the_end, of_each = in_both_ways(work)
    assert (at_the_end.python, at_the_end.c) == (of_each.python, of_each.c) == (4, 10)


@only_3_11
def test_a_profile_function_that_is_taken_away_for_a_while_counts_on() -> None:
    def work() -> None:
        inner()
        profile = sys.getprofile()
        sys.setprofile(None)
        inner()
        sys.setprofile(profile)
        outer()

    at_the_end, of_each = in_both_ways(work)
    assert (at_the_end.python, at_the_end.c) == (of_each.python, of_each.c)


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
