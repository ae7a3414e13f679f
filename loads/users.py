"""``python -m loads.users``: play a load with Locust, in Locust's environment; rows on standard
output, as ``mocks.worlds.service.lines`` has them.

Ends when its standard input does. Exit code 0 when the load is over; 2 with one line on standard
error if it cannot be, or broke off.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from loads.lifeline import Lifeline
from loads.spec import VARIABLE, LoadSpec, NoService
from meters.sockets import free_port
from mocks.openai.endpoint import is_loopback
from mocks.worlds.service.load_options import BAD_USAGE, LoadParser, add_options, profile_from
from mocks.worlds.service.profiles import ProfileError
from targets.loading import DriverError

SPAWN_RATE = 1000
"""Users a second that Locust makes; they come when the profile says."""

MOST_WORKERS = 64
GRACE_S = 2.0

_LOCUSTFILE = Path(__file__).with_name("locustfile.py")


def main(arguments: Sequence[str] | None = None) -> int:
    """Start Locust's processes, and end them."""
    parser = LoadParser(prog="python -m loads.users", description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--target", default="")
    parser.add_argument("--workers", type=_workers, default=0)
    parser.add_argument("--allow-remote", action="store_true")
    add_options(parser)
    options = parser.parse_args(arguments)
    lifeline = Lifeline()
    with tempfile.TemporaryDirectory(prefix="unladen-load-") as folder:
        path = Path(folder, "spec.json")
        try:
            spec = _spec(options)
            spec.endpoints()
        except (ProfileError, NoService, DriverError) as error:
            return _refused(str(error))
        spec.write(path)
        with tempfile.TemporaryFile() as said:
            locust = Locust(path, spec, said)
            try:
                locust.start(options.workers)
                lifeline.wait(math.inf, locust.is_over)
                if lifeline.is_cut.is_set():
                    return _refused("the load was interrupted")
                return _refused(locust.trouble) if locust.trouble else 0
            finally:
                locust.end()


def _spec(options: argparse.Namespace) -> LoadSpec:
    host = urlsplit(options.url).hostname or ""
    if not is_loopback(host) and not options.allow_remote:
        raise NoService(f"{host} is another machine: add --allow-remote if you may load it")
    return LoadSpec.of(
        profile_from(options),
        url=options.url,
        target=options.target,
        seed=options.seed,
        limit=options.limit,
        sources=max(options.workers, 1),
        output=os.dup(sys.stdout.fileno()),  # Locust's own standard output is not for rows
    )


class Locust:
    """Locust's processes: one, or a master and its workers."""

    def __init__(self, path: Path, spec: LoadSpec, said: IO[bytes]) -> None:
        """``path``: of the spec; ``said``: gets what they write."""
        self._variables = {**os.environ, VARIABLE: str(path)}
        self._spec = spec
        self._processes: list[subprocess.Popen[bytes]] = []
        self._said = said

    def start(self, workers: int) -> None:
        """Start them; without workers it is one process that does all."""
        master = [
            *("--headless", "--only-summary", "--stop-timeout", "1"),
            *("--users", str(self._spec.spawned), "--spawn-rate", str(SPAWN_RATE)),
        ]
        if workers == 0:
            self._add(master)
            return
        port = str(free_port())
        bind = ["--master", "--master-bind-host=127.0.0.1", f"--master-bind-port={port}"]
        self._add([*master, *bind, "--expect-workers", str(workers)])
        for _ in range(workers):
            self._add(["--worker", "--master-host=127.0.0.1", f"--master-port={port}"])

    def _add(self, arguments: Sequence[str]) -> None:
        command = [sys.executable, "-m", "locust", "-f", str(_LOCUSTFILE), "--loglevel=WARNING"]
        self._processes.append(
            subprocess.Popen(
                [*command, *arguments],
                env=self._variables,
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                pass_fds=[self._spec.output],
                start_new_session=True,
            )
        )

    def is_over(self) -> bool:
        """Whether the first process, the master, is over, or another too early."""
        codes = [process.poll() for process in self._processes]
        return codes[0] is not None or any(codes[1:])

    @property
    def trouble(self) -> str:
        """Why the load broke off; "" if it did not."""
        codes = [process.poll() for process in self._processes]
        bad = next((code for code in codes if code), None)
        if bad is None:
            return ""
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").split("\n")
        said = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f"Locust ended with code {bad}: {said}"

    def end(self) -> None:
        """Ask those that are left to end, then kill them."""
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
        for process in self._processes:
            try:
                process.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_WORKERS):
        raise argparse.ArgumentTypeError(f"must be a number up to {MOST_WORKERS}, not {text!r}")
    return int(text)


def _refused(message: str) -> int:
    print(f"unladen: {message}", file=sys.stderr)
    return BAD_USAGE


if __name__ == "__main__":
    sys.exit(main())
