"""The life of a server as a real process: started in a group of its own, waited for until it is
ready, watched, asked to end and, if it does not, killed. Which of these was needed is told.

CPU and memory are those of all processes of the group (Linux): its workers are in it, a process
that made a session of its own is not. CPU is what the kernel counts for each process to the
nanosecond, threads that have ended included, and for children that have ended to a hundredth of a
second. Memory that workers share is counted once for each of them. Reading costs no CPU of the
server's.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType

GRACE_S = 10.0
"""What a server gets between being asked to end and being killed: docker's 10 s."""

_POLL_S = 0.01
_HEARING_S = 2.0
_TAIL = 2_000
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of linux/prctl.h
_CPU_CLOCK = 2  # CPUCLOCK_SCHED of linux/posix-timers.h
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
# Found here: between fork and exec nothing may be loaded.
_PRCTL = getattr(ctypes.CDLL(None), "prctl", None)
_SHELL = "/bin/sh"
_KILL_AT_EOF = 'read -r _; kill -s KILL -- "-$0"'


class NotReady(Exception):
    """A server that ended or ran out of time before it was ready; one line says which, and the last
    that it wrote."""


class Ending(StrEnum):
    """How a server came to its end."""

    BY_ITSELF = "ended by itself"
    TERMINATED = "terminated"
    KILLED = "killed"


@dataclass(frozen=True)
class ServerEnd:
    """``exit_code``: as ``subprocess`` has it; ``seconds``: from being asked to end until it did;
    ``left``: processes of its group that outlived it, and were killed."""

    how: Ending
    exit_code: int
    seconds: float
    left: int = 0


class ServerProcess:
    """A server. What it writes goes to the file ``log``. ``user``: whose it is, if not whoever runs
    this. However this process ends, nothing of the server's group outlives it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        variables: Mapping[str, str],
        log: Path,
        user: str | None = None,
    ) -> None:
        """Start it. Raises ``OSError`` if there is no such command."""
        self.log = log
        self.began = time.monotonic()
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*command],
                cwd=folder,
                env={**variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
                user=user,
                group=None if user is None else pwd.getpwnam(user).pw_gid,
                extra_groups=None if user is None else [],
            )
        self._guard = _guard(self._process.pid)

    def __enter__(self) -> ServerProcess:
        """The server; it is ended at the end of the block, if it has not been."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, at once if the block was left by an error."""
        self.stop(0.0 if kind is not None else GRACE_S)

    @property
    def group(self) -> int:
        """Of its processes; the first has the same number."""
        return self._process.pid

    def wait_until_ready(self, is_ready: Callable[[], bool], seconds: float) -> float:
        """Ask ``is_ready`` until it says so; seconds since the start. Raises ``NotReady``."""
        while not is_ready():
            if self._process.poll() is not None:
                raise NotReady(f"it ended with code {self._process.returncode}{self._said()}")
            if time.monotonic() - self.began > seconds:
                raise NotReady(f"it was not ready after {seconds:g} s{self._said()}")
            time.sleep(_POLL_S)
        return time.monotonic() - self.began

    def has_ended(self) -> bool:
        """Whether its first process is over."""
        return self._process.poll() is not None

    def cpu_s(self) -> float:
        """CPU seconds of the group up to now, of ended processes if somebody waited for them."""
        return sum(
            _process_cpu_s(process) + sum(map(int, fields[13:15])) / _TICKS
            for process, fields in _processes_of(self.group)
        )

    def resident_bytes(self) -> list[int]:
        """Resident memory of each process of the group, largest first."""
        found = [int(fields[21]) * _PAGE for _, fields in _processes_of(self.group)]
        return sorted(found, reverse=True)

    def stop(self, grace_s: float = GRACE_S) -> ServerEnd:
        """Ask the first process to end (SIGTERM), after ``grace_s`` kill the group; say which was
        needed. Nothing of the group is left. A second time there is nothing to do."""
        begin = time.monotonic()
        how = Ending.BY_ITSELF
        if self._process.poll() is None:
            how = Ending.TERMINATED
            if grace_s:
                self._process.terminate()
            try:
                self._process.wait(grace_s)
            except subprocess.TimeoutExpired:
                how = Ending.KILLED
                self._kill_group()
                self._process.wait()
        seconds = time.monotonic() - begin
        left = self._left()
        if left:
            self._kill_group()
        self._guard.kill()
        self._guard.communicate()
        return ServerEnd(how, self._process.returncode, seconds, left)

    def _left(self) -> int:
        """Processes that are there though the first is not, and do not end by themselves: they may
        hear of its end a moment later."""
        deadline = time.monotonic() + _HEARING_S
        while left := sum(1 for _ in _processes_of(self.group)):
            if time.monotonic() > deadline:
                break
            time.sleep(_POLL_S)
        return left

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # ended meanwhile
            os.killpg(self.group, signal.SIGKILL)

    def _said(self) -> str:
        with self.log.open("rb") as output:
            output.seek(max(self.log.stat().st_size - _TAIL, 0))
            lines = output.read().decode("utf-8", "replace").split("\n")
        said = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f": {said}" if said else ""


def _die_with_parent() -> None:
    """A server must not outlive who started it, even if that is killed."""
    if _PRCTL is not None:
        _PRCTL(_DIE_WITH_PARENT, signal.SIGKILL)


def _guard(group: int) -> subprocess.Popen[bytes]:
    """What kills a group as soon as this process is no more: a dying parent takes its child along,
    but not the workers that this has started."""
    return subprocess.Popen(
        [_SHELL, "-c", _KILL_AT_EOF, str(group)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _process_cpu_s(process: int) -> float:
    """CPU seconds of one process, all its threads together; 0 if it has just ended."""
    try:
        return time.clock_gettime((~process << 3) | _CPU_CLOCK)
    except OSError:
        return 0.0


def _processes_of(group: int) -> Iterator[tuple[int, list[str]]]:
    """The living processes of a group: their numbers and the fields of ``/proc/N/stat`` from the
    third on."""
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            text = Path("/proc", name, "stat").read_text("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = text.rpartition(")")[2].split()
        if int(fields[2]) == group and fields[0] not in "ZX":
            yield int(name), fields
