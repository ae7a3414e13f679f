"""The process that benchmark processes are forked from, in the environment of the SDK under test.

``python server.py BENCHMARK_DIR SOCKET`` connects to the socket, imports the suite as asv's fork
server does, and then runs jobs until the socket is closed. A job is one child process and the steps
that it does in order, each with an output, a time limit and an exit code of its own:

- ``cache``: a ``setup_cache``, its pickle written to the working directory;
- ``run``: a cell, as asv runs it in a process of its own;
- ``skip``: a cell, if its ``setup`` says that it is n/a. Otherwise the job ends there, for the cell
  has to be measured in a process where nothing has been tried before.

A child does with asv_runner's own functions what asv's processes do, with the same ``sys.path`` and
finders, for some exact figures see them. Only the standard library and asv_runner are needed.
"""

from __future__ import annotations

import gc
import json
import math
import os
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

from asv_runner._aux import posix_redirect_output, set_cpu_affinity_from_params, update_sys_path
from asv_runner.benchmarks import _base
from asv_runner.discovery import disc_modules, get_benchmark_from_name
from asv_runner.run import _run
from asv_runner.setup_cache import _setup_cache

TIMED_OUT = -256
"""asv's exit code of a process that took longer than it may."""

_PATIENCE_S = 0.05
"""From the signal that asks a child to end to the one that it cannot ignore."""


class Job:
    """A child process, and what is known of its steps: their exit codes, None of those that it has
    not done, and how many seconds they took. ``progress``: where it says how far it is, if it has
    several steps."""

    def __init__(self, number: int, limits: list[float | None], pid: int, progress: int | None):
        self.number = number
        self.pid = pid
        self.progress = progress
        self.codes: list[int | None] = [None] * len(limits)
        self.seconds = [0.0] * len(limits)
        self._limits = limits
        self._current = 0
        self._began = time.monotonic()
        self._asked_to_end: float | None = None

    @property
    def deadline(self) -> float | None:
        """When it has to be ended; None if it may take as long as it likes."""
        if self._asked_to_end is not None:
            return self._asked_to_end + _PATIENCE_S
        if self._current == len(self._limits):
            return None
        limit = self._limits[self._current]
        return None if limit is None else self._began + limit

    def end(self, now: float) -> None:
        """Ask it to end; the second time, kill it."""
        is_asked = self._asked_to_end is not None
        os.kill(self.pid, signal.SIGKILL if is_asked else signal.SIGTERM)
        self._asked_to_end = now

    def hear(self) -> None:
        """Take in what it says: for each step that it has done the exit code, a digit."""
        assert self.progress is not None
        for digit in os.read(self.progress, 4096):
            self._done(digit - ord("0"))

    def over(self, status: int) -> None:
        """Its process has ended."""
        if self.progress is not None:
            os.set_blocking(self.progress, False)
            with suppress(BlockingIOError):  # a process of its own may hold the pipe open
                self.hear()
            os.close(self.progress)
        elif self._asked_to_end is not None:
            self._done(TIMED_OUT)
        else:
            self._done(os.waitstatus_to_exitcode(status))

    def _done(self, code: int) -> None:
        now = time.monotonic()
        self.codes[self._current] = code
        self.seconds[self._current] = now - self._began
        self._current += 1
        self._began = now


