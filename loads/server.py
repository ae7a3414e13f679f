"""``python -m loads.server TARGET``: the service of a target as a real process, with a mock model,
in the environment of its SDK.

Prints one line of JSON as soon as the service is ready (its ``url``, and the seconds it took), and
one, ``facts``, when it has ended, which it does when standard input does. Exit code 2 with one line
on standard error if it cannot be started.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from loads.lifeline import Lifeline
from loads.model_server import Provider, provider
from loads.spec import NoService, service_of
from loads.watch import Watch
from meters.postgres import NoPostgres, Postgres, postgres
from meters.server_process import Ending, NotReady, ServerProcess
from meters.sockets import connections_at, free_port
from mocks.worlds.service.load_options import BAD_USAGE, LoadParser, add_model_options, count
from mocks.worlds.service.ready import answers
from mocks.worlds.service.users import users
from mocks.worlds.service.world import ServiceWorld
from targets.environment import prepare
from targets.loading import DriverError, load
from targets.protocols.service import Service, Start

USERS = 200
"""Whom a service is prepared for, as on the virtual clock."""

READY_S = 120.0
"""A service that is not ready by then is given up."""

SAMPLE_S = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Start it, watch it, end it."""
    parser = LoadParser(prog="python -m loads.server", description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--workers", type=count, default=1)
    add_model_options(parser)
    options = parser.parse_args(arguments)
    lifeline = Lifeline()
    try:
        service = service_of(options.target)
        if service.command is None:
            raise NoService(f"the driver of {options.target} starts no process: see --virtual")
        prepare(load(options.target))
        with (
            _database(service) as database,
            provider(options.latency, options.limit, service.calls) as model,
            tempfile.TemporaryDirectory(prefix="unladen-") as folder,
        ):
            world = ServiceWorld(
                model=model.model,
                users=users(USERS),
                model_url=model.url,
                folder=Path(folder),
                database_url="" if database is None else database.url,
            )
            _serve(service, model, world, database, options.workers, lifeline)
    except (DriverError, NoService, NoPostgres, NotReady, OSError) as error:
        print(f"unladen: {' '.join(str(error).split())}", file=sys.stderr)
        return BAD_USAGE
    return 0


@contextmanager
def _database(service: Service) -> Iterator[Postgres | None]:
    """A database server for the service, if it wants one. Raises ``NoPostgres``."""
    if not service.wants_postgres:
        yield None
        return
    with (
        tempfile.TemporaryDirectory(prefix="unladen-postgres-") as folder,
        postgres(Path(folder)) as server,
    ):
        yield server


def _serve(
    service: Service,
    model: Provider,
    world: ServiceWorld,
    database: Postgres | None,
    workers: int,
    lifeline: Lifeline,
) -> None:
    """From preparing to what is told at the end. Raises ``NotReady``, ``NoPostgres``,
    ``OSError``."""
    _prepare(service, world)
    start = Start(world, free_port(), workers)
    assert service.command is not None
    more = service.variables(start) if service.variables else {}
    process = ServerProcess(
        service.command(start),
        folder=world.folder,
        variables={**os.environ, **more},
        log=world.folder / "unladen-server.log",
    )
    with process as server:
        ready_s = server.wait_until_ready(
            lambda: lifeline.is_cut.is_set() or answers(service.ready, start.port), READY_S
        )
        watch = Watch(server)
        _say({"url": f"http://127.0.0.1:{start.port}", "ready_s": ready_s})
        while not lifeline.wait(SAMPLE_S, server.has_ended):
            watch.sample()
        watch.sample()
        left = connections_at(start.port)
        clients = None if database is None else database.clients()
        cpu_s = server.cpu_s()
        end = server.stop()
    facts = {
        "ready_s": ready_s,
        "cpu_s": cpu_s,
        "memory_bytes": watch.most_bytes,
        "memory_growth_bytes": watch.last_bytes - watch.first_bytes,
        "connections_left": left,
        "model_calls": model.calls,
        "model_refused": model.refused,
        "ended_by_itself": end.how is Ending.BY_ITSELF,
        "killed": end.how is Ending.KILLED,
        "processes_left": end.left,
    }
    if clients is not None:
        facts["database_connections_left"] = clients.total()
    _say({"facts": {name: float(value) for name, value in facts.items()}})


def _prepare(service: Service, world: ServiceWorld) -> None:
    """In a process of its own: what it leaves there is no part of the service."""
    preparing = multiprocessing.get_context("fork").Process(target=service.prepare, args=(world,))
    preparing.start()
    preparing.join()
    if preparing.exitcode:
        raise NotReady("what the driver prepares failed: see above")


def _say(line: dict[str, object]) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    sys.exit(main())
