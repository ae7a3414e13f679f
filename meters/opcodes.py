"""The opcode tracer that ``bytecodes`` and ``import_child`` share: how CPython is asked for it.

It imports nothing but ``sys``, because the child interpreter that counts the bytecodes of an
import must not load modules which that import would have loaded.
"""

import sys

# The name makes type checkers treat the block as true; importing it would load ``typing``.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    LocalTrace = Callable[[FrameType, str, Any], Any]


def tally() -> "tuple[LocalTrace, Callable[[], int]]":
    """Return a local trace function that counts opcode events, and a function that reads it.

    A closure over one integer is the fastest counter in pure Python: every executed bytecode
    pays for one call of it.
    """
    executed = 0

    def trace(frame: "FrameType", event: str, argument: "Any") -> "LocalTrace":
        nonlocal executed
        if event == "opcode":
            executed += 1
        return trace

    def read() -> int:
        return executed

    return trace, read


def follow(frame: "FrameType", trace: "LocalTrace") -> "LocalTrace":
    """Let ``trace`` see the opcodes of ``frame``; to be returned by a global trace function.

    CPython 3.13 turns opcode events on when ``f_trace_opcodes`` is set, and only in a frame that
    has its trace function already: hence the order.
    """
    frame.f_trace = trace
    frame.f_trace_lines = False
    frame.f_trace_opcodes = True
    return trace


def start(trace: "LocalTrace") -> None:
    """Make ``trace`` the global trace function of this thread, with opcode events possible.

    CPython 3.12 enables opcode events at ``settrace`` and only if some frame has asked for them
    before: hence the flag on this frame, which is itself never traced.
    """
    sys._getframe().f_trace_opcodes = True
    sys.settrace(trace)
