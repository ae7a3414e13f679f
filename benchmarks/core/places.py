"""Where in the SDK's own files a task stands."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import FrameType
from typing import Any

from benchmarks.core.subject import package_path
from mocks.clock import await_chain
from mocks.clock.hang import describe


def place_of(task: asyncio.Task[Any]) -> str:
    """The innermost place in the SDK, as "package/file.py:LINE in function"; if the task is in
    none of its files, the innermost one outside the standard library."""
    frames = list(await_chain(task.get_coro()))
    inside = sdk_place([(frame, frame.f_lineno) for frame in frames])
    return inside or describe(task).origin


def sdk_place(stack: Sequence[tuple[FrameType, int]]) -> str:
    """The innermost (last) place of a stack that is in the SDK's own files; empty if none is."""
    for frame, line in reversed(stack):
        if name := package_path(frame.f_code.co_filename):
            return f"{name}:{line} in {frame.f_code.co_name}"
    return ""
