"""asv's child processes never outlive the command that started them.

asv starts each child as a group of its own and ends it in ``finally`` clauses. An interrupt at the
wrong moment (while a fork server starts, say) skips those, and the command then waits for ever for
the child's output; SIGKILL skips all of them. So each child is remembered: ``end_all`` ends what is
left after an interrupt, and ``unladen/asv_bridge/process_watcher.py``, a small process beside this
one, what is left when this one is killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

from asv import util
from asv.util import ProcessError

from unladen.interrupts import held

__all__ = ["Process", "ProcessError", "end", "end_all", "install", "start"]

Process: TypeAlias = "subprocess.Popen[Any]"

_WATCHER = Path(__file__).with_name("process_watcher.py")

_running: dict[int, _Child] = {}


def install() -> None:
    """Make asv start its children so. Does nothing the second time."""
    if util.subprocess is subprocess:
        util.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": _Child})


def start(
    command: Sequence[str], folder: Path, variables: Mapping[str, str], errors: int
) -> Process:
    """Start a process of ours that never outlives this one either. Its output is a pipe of text;
    ``errors``: the file descriptor that gets its errors. Raises ``OSError``."""
    return _Child(
        [*command],
        cwd=folder,
        env={**variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        encoding="utf-8",
        errors="replace",
        preexec_fn=os.setpgrp,
    )


def end(process: Process) -> None:
    """Kill the group of a process that ``start`` gave, if it is running, and wait for it."""
    if isinstance(process, _Child):
        process.end()


def end_all() -> None:
    """Kill the groups of all children that nobody has waited for, and wait for them."""
    for child in list(_running.values()):
        child.end()


class _Child(subprocess.Popen[Any]):
    """A process that is known to the watcher from before it runs any code of its own."""

    def __init__(self, args: Any, **kwargs: Any) -> None:
        """As ``Popen``; ``preexec_fn`` makes the process a group."""
        watcher = _watcher()
        prepare: Callable[[], None] | None = kwargs.get("preexec_fn")

        def prepare_and_report() -> None:
            if prepare is not None:
                prepare()
            watcher.report(b"+", os.getpid())

        try:
            with held():
                super().__init__(args, **{**kwargs, "preexec_fn": prepare_and_report})
                _running[self.pid] = self
        except BaseException:
            if getattr(self, "pid", None) is not None:
                self.end()
                watcher.report(b"-", self.pid)
            raise

    def end(self) -> None:
        """Kill its group, if it is running, and wait for it."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # over, or no group yet
                os.killpg(self.pid, signal.SIGKILL)
            self.kill()
            self.wait()

    def poll(self) -> int | None:
        """As ``Popen``."""
        code = super().poll()
        self._forget_if_over()
        return code

    def wait(self, timeout: float | None = None) -> int:
        """As ``Popen``."""
        code = super().wait(timeout)
        self._forget_if_over()
        return code

    def _forget_if_over(self) -> None:
        if self.returncode is not None and _running.pop(self.pid, None) is not None:
            _watcher().report(b"-", self.pid)


class _Watcher:
    """The process that reads ``process_watcher.py``'s lines."""

    def __init__(self) -> None:
        """Start it, in a session of its own: an interrupt from the terminal is not for it."""
        self.owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-IS", str(_WATCHER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        assert self._process.stdin is not None
        self._pipe = self._process.stdin.fileno()

    def report(self, change: bytes, group: int) -> None:
        """Name a group. Also called in a child between fork and exec."""
        with contextlib.suppress(BrokenPipeError):  # somebody ended it: we go on without
            os.write(self._pipe, change + b"%d\n" % group)


_started: list[_Watcher] = []


_starting = threading.Lock()


def _watcher() -> _Watcher:
    """This process's watcher; a fork of it gets one of its own."""
    with _starting:
        if not _started or _started[-1].owner != os.getpid():
            _started.append(_Watcher())
        return _started[-1]
