"""What a memory is asked to do, one operation at a time, and what it takes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Any

from benchmarks.core.left_behind import kept_bytes
from benchmarks.core.subject import own_files
from benchmarks.recall.running import OWN, Memory, why_wrong
from meters.bytecodes import BytecodeCounter
from mocks.worlds.recall.entities import Entity

LIMIT = 10
"""How many entities a search may give."""


class Operation(Enum):
    """What is done to one entity of a memory that has some, in the order in which it is measured:
    what opens the memory anew comes last."""

    GET_WARM = "get warm"
    SEARCH = "search"
    SIMILAR = "similar"
    RELATE = "relate"
    RELATED = "related"
    GET_COLD = "get cold"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one operation takes: virtual seconds at a millisecond a statement, statements, those of
    them that write, steps inside SQLite, bytecodes in the SDK's own files, bytes that are still
    held when its result is dropped; and what is wrong with it, empty if nothing is."""

    seconds: float
    statements: int
    writes: int
    steps: int
    own_bytecodes: int
    kept_bytes: int
    wrong: str


@dataclass(frozen=True, slots=True)
class Work:
    """``act``: does it, and says what is wrong; ``prepare``: what comes before, unmeasured."""

    act: Callable[[], Coroutine[Any, Any, str]]
    prepare: Callable[[], object] = lambda: None


_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def taken(memory: Memory, next_work: Callable[[], Work]) -> Taken:
    """What it takes, each time of new work of the same kind: once to warm up, once plain, once for
    its bytes and once for its bytecodes, in this order, for tracers leave marks in the code."""
    on = memory.on
    wrong: list[str] = []

    def prepared() -> Callable[[], None]:
        work = next_work()
        work.prepare()

        def act() -> None:
            if why := on.run(work.act()):
                wrong.append(why)

        return act

    prepared()()
    act = prepared()
    now, steps = on.clock.now, on.steps.count
    statements, writes = on.machine.statements.total, on.machine.statements.of(*_WRITES)
    act()
    seconds = round(on.clock.now - now, 9)
    on.rest()  # what it has begun and not awaited is its work too
    statements = on.machine.statements.total - statements
    writes = on.machine.statements.of(*_WRITES) - writes
    steps = on.steps.count - steps
    with on.traced():
        kept = kept_bytes(prepared)
        act = prepared()
        with BytecodeCounter(own_files()) as counter:
            act()
            on.rest()
    return Taken(
        seconds,
        statements,
        writes,
        steps,
        counter.inside,
        kept,
        wrong[0] if wrong else "",
    )


class Operations:
    """The operations on a memory, each time about other entities that are stored."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._own = [one for one in memory.keys if one.session == OWN]
        self._turn = 0

    def of(self, operation: Operation) -> Callable[[], Work]:
        """What makes the next work of its kind."""
        return {
            Operation.GET_COLD: self._get_cold,
            Operation.GET_WARM: self._get_warm,
            Operation.SEARCH: self._search,
            Operation.SIMILAR: self._similar,
            Operation.RELATE: self._relate,
            Operation.RELATED: self._related,
        }[operation]

    def _next(self) -> Entity:
        # From the middle on: neither what was stored first nor last.
        self._turn += 1
        return self._own[(len(self._own) // 2 + self._turn) % len(self._own)]

    def _get_cold(self) -> Work:
        return Work(self._getting(self._next()), self._memory.on.reopen)

    def _get_warm(self) -> Work:
        act = self._getting(self._next())
        return Work(act, lambda: self._memory.run(act()))

    def _getting(self, one: Entity) -> Callable[[], Coroutine[Any, Any, str]]:
        async def act() -> str:
            text = await self._memory.handle.get(OWN, self._memory.keys[one])
            return "" if text == one.text else f"{one.mark} came back as {text!r}"

        return act

    def _search(self) -> Work:
        one = self._next()

        async def act() -> str:
            return why_wrong(await self._memory.handle.search(OWN, one.phrase, LIMIT), one)

        return Work(act)

    def _similar(self) -> Work:
        one = self._next()

        async def act() -> str:
            return why_wrong(await self._memory.handle.similar(OWN, one.text, LIMIT), one)

        return Work(act)

    def _relate(self) -> Work:
        one, other = self._next(), self._next()

        async def act() -> str:
            return await self._relating(one, other)

        return Work(act)

    def _related(self) -> Work:
        one, other = self._next(), self._next()

        async def act() -> str:
            found = await self._memory.handle.related(OWN, self._memory.keys[one])
            return why_wrong(found, other)

        return Work(act, lambda: self._memory.run(self._relating(one, other)))

    async def _relating(self, one: Entity, other: Entity) -> str:
        keys = self._memory.keys
        done = await self._memory.handle.relate(OWN, keys[one], keys[other])
        return "" if done else f"{one.mark} was not related, as the SDK says"
