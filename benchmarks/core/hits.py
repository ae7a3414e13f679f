"""What a piece of work hits, for people who ask whether a driver is sound: counted beside it.

What is counted costs function calls of its own, so that figures taken meanwhile are to be held
against others that were taken so, and against no others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from benchmarks.core import forked
from mocks.inside.replacing import Replacements
from mocks.machine import Machine
from mocks.model import Model, Reply, Request
from mocks.world import World


@dataclass
class Hits:
    """How often: ``events`` that the SDK announced, by kind; ``places``, calls to the model, by the
    role in which it is asked; ``threads``, pieces of work that threads took. ``escapes``: ways in
    which the program left virtual time, or polled. It is a ``Witness`` of forked processes."""

    events: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    threads: int = 0
    escapes: Counter[str] = field(default_factory=Counter)

    def forked(self) -> None:
        """See ``forked.Witness``."""
        self.events.clear()
        self.places.clear()
        self.escapes.clear()
        self.threads = 0

    def witnessed(self) -> Any:
        """See ``forked.Witness``."""
        return self.events, self.places, self.threads, self.escapes

    def learn(self, witnessed: Any, /) -> None:
        """See ``forked.Witness``."""
        events, places, threads, escapes = witnessed
        self.events.update(events)
        self.places.update(places)
        self.escapes.update(escapes)
        self.threads += threads

    def end_of(self, machine: Machine) -> None:
        """Note what a machine knows that ends."""
        self.threads += machine.executor_calls
        self.escapes.update(
            {f"outside of virtual time: {e}": n for e, n in machine.escapes.items()}
        )
        self.escapes.update({f"polls: {where}": n for where, n in machine.busy_waits.items()})


@contextmanager
def counting_hits() -> Iterator[Hits]:
    """Count within the block, in processes that are forked there too."""
    hits = Hits()
    note, call, stream, leave = World.note, Model.call, Model.stream, Machine.__exit__

    def noted(self: World, kind: str, run: str, data: object) -> None:
        hits.events[kind] += 1
        note(self, kind, run, data)

    async def called(self: Model, request: Request) -> Reply:
        hits.places[request.role] += 1
        return await call(self, request)

    async def streamed(self: Model, request: Request) -> AsyncIterator[str]:
        hits.places[request.role] += 1
        words: Any = stream(self, request)
        try:
            async for word in words:
                yield word
        finally:
            await words.aclose()

    def left(
        self: Machine,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        leave(self, kind, error, trace)
        hits.end_of(self)

    replaced = Replacements()
    replaced.attribute(World, "note", noted)
    replaced.attribute(Model, "call", called)
    replaced.attribute(Model, "stream", streamed)
    replaced.attribute(Machine, "__exit__", left)
    forked.witnesses.append(hits)
    try:
        yield hits
    finally:
        forked.witnesses.remove(hits)
        replaced.undo()
