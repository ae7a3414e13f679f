"""Calls: an SDK connected to Unladen's mock world.

What is driven is ``calls_example``; put your SDK in its place. Use its public API only, import it
inside functions, raise ``Unavailable("why")`` for what a commit of its history lacks.
"""

from __future__ import annotations

from typing import Any

from mocks.worlds.calls.world import Ask, CallsWorld
from targets.protocol import Unavailable
from targets.protocols.calls import Called, Calls, Scope, Status


def sdk() -> Any:
    """Your SDK: ``import`` it here and return it."""
    from . import calls_example

    return calls_example


class Caller:
    """An engine of your SDK that reads the world's streams."""

    def __init__(self, world: CallsWorld) -> None:
        self._executor = sdk().Executor()

    async def call(self, ask: Ask) -> Called:
        """One call: what is streamed is read until the target has come."""
        done = await self._executor.execute(ask.mark, ask.stream, ask.is_target, ask.timeout)
        status = Status.MISSING if done.target is None else Status.DONE
        if done.timed_out:
            status = Status.TIMED_OUT
        return Called(status, done.target, done.messages, native=done)

    def request_cancel(self, ask: Ask) -> None:
        """The user cancels this call by your SDK's own means."""
        self._executor.cancel(ask.mark)

    def scope(self) -> Scope:
        """A task group, or what your SDK has of the kind."""
        raise Unavailable("it has no scopes")

    async def close(self) -> None:
        """Give back what the engine holds: connections, threads."""


CAPABILITY = Calls(open=Caller)
