"""Parley's calls for the benchmarks."""

from __future__ import annotations

from mocks.worlds.calls.world import Ask, CallsWorld
from targets.parley.runtime import runtime
from targets.protocol import Unavailable
from targets.protocols.calls import Called, Calls, Scope, Status

_STATUS = {
    "found": Status.DONE,
    "nothing": Status.MISSING,
    "late": Status.TIMED_OUT,
    "cancelled": Status.CANCELLED,
}


class _Caller:
    def __init__(self, world: CallsWorld) -> None:
        self._calls = runtime("calls").Calls()

    async def call(self, ask: Ask) -> Called:
        read = self._calls.until
        result = await read(ask.is_target, ask.stream, name=ask.mark, timeout=ask.timeout)
        return Called(_STATUS[result.end.value], result.target, result.messages, result)

    def request_cancel(self, ask: Ask) -> None:
        self._calls.cancel(ask.mark)

    def scope(self) -> Scope:
        raise Unavailable("parley has no scopes: asyncio has time-outs")

    async def close(self) -> None:
        """Nothing is held between calls."""


CALLS = Calls(open=_Caller)
