"""Calls: what a driver gives whose SDK makes one call that streams, until a target has come."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from mocks.worlds.calls.messages import Message
from mocks.worlds.calls.world import Ask, CallsWorld
from targets.protocol import Capability


class Status(StrEnum):
    """What a result says of its call, in a way that a program can read."""

    DONE = "done"
    """The target was found."""
    MISSING = "no target"
    """The stream ended without one."""
    CANCELLED = "cancelled"
    TIMED_OUT = "timed out"
    FAILED = "failed"
    """In any other way."""


@dataclass(frozen=True, slots=True)
class Called:
    """How a call ended that gave a result: ``found``: the message that the SDK says is the target;
    ``messages``: all that it kept, in its order, ``None`` if it keeps none; ``native``: its own
    result, which a user would keep."""

    status: Status
    found: Message | None
    messages: Sequence[Message] | None
    native: object


class Scope(Protocol):
    """Something of the SDK's kind in which calls run and by which they are cancelled together, as a
    task group is."""

    async def run(self, works: Sequence[Callable[[], Coroutine[Any, Any, object]]]) -> None:
        """Enter it, do all the works in it at once, leave it when they have ended. May be called
        again. Raises what that raises; a cancellation by ``cancel`` ends here."""

    def cancel(self) -> None:
        """Cancel what runs in it, now."""


class Caller(Protocol):
    """One engine of the SDK, connected to a world; makes any number of calls at once."""

    async def call(self, ask: Ask) -> Called:
        """Make a call: read ``ask.stream`` until ``ask.is_target`` has been true. Raises what the
        SDK raises, ``Unavailable`` where ``ask.timeout`` is set and the SDK takes none."""

    def request_cancel(self, ask: Ask) -> None:
        """Cancel this call, which is being made, by the SDK's own means. Raises ``Unavailable``
        where it has none; is called only in a world with ``requests``."""

    def scope(self) -> Scope:
        """A new scope. Raises ``Unavailable`` where the SDK has none to offer."""

    async def close(self) -> None:
        """Give back whatever the engine holds."""


@dataclass(frozen=True, kw_only=True)
class Calls(Capability[CallsWorld, Caller]):
    """What a driver offers: ``open`` connects the SDK to a world."""

    name: ClassVar[str] = "calls"
