"""Driver of autoBMAD: its ``SDKExecutor`` reads the mock world's streams."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from mocks.worlds.calls.world import Ask, CallsWorld
from targets.protocol import Target, Unavailable
from targets.protocols.calls import Called, Calls, Scope, Status

_CORE = "autoBMAD.epic_automation.core"

_NO_TARGET = "No target result found"
"""The only error of a result whose stream went well and had no target."""


class _Scope:
    """A task group of anyio, in which each of its calls runs."""

    def __init__(self) -> None:
        self._group = importlib.import_module("anyio").create_task_group()

    async def run(self, works: Sequence[Callable[[], Coroutine[Any, Any, object]]]) -> None:
        async with self._group:
            for work in works:
                self._group.start_soon(work)

    def cancel(self) -> None:
        self._group.cancel_scope.cancel()


class _Caller:
    def __init__(self, world: CallsWorld) -> None:
        logging.getLogger("autoBMAD").setLevel(logging.CRITICAL)
        core = importlib.import_module(_CORE)
        if hasattr(core, "SafeClaudeSDK"):  # of its first commit only
            raise Unavailable("SDKExecutor.execute is a skeleton: it raises NotImplementedError")
        self._executor = core.SDKExecutor()
        self._call_ids: dict[str, str] = {}
        if world.requests:
            self._learn_ids()

    async def call(self, ask: Ask) -> Called:
        result = await self._executor.execute(
            ask.stream, ask.is_target, timeout=ask.timeout, agent_name=ask.mark
        )
        return Called(_status(result), result.target_message, result.messages, result)

    def request_cancel(self, ask: Ask) -> None:
        self._executor.cancel_manager.request_cancel(self._call_ids[ask.mark])

    def scope(self) -> Scope:
        return _Scope()

    async def close(self) -> None:
        """The executor holds nothing."""

    def _learn_ids(self) -> None:
        """A call is cancelled by an id that the executor makes and tells nobody but its manager,
        with the agent's name beside it."""
        manager = self._executor.cancel_manager
        register = manager.register_call

        def note(call_id: str, agent_name: str) -> None:
            self._call_ids[agent_name] = call_id
            register(call_id, agent_name)

        manager.register_call = note


def _status(result: Any) -> Status:
    if result.is_success():
        return Status.DONE
    if result.is_cancelled():
        return Status.CANCELLED
    if result.is_timeout():
        return Status.TIMED_OUT
    is_missing = result.last_exception is None and result.errors in ([], [_NO_TARGET])
    return Status.MISSING if is_missing else Status.FAILED


TARGET = Target(name="autobmad", imports=(_CORE,), capabilities=[Calls(open=_Caller)])
