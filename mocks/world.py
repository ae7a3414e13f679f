"""The world a driver connects its SDK to: a model, and somebody who notes the events.

What else surrounds an SDK is a capability's: ``mocks.worlds`` holds a subclass for each that needs
more.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar

from mocks.model import Model

F = TypeVar("F", bound=Callable[..., Any])


class Event(NamedTuple):
    """One event: what (a word of the capability or of the SDK), of which run (the SDK's id of
    it), when (loop time), with what data."""

    kind: str
    run: str
    at: float
    data: object


class Body(NamedTuple):
    """What a model's reply carries to an SDK: a text, and tool calls as (tool, arguments).

    ``None`` is null. Of a good reply the arguments are a mapping.
    """

    text: str | None
    tools: Sequence[tuple[str, object]] | None = ()


class Codec(NamedTuple):
    """How the reply that a driver hands its SDK carries its body."""

    read: Callable[[Any], Body]
    write: Callable[[Any, Body], Any]
    """(a reply, a body) to that reply with that body."""


class Trouble(Protocol):
    """What is wrong with a world: it comes between an SDK and the parts that a driver gives it."""

    def has(self, place: str) -> bool:
        """Whether something is planned there."""

    def at(self, place: str, function: F) -> F:
        """``function``, or what stands in its place. Raises ``NotImplementedError`` where it
        cannot fail in the planned way."""

    def between(self, ask: F, codec: Codec) -> F:
        """``ask``, an async function that asks the model, with what becomes of its replies."""


@dataclass(eq=False, kw_only=True)
class World:
    """What surrounds an SDK. ``events`` is filled by ``note``; ``observers`` hear each event as it
    happens. ``clear`` forgets events and model calls, for the next measurement.

    ``trouble``: what goes wrong besides what the model's own faults say. A driver lets it in when
    it connects its SDK (``expose``, ``client``); a world without trouble is left as it is, so that
    a plain run executes nothing for it.
    """

    model: Model
    events: list[Event] = field(default_factory=list)
    observers: list[Callable[[Event], None]] = field(default_factory=list)
    trouble: Trouble | None = None

    def has(self, place: str) -> bool:
        """Whether something goes wrong there, for what a driver connects only then."""
        return self.trouble is not None and self.trouble.has(place)

    def at(self, place: str, function: F) -> F:
        """The function that a driver gives its SDK at ``place``."""
        return function if self.trouble is None else self.trouble.at(place, function)

    def expose(self, place: str, owner: object, method: str) -> None:
        """The same for a method of an object that a driver gives its SDK."""
        function = getattr(owner, method)
        troubled = self.at(place, function)
        if troubled is not function:
            setattr(owner, method, troubled)

    def client(self, owner: object, method: str, codec: Codec) -> None:
        """A method by which the SDK asks the model, and how its replies carry their bodies."""
        if self.trouble is not None:
            setattr(owner, method, self.trouble.between(getattr(owner, method), codec))

    def note(self, kind: str, run: str, data: object) -> None:
        """An SDK announced an event, now."""
        event = Event(kind, run, get_running_loop().time(), data)
        self.events.append(event)
        for observer in self.observers:
            observer(event)

    def clear(self) -> None:
        """Forget what was recorded so far."""
        self.events.clear()
        self.model.calls.clear()
