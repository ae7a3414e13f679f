"""Turns: what a driver gives that connects a runtime in which users take turns with a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Protocol, runtime_checkable

from mocks.worlds.turns.asks import Ask
from mocks.worlds.turns.world import TurnsWorld
from targets.exposition import Exposition
from targets.protocol import Capability


class Status(Enum):
    """What a runtime says became of a turn."""

    DONE = "done"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn that has ended. ``text``: the answer, empty without one; ``error``: what the runtime
    says of why there is none; ``native``: its own object."""

    status: Status
    text: str
    error: str
    native: object


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a turn besides its answer. ``priority``: the higher the sooner; ``after``:
    turns that have to be done before it begins; ``timeout_s``: seconds that it may be worked on,
    ``None``: the runtime's own."""

    priority: int = 0
    after: tuple[Ask, ...] = ()
    timeout_s: float | None = None


NO_WISH = Wish()


class Runtime(Protocol):
    """One runtime, connected to a world; serves any number of users at once.

    A session belongs to one user. Each ``Ask`` is taken once and known by its mark.
    """

    async def begin(self, user: int) -> str:
        """A new session of this user's; gives its key."""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        """Take a turn and wait until it has ended, in the runtime's own way of waiting. Raises what
        the runtime raises."""

    async def cancel(self, ask: Ask) -> bool:
        """Have the runtime give up a turn that was asked for and has not ended; whether it says
        that it has. ``Unavailable`` where it cannot."""

    async def save(self, session: str) -> None:
        """Save the session."""

    async def kept(self, session: str) -> Sequence[str]:
        """Load the session anew, past whatever is held in memory: the answers of the turns that it
        has, from the first on."""

    async def say(self, asks: Sequence[Ask]) -> Sequence[str]:
        """Ask the model for all of these in one go, by what the runtime has for that, outside of
        any session. ``Unavailable`` where it has nothing of the kind."""

    def tokens(self) -> int | None:
        """Tokens that the runtime has counted so far, of prompts and answers; ``None`` where it
        counts none."""

    async def close(self) -> None:
        """Give back whatever is held."""


@runtime_checkable
class ExposingRuntime(Runtime, Protocol):
    """One that tells what it did in Prometheus' text format."""

    def expose(self) -> Exposition:
        """Have it count, if it has to be told to; before the first session. Of what it may count
        there are ``sessions``, ``turns``, ``calls`` (to the model) and ``tokens``. ``Unavailable``
        where it counts nothing."""


@dataclass(frozen=True, kw_only=True)
class Turns(Capability[TurnsWorld, Runtime]):
    """What a driver offers: ``open`` connects a runtime to a world, ready to take turns."""

    name: ClassVar[str] = "turns"
