"""The tools that agents are given, and the log of their use."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

TOOL_S = 0.23
"""Seconds that most tools take."""
FAILS_AFTER_S = 1.1
"""Seconds after which the failing one fails, between two ticks of the ticking one."""
TICKS = 100
TICK_S = 1.0

running_errand: ContextVar[str] = ContextVar("the errand that is run", default="")
"""The mark of the errand for which a tool is called, as a user of an SDK would keep it: set by who
starts a run, and read by the tools."""


class ToolBroke(Exception):
    """What the failing tool raises."""


@dataclass(eq=False, slots=True)
class Use:
    """One call of a tool. ``key``: what it was called with; ``errand``: the mark that the context
    variable had; times are the loop's; ``ticks``: when the ticking tool did something."""

    tool: str
    key: str
    errand: str
    began: float
    ended: float | None
    ticks: list[float]


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool: its name, what a model is told of it, and a function of one text, ``key``, that gives
    a text; its docstring says the same. A coroutine function where ``is_async``."""

    name: str
    about: str
    function: Callable[[str], Any]
    is_async: bool = True


def result_of(tool: str, key: str) -> str:
    """What a call gives."""
    return f"{key} {tool}: nothing has changed since yesterday"


class Toolbox:
    """All tools, by their names, and the log of their use, in the order in which they began.
    ``now``: the loop's clock, which a tool in a thread could not find."""

    def __init__(self) -> None:
        self.log: list[Use] = []
        self.now: Callable[[], float] = time.monotonic
        made = (self._look(), self._read(), self._fail(), self._tick())
        self.tools = {spec.name: spec for spec in made}

    @contextmanager
    def _used(self, tool: str, key: str) -> Iterator[Use]:
        """Log a use, which ends with the block, however that ends."""
        use = Use(tool, key, running_errand.get(), self.now(), None, [])
        self.log.append(use)
        try:
            yield use
        finally:
            use.ended = self.now()

    def _look(self) -> ToolSpec:
        async def look(key: str) -> str:
            """Look something up."""
            with self._used("look", key):
                await asyncio.sleep(TOOL_S)
            return result_of("look", key)

        return ToolSpec("look", "Look something up.", look)

    def _read(self) -> ToolSpec:
        def read(key: str) -> str:
            """Read something, blocking the thread."""
            with self._used("read", key):
                time.sleep(TOOL_S)
            return result_of("read", key)

        return ToolSpec("read", "Read something, blocking the thread.", read, is_async=False)

    def _fail(self) -> ToolSpec:
        async def fail(key: str) -> str:
            """Fail after a while."""
            with self._used("fail", key):
                await asyncio.sleep(FAILS_AFTER_S)
            raise ToolBroke(f"{key} is broken")

        return ToolSpec("fail", "Fail after a while.", fail)

    def _tick(self) -> ToolSpec:
        async def tick(key: str) -> str:
            """Do something each second, for a while."""
            with self._used("tick", key) as use:
                for _ in range(TICKS):
                    await asyncio.sleep(TICK_S)
                    use.ticks.append(self.now())
            return result_of("tick", key)

        return ToolSpec("tick", "Do something each second, for a while.", tick)
