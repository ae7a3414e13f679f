"""Tables of lines: made for all but the shortest functions, without running any."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from types import FrameType
from typing import Any

import pytest

from meters import line_tables

only_3_11 = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="CPython keeps no tables of lines since 3.12"
)

LENGTH = 1000
"""Statements. Each has two instructions at least, and each of these two bytes in the table."""

KINDS = {
    "plain": "def {name}(one, *rest, two, three=3, **more):\n    ran.append(1)\n{body}",
    "generator": "def {name}():\n    ran.append(1)\n    yield\n{body}",
    "coroutine": "async def {name}(one):\n    ran.append(1)\n{body}",
    "asynchronous_generator": "async def {name}():\n    ran.append(1)\n    yield\n{body}",
    "within_another": (
        "def {name}(held):\n    ran.append(1)\n    def inner(*, key):\n        ran.append(1)\n"
        "{deeper}        return held\n    return inner\n"
    ),
}


def long_function(kind: str, ran: list[int]) -> Any:
    """A function of this kind, which says if it is run."""
    names: dict[str, Any] = {"ran": ran}
    body, deeper = (f"{' ' * depth}value = 1\n" * LENGTH for depth in (4, 8))
    exec(KINDS[kind].format(name=kind, body=body, deeper=deeper), names)
    return names[kind]


def kept_by_making() -> int:
    """Bytes that stay when tables are made."""
    before = tracemalloc.get_traced_memory()[0]
    line_tables.make()
    return tracemalloc.get_traced_memory()[0] - before


@only_3_11
@pytest.mark.parametrize("kind", KINDS)
def test_a_long_function_gets_a_table_once_and_is_not_run(kind: str) -> None:
    ran: list[int] = []
    tracemalloc.start()
    try:
        line_tables.make()
        without = kept_by_making()
        function = long_function(kind, ran)
        assert kept_by_making() - without > 4 * LENGTH
        assert kept_by_making() - without < LENGTH
    finally:
        tracemalloc.stop()
    assert ran == []
    assert function.__name__ == kind


@only_3_11
def test_short_functions_are_left_alone() -> None:
    gc.collect()  # of functions that others have left, none may go meanwhile
    made = line_tables.make()
    kept = [eval("lambda: None") for _ in range(50)]
    assert line_tables.make() == made
    kept.append(long_function("plain", []))
    assert line_tables.make() == made + 1


def test_a_trace_function_is_set_again() -> None:
    def trace(frame: FrameType, event: str, argument: object) -> None:
        pass

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        line_tables.make()
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)
    line_tables.make()
    assert sys.gettrace() is before
