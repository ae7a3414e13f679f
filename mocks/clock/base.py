"""The parts of asyncio's own selector loop that this package relies on and typeshed leaves out.

They are private to asyncio, and the same in CPython 3.11, 3.12 and 3.13. This file is the whole
list, so a new Python version can be checked against it in one place.
"""

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import SubprocessTransport, TimerHandle
    from collections.abc import Callable
    from concurrent.futures import ThreadPoolExecutor

    class SelectorLoop(asyncio.SelectorEventLoop):
        """`asyncio.SelectorEventLoop` with the private members in use here declared."""

        _scheduled: list[TimerHandle]  # heap of timers, cancelled ones included
        _timer_cancelled_count: int  # cancelled timers in the heap
        _clock_resolution: float  # timers due before time() + this are run
        _debug: bool
        _stopping: bool
        _default_executor: ThreadPoolExecutor | None

        def _check_closed(self) -> None: ...
        def _check_thread(self) -> None: ...
        def _check_callback(self, callback: Callable[..., object], method: str) -> None: ...
        def _check_default_executor(self) -> None: ...
        def _write_to_self(self) -> None: ...
        def _run_once(self) -> None: ...
        async def _make_subprocess_transport(
            self, *args: Any, **kwargs: Any
        ) -> SubprocessTransport: ...

    class TimerBase(TimerHandle):
        """`asyncio.TimerHandle` with the private members in use here declared."""

        _when: float
        _scheduled: bool
        _source_traceback: list[Any] | None

else:
    SelectorLoop = asyncio.SelectorEventLoop
    TimerBase = asyncio.TimerHandle

__all__ = ["SelectorLoop", "TimerBase"]
