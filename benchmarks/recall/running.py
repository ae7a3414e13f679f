"""A memory of the SDK under test on a machine, filled with entities of two sessions."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.core import subject
from benchmarks.core.on_machine import OnMachine, bytes_in, folder_in_memory
from benchmarks.core.workload import WrongOutcome
from mocks.inside.prices import Prices
from mocks.worlds.recall.entities import Entity, entities, sessions_in
from mocks.worlds.recall.world import RecallWorld, no_model
from targets.protocols.recall import Recall, Remembering

T = TypeVar("T")

STATEMENT_S = 0.001
"""Virtual seconds that a statement of SQL takes: what is due to them is then seen as time, and what
happens between two of them can be overtaken."""

OWN, OTHER = 1, 2
"""The session that is measured, and one beside it that has entities of the same words."""


class Memory:
    """The memory under test.

    ``on``: the machine; ``keys``: of the entities that were stored and acknowledged, by entity.
    """

    def __init__(self, on: OnMachine[Remembering], folder: Path) -> None:
        self.on = on
        self._folder = folder
        self.keys: dict[Entity, str] = {}
        self._numbers = {OWN: 0, OTHER: 0}

    @property
    def handle(self) -> Remembering:
        """What the driver gave; after ``OnMachine.reopen`` another one."""
        return self.on.handle

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        """Run it to its end."""
        return self.on.run(coro)

    def new(self, count: int, session: int = OWN) -> list[Entity]:
        """So many entities that are not stored yet."""
        first = self._numbers[session] + 1
        self._numbers[session] += count
        return entities(session, first, count)

    async def store(self, given: Sequence[Entity]) -> None:
        """Store them. Raises ``WrongOutcome`` if the SDK says of one that it did not."""
        keys = await self.handle.store(given)
        if len(keys) != len(given):
            raise WrongOutcome(f"{len(keys)} keys came back for {len(given)} entities")
        for one, key in zip(given, keys, strict=True):
            if key is None:
                raise WrongOutcome(f"{one.mark} was not stored, as the SDK says")
            self.keys[one] = key

    def on_disk(self) -> int:
        """Bytes of all files in its folder."""
        return bytes_in(self._folder)

    def fill(self, count: int) -> None:
        """Store so many entities of each of the two sessions."""
        for session in (OTHER, OWN):
            self.run(self.store(self.new(count, session)))


@contextmanager
def remembering() -> Iterator[Memory]:
    """A memory that is empty and just opened. Raises what opening raises, and ``Unavailable``."""
    offered = subject.capability(Recall)
    with folder_in_memory("recall") as folder:
        world = RecallWorld(model=no_model(), folder=folder)
        prices = Prices(statement_s=STATEMENT_S)
        with OnMachine(lambda: offered.open(world), prices=prices) as on:
            yield Memory(on, folder)


def foreign_in(texts: Sequence[str], session: int = OWN) -> int:
    """How many of the texts have the mark of another session."""
    return sum(bool(sessions_in(text) - {session}) for text in texts)


def why_wrong(texts: Sequence[str], wanted: Entity) -> str:
    """What is wrong with the texts that were found when one was wanted; empty if nothing is."""
    if foreign := foreign_in(texts, wanted.session):
        return f"{foreign} of {len(texts)} entities found belong to another session"
    if wanted.text not in texts:
        return f"{wanted.mark} is not among the {len(texts)} found"
    return ""
