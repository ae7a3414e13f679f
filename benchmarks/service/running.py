"""A service that runs virtually: its own uvicorn and the model on one network in memory."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import logging
import shutil
from collections.abc import Callable, Coroutine, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, chdir, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self, TypeGuard, TypeVar, cast

from benchmarks.core import subject
from benchmarks.core.cells import Attempt, Broken, unless_left_out, value_of
from benchmarks.core.forked import each_fresh, give, in_child
from benchmarks.core.on_machine import TRACED, memory
from benchmarks.core.schedules import current_trial
from benchmarks.core.ties import are_reversed, wakeups
from mocks.clock import SPIN_EXIT, LastingClock, Spin
from mocks.clock.lasting import Background
from mocks.faults import PlannedFault
from mocks.machine import Machine
from mocks.model import Call, Faults, Model, RateLimit, Streaming
from mocks.net import Address, elsewhere
from mocks.openai.server import ModelServer
from mocks.worlds.service.dialect import DIALECT
from mocks.worlds.service.endpoints import Endpoint, Kind
from mocks.worlds.service.script import FIRST_TOKEN_S, LATENCY_S, PER_TOKEN_S, Script
from mocks.worlds.service.users import users
from mocks.worlds.service.world import (
    MODEL_PORT,
    MODEL_URL,
    SERVICE_HOST,
    SERVICE_PORT,
    ServiceWorld,
)
from targets.environment import process_folder
from targets.protocol import Unavailable
from targets.protocols.service import Served, Service, nothing

T = TypeVar("T")
K = TypeVar("K")

USERS = 200
"""Whom a service is prepared for."""

READY_S = 60.0
"""Virtual seconds in which a service must be ready."""

CACHE_TIMEOUT_S = 7200.0
"""Real seconds that asv gives all the figures of a class together: a busy machine is no failure."""

CHILD_LIMIT_S = 1800.0
"""Real seconds after which the process of one figure is killed: the proof of a spin takes seconds
of CPU, which on a busy machine may be minutes."""

LIMIT_S = 100_000.0
"""Virtual seconds after which what runs is given up: a server never lets a clock prove a hang."""


STEP_CPU_S = 2.0
"""Seconds of CPU that a step of a service may take: a hundred times what the longest steps take of
which anybody would say that the service is alive."""


class Frozen(Exception):
    """A step of the service never ends, so it answers nobody any more; the message is the proof."""


CALLER = "reached from "
"""How the further lines of a proof begin."""

_FROZEN = Frozen.__name__
_ENDED = f"exit code {SPIN_EXIT}"
"""How the reason begins and ends of one whose process had to be ended."""


class NotReady(Exception):
    """The service did not start; the message says what became of it."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What the model is like: virtual seconds to a whole answer, to the first word of a streamed
    one, between its words; what its provider allows (``None``: no limit)."""

    latency_s: float = LATENCY_S
    first_token_s: float = FIRST_TOKEN_S
    per_token_s: float = PER_TOKEN_S
    per_minute: int | None = None
    slots: int | None = None

    def model(self, faults: Faults | None = None) -> Model:
        """A model that is like this."""
        return Model(
            Script(),
            latency=self.latency_s,
            slots=self.slots,
            limit=None if self.per_minute is None else RateLimit(self.per_minute),
            faults=faults,
            streaming=Streaming(self.first_token_s, self.per_token_s),
            wakeups=wakeups(),
        )


class Running:
    """The service under test, ready, on a clock of its own. A context manager, entered once in a
    process: a service keeps what it did in its modules.

    ``world``: what surrounds it; ``machine``: what it runs on; ``served``: what the driver gave.
    """

    clock: LastingClock
    machine: Machine
    world: ServiceWorld
    served: Served

    def __init__(
        self,
        provider: Provider | None = None,
        planned: PlannedFault | None = None,
    ) -> None:
        self.offered = subject.capability(Service)
        self._planned = planned
        self._model = (provider or Provider()).model(planned)
        self._stack = ExitStack()
        self._server: Any = None

    def __enter__(self) -> Self:
        with self._stack:
            self._start()
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
    def calls(self) -> Sequence[Call]:
        """The calls to the model since ``forget``."""
        return self._model.calls

    def remarks(self) -> list[str]:
        """What whoever reads the figures must know, a line each: what the driver says; what has
        left the virtual clock, so that a figure may depend on it; where the service polls, burning
        CPU until the next instant; and for whom its loop stood still, in a blocking call."""
        network = self.machine.network
        escapes = [f"outside of virtual time: {escape}" for escape in self.machine.escapes]
        polls = [f"polls without waiting: {place}" for place in self.machine.busy_waits]
        blocks = [f"blocks its loop to wait for {_shown(one)}" for one in network.blocked]
        return [*self.served.remarks, *escapes, *polls, *blocks]

    def endpoint(self, kind: Kind) -> Endpoint:
        """The endpoint of this kind. ``Unavailable`` where the service has none."""
        found = self.offered.endpoint(kind)
        if found is None:
            raise Unavailable(f"the service has no endpoint of the kind {kind}")
        return found

    def run(self, coro: Coroutine[Any, Any, T], *, limit: float = LIMIT_S) -> T:
        """Run what users do to the end, the service beside it; they go on where it blocks its loop.
        Raises as ``VirtualClock.run`` does, and ``Frozen`` where a step of the service never
        ends."""
        try:
            return self.clock.run(elsewhere(coro), limit=limit)
        except Spin as spin:
            raise Frozen("\n".join([str(spin), *_callers(spin)])) from None

    def traced(self) -> AbstractContextManager[None]:
        """Within, steps may take as much more CPU as code does that is traced."""
        return self.machine.slower_steps(TRACED)

    def forget(self) -> None:
        """Drop what the mocks recorded so far."""
        self.world.clear()

    def rest(self, seconds: float) -> None:
        """Let the service alone for so many virtual seconds."""
        self.run(asyncio.sleep(seconds))

    def leave(self, value: object) -> NoReturn:
        """End this process at once, with this ``value`` of what it measures and the service as it
        stands: what it does when its users go is another matter."""
        shutil.rmtree(self.world.folder, ignore_errors=True)
        give(value)

    def _start(self) -> None:
        enter = self._stack.enter_context
        folder = process_folder("unladen-service-", memory())
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        # As a real process does: what it writes beside itself is nobody else's.
        enter(chdir(folder))
        self.world = ServiceWorld(
            model=self._model,
            users=users(USERS),
            model_url=MODEL_URL,
            folder=folder,
            trouble=self._planned,
        )
        _prepare(self.world, self.offered)
        self.clock = enter(LastingClock(reverse_ties=are_reversed(), trial=current_trial()))
        self.machine = enter(Machine(self.clock, step_cpu_s=STEP_CPU_S))
        for host, port in self.offered.allowed:
            self.machine.network.allow(host, port)
        # Held, for asyncio itself holds tasks weakly.
        self._answering = self.clock.background(elsewhere(self._answer()), name="model")
        self.served = self.clock.run(self._opened(), limit=LIMIT_S)
        if self.served.close is not None:
            self._stack.callback(self.served.close)
        self._serve()

    async def _answer(self) -> None:
        """Answer as the model, for ever."""
        server = ModelServer(
            self._model, DIALECT, calls=self.offered.calls, trouble=self.world.trouble
        )
        async with server:
            await server.listen(SERVICE_HOST, MODEL_PORT)
            await asyncio.get_running_loop().create_future()

    async def _opened(self) -> Served:
        opened = self.offered.open(self.world)
        return await opened if inspect.iscoroutine(opened) else cast(Served, opened)

    def _serve(self) -> None:
        uvicorn = importlib.import_module("uvicorn")
        settings = {
            "host": SERVICE_HOST,
            "port": SERVICE_PORT,
            "http": "h11",
            "loop": "none",
            "ws": "none",
            "log_config": None,
            "access_log": False,
            "timeout_graceful_shutdown": 5,
            **self.served.options,
        }
        server = uvicorn.Server(uvicorn.Config(self.served.app, **settings))
        complaints = self._stack.enter_context(_complaints())
        serving = self.clock.background(server.serve(), name="service")
        self._stack.callback(self._stop, server, serving)
        self.run(self._ready(server, serving, complaints))

    async def _ready(
        self, server: Any, serving: Background[None], complaints: Sequence[str]
    ) -> None:
        while not server.started:
            if serving.task.done():
                why = serving.task.exception() or "\n".join(complaints).strip()
                raise NotReady(f"the service did not start: {why}")
            if self.clock.now > READY_S:
                raise NotReady(f"the service was not ready after {READY_S:g} s")
            await asyncio.sleep(0.01)

    def _stop(self, server: Any, serving: Background[None]) -> None:
        """End it as a signal would, its own shutdown included."""
        server.should_exit = True
        self.run(asyncio.wait([serving.task], timeout=READY_S))


def _shown(address: Address) -> str:
    """``host:port``, or the path of a socket."""
    return address if isinstance(address, str) else ":".join(map(str, address[:2]))


def _callers(spin: Spin) -> list[str]:
    """From where the place of a spin was reached, a line each, the nearest first."""
    return [f"{CALLER}{place}" for place in spin.stack[-2 : -2 - _MOST_CALLERS : -1]]


_MOST_CALLERS = 4


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What uvicorn logs as errors meanwhile, such as why an application does not start. It is not
    printed: requests that fail are told by their rows."""
    said: list[str] = []

    class Heard(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if len(said) < _MOST_COMPLAINTS:
                said.append(record.getMessage())

    log, handler = logging.getLogger("uvicorn.error"), Heard(logging.ERROR)
    log.addHandler(handler)
    try:
        yield said
    finally:
        log.removeHandler(handler)


_MOST_COMPLAINTS = 10


_LOADED_WHEN_STARTED = (
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.h11_impl",
    "anyio._backends._asyncio",
    "httpcore",
    "sqlalchemy.dialects.sqlite.aiosqlite",
)
"""What services load when they start: once here, and not in each process."""


def fresh(measure: Callable[[], T], *, limit_s: float = CHILD_LIMIT_S) -> Attempt[T]:
    """``attempt(measure)`` in a process of its own, which has the service's modules and what it was
    prepared with, but has not started it."""
    return unless_left_out(partial(_fresh, measure, limit_s))


def _fresh(measure: Callable[[], T], limit_s: float) -> Attempt[T]:
    # What fails here fails in ``Running`` again, and is told from there.
    with suppress(Exception):
        offered = subject.capability(Service)
        for module in ("uvicorn", *offered.modules):
            importlib.import_module(module)
        for module in _LOADED_WHEN_STARTED:
            with suppress(ImportError):
                importlib.import_module(module)
        _prepared(offered.prepare)
    return in_child(measure, limit_s=limit_s)


def fresh_each(
    measures: Mapping[K, Callable[[], T]], kind: Callable[[K], Hashable]
) -> dict[K, Attempt[T]]:
    """``fresh`` for each. Where a step of the service never ends, whatever else asks for the same
    ``kind`` of thing is not tried again: it fails as the first one did."""
    return each_fresh(measures, fresh, is_frozen, kind)


def is_frozen(cell: Attempt[T]) -> TypeGuard[Broken]:
    """Whether there is no value because a step of the service never ends."""
    return isinstance(cell, Broken) and (_FROZEN in cell.reason or _ENDED in cell.reason)


def _prepare(world: ServiceWorld, offered: Service) -> None:
    """Put into the world's folder what the driver prepares."""
    prepared = _prepared(offered.prepare)
    if prepared is not None:
        shutil.copytree(value_of(prepared), world.folder, dirs_exist_ok=True)


@cache
def _prepared(prepare: Callable[[ServiceWorld], None]) -> Attempt[Path] | None:
    """A folder with what the driver prepares, made once in this process and those forked from it
    afterwards; ``None`` if there is nothing to prepare."""
    if prepare is nothing:
        return None
    folder = process_folder("unladen-prepared-", memory())
    world = ServiceWorld(
        model=Provider().model(), users=users(USERS), model_url=MODEL_URL, folder=folder
    )

    def filled() -> Path:
        prepare(world)
        return folder

    # What the preparation leaves in its process is no part of the service.
    return in_child(filled, limit_s=CHILD_LIMIT_S)
