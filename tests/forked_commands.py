"""Commands of ours that start at once: each is a fork of a process that has imported them.

Starting Python and importing asv and numpy takes most of a second of CPU, a hundred times what many
commands take, and tests run a thousand of them. What is forked has parsed no argument and loaded
no command, and ends as any Python does, ``atexit`` and all. What depends on the start itself
(signals that come early, what is imported, encodings) is tested with ``python -m unladen``. The
host is calibrated with fewer repetitions, which takes a tenth.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import random
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[1]

_AT_START = ("PYTHON", "LC_", "LANG")
"""How variables begin that Python looks at when it starts."""


def run_unladen(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """As ``subprocess.run`` of ``python -m unladen``, its output captured."""
    command = [sys.executable, "-m", "unladen", *arguments]
    if _seen_at_start(variables) != _seen_at_start({**os.environ, "PYTHONPATH": str(ROOT)}):
        return subprocess.run(
            command, cwd=folder, env=variables, capture_output=True, text=True, check=False
        )
    code, output, errors = _server().run(arguments, folder, variables)
    return subprocess.CompletedProcess(command, code, output, errors)


def _seen_at_start(variables: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if name.startswith(_AT_START)}


@cache
def _server() -> _Server:
    """This process's. It ends when its end of the socket is closed, with this process."""
    return _Server()


class _Server:
    """The process that is forked."""

    def __init__(self) -> None:
        self._connect()

    def run(
        self, arguments: Sequence[str], folder: Path, variables: Mapping[str, str]
    ) -> tuple[int, str, str]:
        """The exit code of a command, as ``subprocess`` has it, its output and its errors."""
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            request = {"arguments": [*arguments], "folder": str(folder), "env": {**variables}}
            line = json.dumps(request).encode() + b"\n"
            try:
                socket.send_fds(self._socket, [b"!"], [output.fileno(), errors.fileno()])
                self._socket.sendall(line)
                answer = self._answers.readline()
            except BaseException:  # a time limit: what comes back later answers nobody
                self._socket.close()
                self._connect()
                raise
            return int(answer), _text(output), _text(errors)

    def _connect(self) -> None:
        self._socket, theirs = socket.socketpair()
        self._answers = self._socket.makefile("r")
        with theirs:
            subprocess.Popen(
                [sys.executable, str(Path(__file__).resolve()), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # Threads of its own would be in the way of forks.
                env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
            )


def _text(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def _serve(connection: socket.socket) -> int:
    """Fork for each request; in the fork, what the command returns."""
    _import_all()
    # What was imported stays: a fork that looked at it at its end would copy it all.
    gc.collect()
    gc.freeze()
    requests = connection.makefile("rb")
    while True:
        mark, files, _, _ = socket.recv_fds(connection, 1, 2)
        if not mark:
            return 0
        request = json.loads(requests.readline())
        process = os.fork()
        if process == 0:
            requests.close()
            connection.close()
            return _command(request, files)
        for file in files:
            os.close(file)
        _, status = os.waitpid(process, 0)
        connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _import_all() -> None:
    """What commands import, but for the commands, of which each loads only its own."""
    import unladen

    for module in pkgutil.walk_packages(unladen.__path__, "unladen."):
        room = module.name.split(".")[1]
        if room not in ("__main__", "commands", "_suite"):
            import_module(module.name)
    import_module("unladen.measure.calibration").WORKLOAD = ROOT / "tests" / "short_calibration.py"


def _command(request: dict[str, Any], files: Sequence[int]) -> int:
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["env"])
    for file, number in zip(files, (1, 2), strict=True):
        os.dup2(file, number)
        os.close(file)
    sys.argv = ["unladen", *request["arguments"]]
    sys.path[0] = request["folder"]
    random.seed()
    from unladen.__main__ import main

    return main()


if __name__ == "__main__":
    served = socket.socket(fileno=int(sys.argv[1]))
    served.set_inheritable(False)
    sys.exit(_serve(served))
