"""Tables of lines, so that tracing memory takes no longer in a long function than in a short one.

``tracemalloc`` asks for the line of each allocation. CPython 3.11 walks the lines of the code from
the first one to find it (0.6 us in a short function, 60 us at the end of one of 2,000 lines),
unless that code was once run under a trace function, which makes a table of them. Since 3.12 such
tables are not kept, and nothing is done there. No value depends on them.
"""

import gc
import sys
from collections.abc import Iterator
from types import CellType, CodeType, FrameType, FunctionType
from typing import Any

LONG = 40
"""Bytes of code from which on the walk takes longer than to look into a table."""

_CO_OPTIMIZED, _CO_GENERATOR, _CO_COROUTINE, _CO_ASYNC_GENERATOR = 0x1, 0x20, 0x80, 0x200
"""What the flags of code mean: those of ``inspect``, which brings much else."""

_GENERATORS = _CO_GENERATOR | _CO_COROUTINE | _CO_ASYNC_GENERATOR


def make() -> int:
    """Make the tables of all long functions that there are; how many are made.

    None of their code is run: a trace function stops each at its first line. What the collector
    has been told to leave alone (``gc.freeze``) is not found.
    """
    if sys.version_info >= (3, 12):
        return 0
    long = {id(code): code for code in _codes()}
    previous = sys.gettrace()
    try:
        return sum(map(_enter, long.values()))
    finally:
        sys.settrace(previous)


def _codes() -> Iterator[CodeType]:
    for each in gc.get_objects():
        if type(each) is FunctionType:
            yield from _long(each.__code__)


def _long(code: CodeType) -> Iterator[CodeType]:
    """This code and what is written in it, as far as they are long functions."""
    if code.co_flags & _CO_OPTIMIZED and len(code.co_code) >= LONG:
        yield code
    for constant in code.co_consts:
        if type(constant) is CodeType:
            yield from _long(constant)


class _Line(Exception):
    """The first line is reached."""


def _stop(frame: FrameType, event: str, argument: object) -> Any:
    if event == "line":
        raise _Line
    return _stop


def _enter(code: CodeType) -> bool:
    """Call a function of this code up to its first line; whether it came there."""
    function = FunctionType(code, {}, closure=tuple(CellType() for _ in code.co_freevars))
    positional = code.co_argcount
    by_name = code.co_varnames[positional : positional + code.co_kwonlyargcount]
    sys.settrace(_stop)  # each time, for a trace function that raises is taken away
    try:
        called = function(*[None] * positional, **dict.fromkeys(by_name))
        if code.co_flags & _GENERATORS:
            first = called.asend(None) if code.co_flags & _CO_ASYNC_GENERATOR else called
            first.send(None)
    except _Line:
        return True
    return False