class Server:
    """Forks a child for each job, any number of them at once, and tells what became of them."""

    def __init__(self, root: str, connection: socket.socket) -> None:
        self._root = root
        self._connection = connection
        self._jobs: dict[int, Job] = {}
        self._unread = b""
        self._woken, waking = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(waking, False)
        signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _nothing)
        self._finders = list(sys.meta_path)
        update_sys_path(root)
        # For each benchmark asv_runner reads its source, for what asv has been told at discovery.
        _base.get_source_code = lambda items: ""
        _base.get_setup_cache_key = lambda function: None if function is None else ""

    def import_suite(self) -> None:
        """Import all benchmarks; what is printed meanwhile is told."""
        descriptor, path = tempfile.mkstemp()
        os.close(descriptor)
        try:
            with posix_redirect_output(path, permanent=False):
                for _ in disc_modules(os.path.basename(self._root), ignore_import_errors=True):
                    pass
            with open(path, errors="replace") as file:
                self._tell({"imported": file.read()})
        finally:
            os.unlink(path)

    def serve(self) -> None:
        """Do jobs until the other side hangs up."""
        try:
            while self._wait():
                self._collect()
                now = time.monotonic()
                for job in self._jobs.values():
                    if job.deadline is not None and now >= job.deadline:
                        job.end(now)
        finally:
            for job in self._jobs.values():
                os.kill(job.pid, signal.SIGKILL)

    def _wait(self) -> bool:
        """Wait until something happens; whether there is still somebody to work for."""
        poll = select.poll()
        talking = {job.progress: job for job in self._jobs.values() if job.progress is not None}
        for descriptor in (self._connection.fileno(), self._woken, *talking):
            poll.register(descriptor, select.POLLIN)
        deadlines = [job.deadline for job in self._jobs.values() if job.deadline is not None]
        left = min(deadlines) - time.monotonic() if deadlines else None
        for descriptor, _ in poll.poll(None if left is None else max(0, math.ceil(left * 1000))):
            if descriptor == self._woken:
                os.read(self._woken, 4096)
            elif descriptor in talking:
                talking[descriptor].hear()
            elif not self._listen():
                return False
        return True

    def _listen(self) -> bool:
        text = self._connection.recv(1 << 16)
        *lines, self._unread = (self._unread + text).split(b"\n")
        for line in lines:
            self._start(json.loads(line))
        return bool(text)

    def _tell(self, message: dict[str, Any]) -> None:
        self._connection.sendall(json.dumps(message).encode() + b"\n")

    def _collect(self) -> None:
        for job in list(self._jobs.values()):
            pid, status = os.waitpid(job.pid, os.WNOHANG)
            if pid:
                del self._jobs[job.number]
                job.over(status)
                self._tell({"job": job.number, "codes": job.codes, "seconds": job.seconds})

    def _start(self, order: dict[str, Any]) -> None:
        steps = order["steps"]
        reading, writing = os.pipe() if order["together"] else (None, None)
        pid = os.fork()
        if pid == 0:
            self._be_child(order, writing)
        if writing is not None:
            os.close(writing)
        limits = [step["limit"] for step in steps]
        self._jobs[order["job"]] = Job(order["job"], limits, pid, reading)

    def _be_child(self, order: dict[str, Any], writing: int | None) -> NoReturn:
        """Be a benchmark process."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._connection.close()
            sys.stdin.close()
            if order["frozen"]:
                gc.freeze()  # for the collector to look at all that is there takes long
            if writing is None:
                (step,) = order["steps"]
                code = self._step(step, order["folder"])
            else:
                for step in order["steps"]:
                    os.write(writing, b"%d" % self._step(step, order["folder"]))
                code = 0
        finally:
            os._exit(code)

    def _step(self, step: dict[str, Any], folder: str) -> int:
        """Do one step, its output in its file; its exit code."""
        finders = list(sys.meta_path)
        with _redirected(step["output"]):
            try:
                os.chdir(folder)
                self._do(step)
            except _NotSkipped:
                os._exit(0)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is the cell's
                if step["do"] == "cache":
                    sys.stdout.flush()  # as Python does when a process ends with an exception
                _print_from(error, frames=2)
                return 1
            finally:
                sys.meta_path[:] = finders
        return 0

    def _do(self, step: dict[str, Any]) -> None:
        name, params = step["name"], step["params"]
        if step["do"] == "cache":
            sys.meta_path[:] = self._finders  # asv gives it a process that has no more than these
            _setup_cache((self._root, name, params))
        elif step["do"] == "run":
            _run((self._root, name, params, step["profile"], step["result"]))
        else:
            self._skip(name, params, step["result"])

    def _skip(self, name: str, params: str, result: str) -> None:
        extra = json.loads(params)
        set_cpu_affinity_from_params(extra)
        extra.pop("cpu_affinity", None)
        benchmark = get_benchmark_from_name(self._root, name, extra_params=extra)
        benchmark.set_cache(None)
        try:
            is_skipped = benchmark.do_setup()
        except BaseException as error:
            raise _NotSkipped from error
        if not is_skipped:
            raise _NotSkipped
        benchmark.do_teardown()
        with open(result, "w") as file:
            json.dump(math.nan, file)


class _NotSkipped(BaseException):
    """The cell is not n/a: it has to be measured elsewhere."""


@contextmanager
def _redirected(path: str) -> Iterator[None]:
    """All output goes to a file from here on, that of this process's children too."""
    sys.stdout.flush()
    sys.stderr.flush()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(file, sys.stdout.fileno())
    os.dup2(file, sys.stderr.fileno())
    os.close(file)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _print_from(error: BaseException, frames: int) -> None:
    """Print a traceback without its first frames, which are of this module."""
    trace = error.__traceback__
    for _ in range(frames):
        trace = trace and trace.tb_next
    traceback.print_exception(type(error), error, trace)


def _nothing(number: int, frame: FrameType | None) -> None:
    """For a signal that only has to wake up who waits."""


def _clean_path() -> None:
    """Make ``sys.path`` that of asv's own processes (``asv/benchmark.py``)."""
    if not sys.flags.safe_path and sys.path[0] == os.path.dirname(os.path.abspath(__file__)):
        sys.path.pop(0)
    if "ASV_PYTHONPATH" in os.environ:
        for path in reversed(os.environ["ASV_PYTHONPATH"].split(os.pathsep)):
            if path not in sys.path:
                sys.path.insert(0, path)
    else:
        for path in os.environ.get("PYTHONPATH", "").split(os.pathsep):
            if path and path in sys.path:
                sys.path.remove(path)


def _main() -> None:
    root, address = sys.argv[1:]
    _clean_path()
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(address)
    server = Server(root, connection)
    server.import_suite()
    server.serve()


if __name__ == "__main__":
    try:
        _main()
    except (KeyboardInterrupt, BrokenPipeError, ConnectionResetError):
        sys.exit(1)
