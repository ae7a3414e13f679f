"""Ending what a program left running on a virtual loop."""

import asyncio
from contextlib import suppress
from typing import Any

from mocks.clock.hang import Hang, Waiting, describe, pending_tasks
from mocks.clock.loop import VirtualLoop

# Virtual seconds that cancelled tasks have for their own cleanup, in each round.
_GRACE = 600.0
# Cancelled tasks can start others, which are cancelled in the next round.
_ROUNDS = 8


def cancel_leftovers(loop: VirtualLoop) -> tuple[Waiting, ...]:
    """Cancel and await every task of `loop`, then cancel its timers. The loop must not be running.

    Gives the tasks that refuse: they hung after their cancellation, or had not ended 600
    virtual seconds later. They are ended by force. What tasks raise when they are cancelled
    goes to the loop's exception handler, as with `asyncio.run`.
    """
    refusing: dict[asyncio.Task[Any], Waiting] = {}
    for _ in range(_ROUNDS):
        pending = pending_tasks(loop)
        if not pending:
            break
        for task in pending:
            if task in refusing:
                # Run by the loop, which reports what the coroutine raises.
                loop.call_soon(_end, task)
            else:
                task.cancel()
        _await_all(loop, pending)
        for task in pending:
            if not task.done():
                refusing.setdefault(task, describe(task))
            elif not task.cancelled():
                _report_error(loop, task)
    for task in pending_tasks(loop):
        refusing.setdefault(task, describe(task))
        # Its coroutine would start yet another.
        _mark_cancelled(task)
    loop.cancel_timers()
    return tuple(refusing.values())


def close(loop: VirtualLoop) -> tuple[Waiting, ...]:
    """Cancel leftovers, close async generators, join the default executor and close `loop`.

    Gives the tasks that refuse cancellation. Raises `Hang` if a generator hangs on being closed.
    """
    try:
        refusing = cancel_leftovers(loop)
        try:
            loop.run_until_complete(loop.shutdown_asyncgens())
        finally:
            # A generator that hangs when it is closed leaves tasks.
            refusing += cancel_leftovers(loop)
            loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()
    return refusing


def _await_all(loop: VirtualLoop, tasks: list[asyncio.Task[Any]]) -> None:
    # A hang says no more than that some of the tasks are not done, which the caller looks at.
    with loop.limited_to(_GRACE), suppress(Hang):
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


def _end(task: asyncio.Task[Any]) -> None:
    """Close the coroutine of a task that swallows cancellation, and mark the task cancelled."""
    coroutine = task.get_coro()
    try:
        if asyncio.iscoroutine(coroutine):
            coroutine.close()
    finally:
        _mark_cancelled(task)


def _mark_cancelled(task: asyncio.Task[Any]) -> None:
    """Make `task` a cancelled one without asking its coroutine."""
    waiter: asyncio.Future[Any] | None = task._fut_waiter  # type: ignore[attr-defined]
    if waiter is not None:
        # Otherwise the task is woken when the waiter is done, and objects that it is done itself.
        for callback, _ in list(waiter._callbacks or ()):
            if getattr(callback, "__self__", None) is task:
                waiter.remove_done_callback(callback)
    # `Task.cancel` would leave the rest to the coroutine; that of `Future` sets the state.
    asyncio.Future.cancel(task)


def _report_error(loop: VirtualLoop, task: asyncio.Task[Any]) -> None:
    exception = task.exception()
    if exception is not None:
        loop.call_exception_handler(
            {
                "message": "unhandled exception in a task that was cancelled at the end of a run",
                "exception": exception,
                "task": task,
            }
        )
