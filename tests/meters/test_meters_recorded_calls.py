"""Blocks whose calls are counted keep whose they are, and count as many as without that."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from meters import bytecodes, calls
from meters.attribution import CallTree
from meters.recorded_blocks import Recording, recording


def numbers(n: int) -> Iterator[int]:
    for i in range(n):
        yield abs(i)


def reads(n: int) -> int:
    return sum(numbers(n)) + len(json.loads("[1, 2]"))


async def waits(n: int) -> None:
    for _ in range(n):
        await asyncio.sleep(0)


def kept_of(call: Callable[[], object]) -> tuple[int, Recording]:
    with recording(lambda file: file == __file__) as kept:
        kept.is_of_calls = True
        total = calls.count(call).total
    return total, kept


def made_calls(kept: Recording) -> Counter[str]:
    found: Counter[str] = Counter()
    for tree in kept.trees:
        for context in tree.contexts:
            found[context.code.co_name] += sum(context.executed.values())
    return found


@pytest.mark.parametrize("call", [lambda: reads(3), lambda: asyncio.run(waits(3))])
def test_calls_add_up_to_the_same_count_as_without(call: Callable[[], object]) -> None:
    for _ in range(2):  # what is imported or compiled at first is there
        plain = calls.count(call)
    total, kept = kept_of(call)
    assert total == plain.total
    assert sum(made_calls(kept).values()) == total
    (tree,) = kept.trees
    assert sum(one.entered + one.resumed for one in tree.contexts) == plain.python
    assert sum(one.c_calls.total() for one in tree.contexts) == plain.c


def test_a_call_of_c_lies_at_its_line_and_an_entry_at_the_first() -> None:
    _, kept = kept_of(lambda: reads(3))
    (context,) = [
        one for tree in kept.trees for one in tree.contexts if one.code.co_name == "reads"
    ]
    first = reads.__code__.co_firstlineno
    assert context.lines() == {first: 1, first + 1: 2}
    assert context.c_calls == {"sum": 1, "len": 1}
    assert made_calls(kept)["numbers"] == 4 + 3


def test_bytecodes_are_counted_as_ever_and_not_kept() -> None:
    with bytecodes.BytecodeCounter() as plain:
        reads(3)
    with recording(lambda file: False) as kept:
        kept.is_of_calls = True
        with bytecodes.BytecodeCounter() as counter:
            reads(3)
    assert (counter.total, kept.trees) == (plain.total, [])


def test_what_only_attribution_does_is_no_call() -> None:
    plain = calls.count(lambda: reads(3)).total

    def work() -> Any:
        return reads(3)

    with recording(lambda file: False, skip=(__file__,)):
        unseen = calls.count(work)
    assert unseen.total == plain - made_by_this_file()


def made_by_this_file() -> int:
    """Of ``lambda: reads(3)``: itself, ``reads``, ``numbers`` four times; sum, len, abs thrice."""
    return 1 + 1 + 4 + 2 + 3


def test_a_call_of_c_counts_in_a_frame_that_ran_before() -> None:
    """As that of a thread that waited, and goes on while calls are counted."""
    tree = CallTree((), lambda file: None, lambda file: True)
    tree.profile(sys._getframe(), "c_call", len)
    tree.profile(sys._getframe(), "c_call", len)
    (context,) = tree.contexts
    assert (context.entered, context.c_calls, context.executed.total()) == (0, {"len": 2}, 2)
    skipping = CallTree((__file__,), lambda file: None, lambda file: True)
    skipping.profile(sys._getframe(), "c_call", len)
    assert skipping.contexts == []


def test_nothing_is_left_behind() -> None:
    plain = calls.count
    with recording(lambda file: False):
        assert calls.count is not plain
    assert calls.count is plain
