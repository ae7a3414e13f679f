"""Attribution: what is counted stays the same, adds up, and lies where it was caused."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from meters import bytecodes
from meters.attribution import Context, line_at
from meters.bytecodes import count
from meters.recorded_blocks import Recording, recording


def leaf(n: int) -> int:
    total = 0
    for i in range(n):
        total += i
    return total


def numbers(n: int) -> Iterator[int]:
    for i in range(n):
        yield leaf(i)


def branch(n: int) -> int:
    return leaf(n) + sum(numbers(n)) + len(str(n))


async def wait_and_work(n: int) -> int:
    await asyncio.sleep(0)
    return leaf(n)


async def spread() -> int:
    tasks = [asyncio.create_task(wait_and_work(n)) for n in (3, 4)]
    return sum(await asyncio.gather(*tasks))


def calls_back(times: int) -> None:
    loop = asyncio.get_running_loop()
    if times:
        loop.call_soon(calls_back, times - 1)


async def ticks() -> None:
    calls_back(20)
    for _ in range(25):
        await asyncio.sleep(0)


def kept_of(call: Callable[[], Any], own: bool = False) -> tuple[int, Recording]:
    with recording(lambda file: own and file == __file__) as kept:
        total = count(call).total
    return total, kept


def names_above(context: Context) -> list[str]:
    found = []
    above = context.caller
    while above is not None:
        found.append(above.code.co_qualname)
        above = above.caller
    return found


def contexts_of(kept: Recording, name: str) -> list[Context]:
    return [one for tree in kept.trees for one in tree.contexts if one.code.co_qualname == name]


CALLS = [partial(branch, 5), lambda: asyncio.run(spread()), lambda: asyncio.run(ticks())]


@pytest.mark.parametrize("call", CALLS)
def test_contexts_add_up_to_the_same_count_as_without(call: Callable[[], Any]) -> None:
    call()
    plain = count(call).total
    total, kept = kept_of(call)
    assert total == plain
    assert sum(one.executed.total() for tree in kept.trees for one in tree.contexts) == total


def test_a_function_called_at_two_places_is_two_contexts() -> None:
    _, kept = kept_of(partial(branch, 4))
    direct, below = contexts_of(kept, "leaf")
    assert names_above(direct)[0] == "branch"
    assert names_above(below)[0] == "numbers"
    assert (direct.entered, below.entered) == (1, 4)
    (generator,) = contexts_of(kept, "numbers")
    assert (generator.entered, generator.resumed) == (1, 4)
    assert contexts_of(kept, "branch")[0].c_calls == Counter({"sum": 1, "len": 1})


def test_bytecodes_are_kept_by_line() -> None:
    total, kept = kept_of(partial(leaf, 10))
    (context,) = contexts_of(kept, "leaf")
    lines = context.lines()
    assert lines.total() == total
    first = leaf.__code__.co_firstlineno
    assert set(lines) == {first + 1, first + 2, first + 3, first + 4}
    assert max(lines, key=lambda line: lines[line]) in (first + 2, first + 3)
    assert line_at(leaf.__code__, 10**6) == first


def test_a_task_lies_below_what_made_it() -> None:
    _, kept = kept_of(lambda: asyncio.run(spread()), own=True)
    found = contexts_of(kept, "wait_and_work")
    assert sum(one.entered for one in found) == 2
    assert all("spread" in names_above(one) for one in found)
    assert all("wait_and_work" in names_above(one) for one in contexts_of(kept, "leaf"))


def test_callbacks_that_schedule_themselves_do_not_lie_ever_deeper() -> None:
    _, kept = kept_of(lambda: asyncio.run(ticks()))
    assert max(names_above(one).count("calls_back") for one in contexts_of(kept, "calls_back")) < 3


def test_those_of_the_sdk_are_told_apart() -> None:
    _, kept = kept_of(lambda: asyncio.run(ticks()), own=True)
    deepest = max(contexts_of(kept, "calls_back"), key=lambda one: len(names_above(one)))
    assert names_above(deepest).count("calls_back") == 20


def test_reading_in_the_middle_is_not_counted() -> None:
    def work(read: bool) -> tuple[int, int]:
        with recording(lambda _: False), bytecodes.BytecodeCounter([__file__]) as counter:
            leaf(5)
            if read:
                assert counter.total > 0
                assert counter.by_file()
                assert counter.inside > 0
            leaf(5)
        return counter.total, counter.inside

    assert work(True) == work(False)


def test_nothing_is_left_behind() -> None:
    with recording(lambda _: False) as kept:
        count(partial(leaf, 3))
        count(partial(leaf, 4))
        assert sys.gettrace() is None
        assert sys.getprofile() is None
    assert len(kept.trees) == 2
    assert bytecodes.BytecodeCounter.__module__ == "meters.bytecodes"
    assert count(partial(leaf, 3)).total == kept.trees[0].by_file()[__file__]


def test_files_may_be_left_out_and_what_they_call_lies_below_their_caller() -> None:
    names: dict[str, Any] = {}
    exec(compile("def passes_on(call):\n    return call()\n", "<between>", "exec"), names)

    def work() -> int:
        return int(names["passes_on"](partial(leaf, 3)))

    with recording(lambda _: False) as kept:
        whole = count(work).total
    with recording(lambda _: False, skip=["<between>"]) as skipped:
        less = count(work).total
    assert less < whole
    assert not contexts_of(skipped, "passes_on")
    (context,) = contexts_of(skipped, "leaf")
    assert names_above(context)[0] == work.__qualname__
    assert names_above(*contexts_of(kept, "leaf"))[:2] == ["passes_on", work.__qualname__]


def test_counting_goes_on_after_what_was_counted_is_forgotten() -> None:
    with recording(lambda _: False) as kept, bytecodes.BytecodeCounter():
        leaf(3)
        kept.forget()
        leaf(4)
    (context,) = contexts_of(kept, "leaf")
    assert context.entered == 1
    _, alone = kept_of(partial(leaf, 4))
    assert context.executed == contexts_of(alone, "leaf")[0].executed
