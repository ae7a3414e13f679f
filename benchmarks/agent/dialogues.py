"""An SDK on a machine that keeps conversations, and what is said in these."""

from __future__ import annotations

import os
import signal
import threading
import tracemalloc
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Self

from benchmarks.agent.running import connected
from benchmarks.agent.workload import PLAIN, new_world, what_is_wrong
from benchmarks.core.kept import median_kept
from benchmarks.core.notes import wrong
from benchmarks.core.on_machine import OnMachine, Spent, Stacked, bytes_in, folder_in_memory
from benchmarks.core.parts import part
from meters.sqlite_rows import SqliteRows
from mocks.worlds.agent.errands import KEY, Errand
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores, StoresSdk


@dataclass(slots=True)
class Told:
    """A conversation: its name, where it is, and the errands that were asked for in it."""

    name: str
    dialogue: Dialogue
    errands: list[Errand] = field(default_factory=list)


class Talking:
    """Conversations that are kept so. A context manager, entered once. Raises ``Unavailable`` where
    the SDK has none."""

    on: OnMachine[Stacked[StoresSdk]]

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping
        self._offered = part(Stores)
        self._world = new_world(PLAIN)
        self._stack = ExitStack()
        self._errands = self._names = 0

    def __enter__(self) -> Self:
        with self._stack as stack:
            self._folder = stack.enter_context(folder_in_memory("agent"))
            self.on = stack.enter_context(OnMachine(self._open))
            self._rows = stack.enter_context(SqliteRows())
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def begun(self, turns: int) -> Told:
        """A new conversation of so many turns."""
        self._names += 1
        name = f"conversation-{self._names:05}"
        told = Told(name, self._begin(name))
        self.say(told, turns)
        return told

    def say(self, told: Told, turns: int = 1, more: int = 0) -> None:
        """So many more turns, with so many bytes more in what is asked."""
        for _ in range(turns):
            self._errands += 1
            errand = Errand(self._errands)
            self._world.clear()
            asked = errand.text + "x" * more
            ended: Ended = self.on.run(told.dialogue.say(asked))
            if problem := what_is_wrong(PLAIN, errand, ended):
                wrong(problem)
            told.errands.append(errand)

    def end(self, told: Told) -> None:
        """End the conversation; what is on disk stays."""
        self.on.run(told.dialogue.end())

    def spent_by(self, told: Told) -> Spent:
        """What one more turn takes."""
        before = Spent.on(self.on, self._rows)
        self.say(told)
        return Spent.on(self.on, self._rows).since(before)

    def remembered(self, told: Told) -> int:
        """Of how many turns the model is told in one more turn; where they are kept on disk, after
        the conversation was ended and begun again."""
        if self._keeping is Keeping.SQLITE:
            self.end(told)
            told.dialogue = self._begin(told.name)
        earlier = {errand.mark for errand in told.errands}
        self._world.hears_all = True
        try:
            self.say(told)
        finally:
            self._world.hears_all = False
        said = "\n".join(each.request.prompt for each in self._world.told)
        return len(earlier & {found[1] for found in KEY.finditer(said)})

    def stored(self, told: Told) -> int:
        """Bytes of all files in the folder of the conversation."""
        return bytes_in(self._folder / told.name)

    def traced(self) -> AbstractContextManager[None]:
        """Within, steps may take as much more CPU as code does that is traced."""
        return self.on.traced()

    def _begin(self, name: str) -> Dialogue:
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        begin = self.on.handle.used.begin
        return self.on.run(begin(self._world.spec(), self._keeping, name, folder))

    async def _open(self) -> Stacked[StoresSdk]:
        return await connected(self._offered, self._world)


SETTLE_S = 0.01
"""Real seconds between two looks at whether all other threads have come to where they wait."""

LOOKS = 1000
"""Looks after which what is held is read all the same."""

QUIET_LOOKS = 2
"""Looks in a row at which none runs: one that waits for the interpreter, which whoever looks has,
sleeps as one does that is done."""

_THREADS = "/proc/self/task"


def held(keeping: Keeping, work: Callable[[Talking], object]) -> int:
    """The median of what several such pieces of work leave behind, what they give included.

    All is traced from before the SDK is connected, so that no block is replaced that was not seen.
    A thread that has handed on its turn still holds what it needs to do so, until it waits.
    """
    tracemalloc.start(1)
    try:
        with Talking(keeping) as talking, talking.traced():
            return median_kept(lambda: partial(work, talking), _settle)
    finally:
        tracemalloc.stop()


def _settle() -> None:
    quiet = 0
    for _ in range(LOOKS):
        signal.sigtimedwait([], SETTLE_S)  # what else sleeps does so in virtual time
        quiet = 0 if _others_run() else quiet + 1
        if quiet == QUIET_LOOKS:
            return


def _others_run() -> bool:
    """Whether another thread of this process runs or is about to, as far as the system says."""
    if not os.path.isdir(_THREADS):
        return False
    own = str(threading.get_native_id())
    return any(_state(thread) == "R" for thread in os.listdir(_THREADS) if thread != own)


def _state(thread: str) -> str:
    try:
        with open(f"{_THREADS}/{thread}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return ""  # it has ended
