"""A service that runs as a real process, on this machine's loopback, before a mock model.

What it does costs real time and CPU, so nothing of it is exact. It is in a process group of its
own, and nothing of it outlives the measurement (``meters.server_process``).
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.core import subject
from benchmarks.core.cells import value_of
from benchmarks.core.forked import in_child
from benchmarks.service.running import USERS, Provider
from meters.postgres import NoPostgres, Postgres, postgres
from meters.server_process import GRACE_S, ServerEnd, ServerProcess
from meters.sockets import free_port
from mocks.model import Model
from mocks.openai.server import ModelServer, in_thread
from mocks.worlds.service.dialect import DIALECT
from mocks.worlds.service.ready import answers
from mocks.worlds.service.users import users
from mocks.worlds.service.world import ServiceWorld
from targets.environment import process_folder
from targets.protocol import Unavailable
from targets.protocols.service import Service, Start

READY_S = 60.0
"""Real seconds in which a service must be ready: a busy machine is no failure."""

QUIET_S = 0.15
BUSY_SHARE = 0.5
SETTLE_S = 10.0
"""All workers of a service have started when for ``QUIET_S`` they take less than ``BUSY_SHARE`` of
a core; that is waited for so long at most."""

PROVIDER = Provider(latency_s=0.0)
"""The model answers at once, and says the words of a stream one by one as it usually does."""


@dataclass(frozen=True)
class Surroundings:
    """What a service is started in, any number of times. ``model_port``:
    where its model is; ``database``: its server, if it wants one."""

    offered: Service
    world: ServiceWorld
    model: Model
    model_port: int
    database: Postgres | None


@contextmanager
def surroundings() -> Iterator[Surroundings]:
    """One for the service under test, prepared. Raises ``Unavailable`` where it cannot be started
    as a process here."""
    offered = subject.capability(Service)
    if offered.command is None:
        raise Unavailable("the driver starts no process")
    if not Path("/proc/self/stat").exists():
        raise Unavailable("a process is watched through /proc, which is not there")
    with ExitStack() as stack:
        database = _database(stack) if offered.wants_postgres else None
        folder = _folder(stack, "unladen-process-")
        model = PROVIDER.model()
        served = stack.enter_context(
            in_thread(ModelServer(model, DIALECT, calls=offered.calls)),
        )
        world = ServiceWorld(
            model=model,
            users=users(USERS),
            model_url=served.url,
            folder=folder,
            database_url="" if database is None else database.url,
        )
        # What the preparation leaves in its process is no part of the service.
        value_of(in_child(partial(offered.prepare, world)))
        yield Surroundings(offered, world, model, served.port, database)


class Started:
    """The service as a real process, ready. A context manager.

    ``ready_s``, ``ready_cpu_s``: real seconds, and CPU seconds of all its processes, from its start
    to the first right answer; ``ready_bytes``: the resident memory that they have then.
    """

    ready_s: float
    ready_cpu_s: float
    ready_bytes: int

    def __init__(self, around: Surroundings, workers: int = 1) -> None:
        self.around = around
        self.start = Start(around.world, free_port(), workers)
        self._process: ServerProcess | None = None

    def __enter__(self) -> Self:
        offered, start = self.around.offered, self.start
        assert offered.command is not None
        more = offered.variables(start) if offered.variables else {}
        folder = start.world.folder
        process = ServerProcess(
            offered.command(start),
            folder=folder,
            variables={**os.environ, **more},
            log=folder / "unladen-server.log",
        )
        try:
            self.ready_s = process.wait_until_ready(
                lambda: answers(offered.ready, start.port), READY_S
            )
        except BaseException:
            process.stop(0.0)
            raise
        self._process = process
        self.ready_cpu_s = self.cpu_s()
        self.ready_bytes = self.resident_bytes()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.stop(0.0)

    @property
    def port(self) -> int:
        """Where it listens on the loopback interface."""
        return self.start.port

    def cpu_s(self) -> float:
        """CPU seconds of all its processes up to now."""
        return self._running.cpu_s()

    def resident_bytes(self) -> int:
        """Resident memory of all its processes; what they share counts for each."""
        return sum(self._running.resident_bytes())

    def settle(self) -> None:
        """Wait until all its workers have started."""
        deadline = time.monotonic() + SETTLE_S
        before = -math.inf
        while (now := self.cpu_s()) - before > BUSY_SHARE * QUIET_S:
            if time.monotonic() > deadline:
                return
            before = now
            time.sleep(QUIET_S)

    def stop(self) -> ServerEnd:
        """Ask it to end, and kill it if it has not after ``GRACE_S``."""
        return self._running.stop(GRACE_S)

    @property
    def _running(self) -> ServerProcess:
        if self._process is None:
            raise RuntimeError("the service is not started")
        return self._process


def _database(stack: ExitStack) -> Postgres:
    try:
        return stack.enter_context(postgres(_folder(stack, "unladen-postgres-")))
    except NoPostgres as error:
        raise Unavailable(f"it wants Postgres: {error}") from None


def _folder(stack: ExitStack, prefix: str) -> Path:
    """One that is there as long as the stack is open."""
    folder = process_folder(prefix, Path(tempfile.gettempdir()))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder
