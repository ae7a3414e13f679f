"""The SDK's reader of rules on a machine, and a file that is written for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.core import subject
from benchmarks.core.on_machine import OnMachine, folder_in_memory
from mocks.worlds.rules.files import RuleFile, marks_in
from mocks.worlds.rules.world import RulesWorld, no_model
from targets.opening import finished
from targets.protocols.rules import Interpreted, RuleReader, Rules

CHANGED_S = 10.0
"""Seconds between two changes of a file, by the times that it bears."""


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading a file once; the reader is kept with it, as a user would."""

    reader: RuleReader
    loaded: object
    interpreted: Interpreted

    @property
    def marks(self) -> list[str]:
        """The marks of the rules among the constraints."""
        return [mark for text in self.interpreted.constraints for mark in marks_in(text)]


class Reading:
    """A reader, and the file that it reads, which can be changed."""

    def __init__(self, on: OnMachine[RuleReader], offered: Rules, world: RulesWorld) -> None:
        self.on = on
        self.file = RuleFile(1, offered.language)
        self.path = Path()
        self._offered = offered
        self._world = world
        self._changes = 0

    def write(self, kilobytes: int) -> None:
        """Write a file of that size, in the words of the SDK."""
        self._put(RuleFile(kilobytes, self._offered.language))

    def change(self) -> None:
        """Give each of its rules another mark; its size stays, its time goes on."""
        self._put(RuleFile(self.file.kilobytes, self.file.language, self.file.changes + 1))

    async def fresh(self) -> Read:
        """Read it by a reader that has read nothing yet."""
        return await self._read(await self.opened())

    async def opened(self) -> RuleReader:
        """A reader that has read nothing yet."""
        return await finished(self._offered.open(self._world))

    async def again(self) -> Read:
        """Read it by the reader that is there."""
        return await self._read(self.on.handle)

    async def _read(self, reader: RuleReader) -> Read:
        loaded = await reader.load(self.path)
        return Read(reader, loaded, await reader.interpret(loaded))

    def _put(self, file: RuleFile) -> None:
        self.file = file
        self.path = file.write(self._world.folder)
        self._changes += 1
        written = self.path.stat().st_mtime + self._changes * CHANGED_S
        os.utime(self.path, (written, written))


@contextmanager
def reading(kilobytes: int) -> Iterator[Reading]:
    """A reader that is open, and a file of that size. Raises what opening raises."""
    offered = subject.capability(Rules)
    with folder_in_memory("rules") as folder:
        world = RulesWorld(model=no_model(), folder=folder)
        with OnMachine(lambda: offered.open(world)) as on:
            found = Reading(on, offered, world)
            found.write(kilobytes)
            yield found
