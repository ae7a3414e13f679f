"""A command that gets a signal at a moment of one's choice, and what it leaves behind."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from tiny_project import TinyProject

HUNG = 60.0
"""Seconds after which a command that was interrupted is taken to hang: far more than it needs on a
slow machine that does other things."""


@dataclass(frozen=True)
class Ended:
    """A command that is over. ``seconds``: from its start; ``after``: from the signal, None if the
    command was faster. ``left``: command lines of processes that outlived it."""

    code: int
    output: str
    errors: str
    seconds: float
    after: float | None
    left: Sequence[str]

    @property
    def last_line(self) -> str:
        """Of standard error."""
        return (self.errors.splitlines() or [""])[-1]


def interrupted(
    project: TinyProject, arguments: Sequence[str], sent: signal.Signals, at: float
) -> Ended:
    """Run unladen and send it a signal ``at`` seconds after its start. Fails if it hangs."""
    # All its processes inherit this folder's name, by which they are found.
    temporary = tempfile.mkdtemp(prefix="unladen-")
    begin = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "unladen", *arguments],
        cwd=project.folder,
        env=project.variables(TMPDIR=temporary),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A job that a script started in the background ignores SIGINT, and its children do too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            output, errors = process.communicate(timeout=at)
            after = None
        except subprocess.TimeoutExpired:
            process.send_signal(sent)
            told = time.monotonic()
            try:
                output, errors = process.communicate(timeout=HUNG)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            after = time.monotonic() - told
    seconds = time.monotonic() - begin
    left = outlived_by(temporary)
    shutil.rmtree(temporary)
    return Ended(process.returncode, output, errors, seconds, after, left)


def wait_for_text(marker: Path, process: subprocess.Popen[str]) -> None:
    """Until something is written to ``marker``, which what a command runs does; or it is over."""
    while process.poll() is None and not (marker.exists() and marker.read_text()):
        time.sleep(0.02)


def locks_held(*folders: Path) -> list[Path]:
    """The lock files that somebody holds."""
    held = []
    for file in (file for folder in folders for file in folder.rglob("*lock") if file.is_file()):
        with file.open("r+") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                held.append(file)
    return held


def digest(site: Path) -> dict[str, str]:
    """The content of a site's files, but for those of asv that differ each time: by the time of
    their writing, or by the order of a set."""
    varying = ("info.json", "regressions.json", "regressions.xml")
    return {
        str(file.relative_to(site)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in site.rglob("*")
        if file.is_file() and file.name not in varying
    }


def outlived_by(temporary: str) -> list[str]:
    """The processes of a command that is over, if they do not end within a few seconds."""
    end = time.monotonic() + HUNG / 2
    while (left := _with_temporary(temporary)) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def _with_temporary(folder: str) -> list[str]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TMPDIR") == folder and process.status() != "zombie":
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue  # ended meanwhile, or another user's
    return found


def chosen_signal(number: int) -> signal.Signals:
    """SIGINT and SIGTERM in turn."""
    return (signal.SIGINT, signal.SIGTERM)[number % 2]


def count(default: int) -> int:
    """How many interrupts of each command: ``UNLADEN_INTERRUPTS``, or ``default``."""
    return int(os.environ.get("UNLADEN_INTERRUPTS", default))
