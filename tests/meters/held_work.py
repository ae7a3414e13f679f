"""Work that retains something, each held in another way, and what ``meters.holders`` tells of it:
a program of its own, whose walks over all objects are short."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from meters import holders, memory


class Said(NamedTuple):
    """An element, with fields that are items."""

    text: bytes
    by: str


class Log:
    """A plain object, whose attributes are in a table."""

    shared: dict[int, bytes] = {}  # noqa: RUF012 - that is what is held here

    def __init__(self) -> None:
        self.said: dict[int, list[Said]] = {}
        self.last: Said | None = None
        vars(self)["made_up"] = []

    def say(self, number: int) -> None:
        """Keep something."""
        self.said.setdefault(number, []).append(Said(bytes(1_000 + number), "me"))

    def replace(self, number: int) -> None:
        """Keep something in place of something else."""
        self.last = Said(bytes(500), "me")

    def let_go(self, number: int) -> None:
        """Keep something, and then nothing."""
        if number == 1:
            self.say(number)
        else:
            self.said.clear()

    def share(self, number: int) -> None:
        """Keep something in the class, and something under a name that no method has."""
        Log.shared[number] = bytes(4_000)
        vars(self)["made_up"].append(bytes(5_000))


@dataclass(slots=True)
class Box:
    """Attributes in slots."""

    items: list[bytes] = field(default_factory=list)

    def put(self, number: int) -> None:
        """Keep something."""
        self.items.append(bytes(3_000))


class Chain:
    """A linked list."""

    def __init__(self, below: Chain | None) -> None:
        self.below = below


class Trap:
    """Nobody may run anything of it."""

    def __init__(self) -> None:
        self.here = [1]

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)

    def __eq__(self, other: object) -> bool:
        raise AssertionError

    __hash__ = None  # type: ignore[assignment]


LOG = Log()
BOX = Box()
CHAINS: list[Chain | None] = []
WAITING: list[Coroutine[Any, Any, None]] = []
TRAP = Trap()


@functools.cache
def cached(number: int) -> bytes:
    """Kept by its function."""
    return bytes(2_000 + number)


def chain(number: int) -> None:
    """Keep a linked list."""
    end = None
    for _ in range(50):
        end = Chain(end)
    CHAINS.append(end)


async def pause(content: bytes) -> None:
    """Holds what it was given as long as it waits."""
    await asyncio.sleep(1)
    assert content


def wait(number: int) -> None:
    """Keep a coroutine."""
    WAITING.append(pause(bytes(6_000)))


WORK: dict[str, Callable[[int], object]] = {
    "say": LOG.say,
    "replace": LOG.replace,
    "let go": LOG.let_go,
    "share": LOG.share,
    "put": BOX.put,
    "cached": cached,
    "chain": chain,
    "wait": wait,
    "result": lambda number: [bytes(7_000 + number)],
}


def held(work: Callable[[int], object]) -> dict[str, Any]:
    """What the second call of ``work`` retains."""
    with holders.recording() as recorded:
        traced = memory.traced(lambda: work(2), warm_up=lambda: work(1))
    (call,) = recorded.calls
    assert call.found is not None
    ways = [
        [" > ".join(f"{step.edge} {step.kind.words}" for step in one.steps), one.size, one.objects]
        for one in call.found
    ]
    files = {step.kind.words: step.kind.file for one in call.found for step in one.steps}
    return {"traced": traced.retained, "retained": call.retained, "ways": ways, "files": files}


def main() -> None:
    """Print what is told of each."""
    LOG.say(9)
    plain = memory.traced(lambda: LOG.say(12), warm_up=lambda: LOG.say(11)).retained
    LOG.said.clear()
    LOG.say(9)
    found = {name: held(work) for name, work in WORK.items()}
    for one in WAITING:
        one.close()
    print(json.dumps({"plain": plain, "held": found}))


if __name__ == "__main__":
    main()
