"""A load in real time: Locust's users in an environment of their own, and for a target its service
as a real process, in the SDK's environment.

Both are processes that end when their standard input does: nothing outlives this command, even if
it is killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import msgspec

from unladen.errors import UserError
from unladen.interrupts import held
from unladen.load.engines.locust_environment import locust_python
from unladen.load.engines.options import LoadOptions
from unladen.load.engines.output import failure
from unladen.load.rows import LoadEnd
from unladen.measure.environment import UnladenEnvironment
from unladen.measure.variables import driver_variables
from unladen.project.project import Project
from unladen.project.suite import suite_root

AUTHORIZATION = "UNLADEN_LOAD_AUTHORIZATION"

USERS, SERVER = "loads.users", "loads.server"
"""The modules that play it. They are another room, so they are run, not imported."""

_GRACE_S = 30.0
"""What a process gets to end what it has started; the server's own is 10 s."""


class ChildProcess:
    """A process that ends when its standard input does."""

    def __init__(
        self, command: Sequence[str], folder: Path, variables: Mapping[str, str], what: str
    ) -> None:
        """Start it, in a session of its own: an interrupt from the terminal is not for it. Raises
        ``UserError``."""
        self._what = what
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            with held():
                self._process = subprocess.Popen(
                    [*command],
                    cwd=folder,
                    env={**variables},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._errors,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    start_new_session=True,
                )
        except OSError as error:
            raise UserError(f"{what} cannot be started: {error}") from error

    def lines(self) -> Iterator[str]:
        """What it prints, to its end."""
        assert self._process.stdout is not None
        yield from self._process.stdout

    def line(self) -> str:
        """The next line. Raises ``UserError`` if it ends without one."""
        assert self._process.stdout is not None
        line = str(self._process.stdout.readline())
        if not line:
            self.check()
            raise UserError(f"{self._what} ended without a word")
        return line

    def check(self) -> None:
        """Wait for its end. Raises ``UserError``, one line with the last that it said, if it
        failed."""
        code = self._process.wait()
        if code:
            raise UserError(failure(self._what, code, self._errors))

    def let_go(self) -> None:
        """Let it end."""
        stdin, self._process.stdin = self._process.stdin, None
        if stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                stdin.close()

    def end(self) -> None:
        """Let it end, and kill it if it does not."""
        self.let_go()
        try:
            self._process.communicate(timeout=_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()


def load_of_url(
    url: str, options: LoadOptions, workers: str, project: Project | None, allow_remote: bool
) -> Iterator[str]:
    """The lines of a load of a service that is running. ``project``: whose driver says what is
    asked. Raises ``UserError``."""
    target = [] if project is None else [f"--target={project.name}"]
    remote = ["--allow-remote"] if allow_remote else []
    driver = {} if project is None else driver_variables(project)
    yield from _users([f"--url={url}", *target, *remote], options, workers, driver)


def load_of_process(
    env: UnladenEnvironment, options: LoadOptions, workers: str, server_workers: str
) -> Iterator[str]:
    """The lines of a load of a target's service as a real process, with the commit that is
    installed in ``env``. Raises ``UserError``."""
    name = env.project.name
    locust_python()  # before the server runs: making it takes a while
    arguments = ["-m", SERVER, name, f"--workers={server_workers}", *options.of_model()]
    command, variables = env.command(arguments)
    server = ChildProcess(command, env.project.root, variables, f"{name}'s service")
    try:
        url = json.loads(server.line())["url"]
        asked = [f"--url={url}", f"--target={name}"]
        for line in _users(asked, options, workers, driver_variables(env.project)):
            if not line.startswith('{"t":"end"'):
                yield line
                continue
            server.let_go()
            facts = json.loads(server.line())["facts"]
            server.check()
            yield _with_facts(line, facts)
    finally:
        server.end()


def _with_facts(line: str, facts: Mapping[str, float]) -> str:
    end = msgspec.json.decode(line, type=LoadEnd)
    more = {**end.facts, **facts}
    return msgspec.json.encode(LoadEnd(seconds=end.seconds, facts=more)).decode() + "\n"


def _users(
    asked: Sequence[str], options: LoadOptions, workers: str, driver: Mapping[str, str]
) -> Iterator[str]:
    python = locust_python()
    command = [str(python), "-m", USERS, *asked, f"--workers={workers}", *options.arguments()]
    # Where the rooms are is where Python looks first: the folder that it is started in.
    users = ChildProcess(command, suite_root(), {**_variables(), **driver}, "Locust")
    try:
        yield from users.lines()
        users.check()
    finally:
        users.end()


def _variables() -> dict[str, str]:
    """What Locust needs, and nothing secret but what is meant for the service."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", AUTHORIZATION)
    return {name: os.environ[name] for name in kept if name in os.environ}
