"""The warm server that benchmark processes are forked from (``server.py``), from outside."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from asv.util import UserError

SERVER = Path(__file__).with_name("server.py")

TIMED_OUT = -256
"""asv's exit code of a process that took longer than it may."""


Do = Literal["cache", "run", "skip"]
"""What is done in a step; see ``server.py``."""


@dataclass(frozen=True)
class WorkStep:
    """What a process is to do: fill a ``cache``, ``run`` a cell, or ``skip`` it if it is n/a.
    ``params``: asv's JSON of attributes; ``output``, ``result``, ``profile``: files; ``limit``:
    seconds, None for as long as it takes."""

    do: Do
    name: str
    params: str
    output: str
    result: str = ""
    limit: float | None = None
    profile: str = "None"


@dataclass(frozen=True)
class Done:
    """What became of a step. ``code``: its exit code, None if it was not done, for its process had
    ended; ``seconds``: how long it took."""

    output: str
    code: int | None
    seconds: float


class ServerEnded(UserError):  # type: ignore[misc]  # asv has no types
    """The server is not there any more."""


class ForkedProcesses:
    """A server for one commit, and the processes that are forked from it."""

    def __init__(self, env: Any, root: str) -> None:
        """Start it. ``env``: asv's environment; ``root``: the folder of the benchmarks."""
        self.folder = tempfile.mkdtemp(prefix="unladen-fork-")
        address = os.path.join(self.folder, "socket")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(address)
        listener.listen(1)
        self._steps: dict[int, Sequence[WorkStep]] = {}
        self._number = 0
        self._unread = b""
        self._printed = ""
        self._server = env.run(
            [str(SERVER), os.path.abspath(root), address],
            return_popen=True,
            redirect_stderr=True,
            env={**os.environ, **env.env_vars},
        )
        self._reader = threading.Thread(target=self._read_output)
        self._reader.start()
        try:
            self._connection = self._accept(listener)
        except BaseException:
            self._stop()
            raise
        finally:
            listener.close()

    def imported(self) -> str:
        """Wait until the suite is imported; what was printed meanwhile."""
        return str(self._message()["imported"])

    def start(self, steps: Sequence[WorkStep], folder: str, *, together: bool, frozen: bool) -> int:
        """Have a process do these steps in this folder; its number. ``together``: it is for several
        steps, and ends with one that cannot be done there; ``frozen``: its collector leaves alone
        what the server has made."""
        self._number += 1
        self._steps[self._number] = steps
        order = {
            "job": self._number,
            "steps": [asdict(step) for step in steps],
            "folder": folder,
            "together": together,
            "frozen": frozen,
        }
        try:
            self._connection.sendall(json.dumps(order).encode() + b"\n")
        except OSError as error:
            raise self._ended() from error
        return self._number

    def next_done(self) -> tuple[int, list[Done]]:
        """Wait for a process to end; its number, and what became of its steps."""
        message = self._message()
        number = int(message["job"])
        steps = self._steps.pop(number)
        done = zip(steps, message["codes"], message["seconds"], strict=True)
        return number, [Done(_taken(step.output), code, seconds) for step, code, seconds in done]

    def file(self, name: str) -> str:
        """A path for a file that is gone with the server."""
        return os.path.join(self.folder, name)

    def close(self) -> str:
        """End the server and all that it has started; what it printed itself."""
        self._connection.close()
        self._stop()
        return self._printed

    def _stop(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()
        self._reader.join()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read_output(self) -> None:
        with self._server.stdout as pipe:
            self._printed = pipe.read().decode("utf-8", "replace")

    def _accept(self, listener: socket.socket) -> socket.socket:
        while not select.select([listener], [], [], 0.2)[0]:
            if self._server.poll() is not None:
                raise self._ended()
        return listener.accept()[0]

    def _message(self) -> dict[str, Any]:
        while b"\n" not in self._unread:
            try:
                text = self._connection.recv(1 << 16)
            except OSError as error:
                raise self._ended() from error
            if not text:
                raise self._ended()
            self._unread += text
        line, _, self._unread = self._unread.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message

    def _ended(self) -> ServerEnded:
        with contextlib.suppress(Exception):
            self._server.wait(timeout=5)
        return ServerEnded(f"Process exited with code {self._server.poll()}")


def _taken(path: str) -> str:
    """What is in a file of output, which is removed."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        os.unlink(path)
    except FileNotFoundError:
        return ""
    return text
