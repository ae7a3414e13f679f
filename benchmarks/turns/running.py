"""A runtime that takes turns, on a machine of its own, with its model on the network."""

from __future__ import annotations

from contextlib import AbstractContextManager, AsyncExitStack, ExitStack
from types import TracebackType
from typing import Self

from benchmarks.core import subject
from benchmarks.core.on_machine import OnMachine, Stacked, bytes_in, folder_in_memory
from benchmarks.core.ties import wakeups
from meters.sqlite_rows import SqliteRows
from mocks.model import Faults, Model
from mocks.openai.server import ModelServer
from mocks.worlds.turns.dialect import DIALECT
from mocks.worlds.turns.script import LATENCY_S, script
from mocks.worlds.turns.world import MODEL_HOST, MODEL_PORT, TurnsWorld
from targets.opening import finished
from targets.protocols.turns import Runtime, Turns

ALLOWED = 20
"""Turns that the runtime may work on at the same time."""


class Running:
    """The runtime under test, ready. A context manager, entered once.

    ``allowed``: how many turns it may work on at the same time; ``faults``: what goes wrong with
    the calls of ``model``. ``rows`` counts those that SQLite changes. Raises ``Unavailable`` where
    the SDK has none.
    """

    world: TurnsWorld
    on: OnMachine[Stacked[Runtime]]
    rows: SqliteRows

    def __init__(self, *, allowed: int = ALLOWED, faults: Faults | None = None) -> None:
        self._offered = subject.capability(Turns)
        self._allowed = allowed
        self.model = Model(script, latency=LATENCY_S, faults=faults, wakeups=wakeups())
        self.rows = SqliteRows()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with self._stack:
            folder = self._stack.enter_context(folder_in_memory("turns"))
            self.world = TurnsWorld(model=self.model, folder=folder, allowed=self._allowed)
            self.on = self._stack.enter_context(OnMachine(self._open))
            self._stack = self._stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @property
    def runtime(self) -> Runtime:
        """What takes the turns."""
        return self.on.handle.used

    def traced(self) -> AbstractContextManager[None]:
        """Within, steps may take as much more CPU as code does that is traced."""
        return self.on.traced()

    def stored_bytes(self) -> int:
        """Bytes of all files in the world's folder."""
        return bytes_in(self.world.folder)

    async def _open(self) -> Stacked[Runtime]:
        async with AsyncExitStack() as stack:
            stack.enter_context(self.rows)
            server = await stack.enter_async_context(ModelServer(self.model, DIALECT))
            await server.listen(MODEL_HOST, MODEL_PORT)
            runtime = await finished(self._offered.open(self.world))
            stack.push_async_callback(runtime.close)
            return Stacked(runtime, stack.pop_all())
