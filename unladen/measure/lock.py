"""One command at a time in a folder of environments: those that measure or install share its
checkouts, path files and packages.

The lock is an ``flock``, so that it ends with the process that holds it, however that ends. It is
held by the command alone: processes that it starts do not inherit it.
"""

from __future__ import annotations

import errno
import fcntl
import multiprocessing
import os
import shlex
import socket
import sys
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from unladen.errors import UserError
from unladen.text.terminal import head, printable

FILE = "unladen.measure.lock"
"""In the folder of environments, ``env_dir`` of the conf."""

COMMAND_LIMIT = 120
"""Characters of the holder's command line that are quoted."""

_HELD_BY_ANOTHER = {errno.EAGAIN, errno.EACCES}

_held: dict[str, int] = {}
"""What this process has locked: file descriptors by path; -1 where the file system cannot lock."""


class _Holder(Struct):
    """What a lock file says of the command that holds it. ``process``: its number."""

    command: str
    project: str
    process: int
    host: str
    since: str


def hold(env_dir: str | Path, project: str) -> None:
    """Keep every other command out of these environments until this one ends.

    Does nothing if this command holds them already. Raises ``UserError``, one line that says who
    holds them and since when. Where the file system knows no locks, a warning says so.
    """
    if multiprocessing.parent_process() is not None:
        return  # a worker of the command that holds it
    folder = Path(env_dir).resolve()
    path = str(folder / FILE)
    if path in _held:
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Opened for writing also because network file systems lock nothing else.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = _read(descriptor)
        os.close(descriptor)
        if error.errno in _HELD_BY_ANOTHER:
            raise UserError(_refusal(holder, project, folder)) from error
        print(
            f"unladen: the file system of {printable(str(folder))} knows no locks "
            f"({error.strerror}): measure with one command at a time, "
            'or set "env_dir" to a folder on a local disk',
            file=sys.stderr,
        )
        _held[path] = -1
        return
    _write(descriptor, msgspec.json.encode(_this_command(project)))
    _held[path] = descriptor


def release_all() -> None:
    """Let others in: what this command had to do is done."""
    for descriptor in _held.values():
        if descriptor >= 0:
            _write(descriptor, b"")
            os.close(descriptor)
    _held.clear()


def _this_command(project: str) -> _Holder:
    script = Path(sys.argv[0])
    name = script.parent.name if script.stem == "__main__" else script.name
    return _Holder(
        command=printable(shlex.join([name, *sys.argv[1:]])),  # a byte of no text has no JSON
        project=printable(project),
        process=os.getpid(),
        host=socket.gethostname(),
        since=datetime.now().astimezone().isoformat(sep=" ", timespec="seconds"),
    )


def _refusal(holder: _Holder | None, project: str, folder: Path) -> str:
    if holder is None:
        return f"another command is measuring in {printable(str(folder))}: wait until it is done"
    who = head(printable(holder.command), COMMAND_LIMIT)
    where = f"process {holder.process}"
    if holder.host != socket.gethostname():
        where += f" on {printable(holder.host)}"
    what = printable(holder.project)
    shared = "" if what == project else f", whose environments {project} shares"
    return (
        f"`{who}` ({where}) has been measuring {what}{shared} since {printable(holder.since)}: "
        "wait until it is done, or end it"
    )


def _read(descriptor: int) -> _Holder | None:
    """What the holder wrote; None if it is still about to, or it is nothing of ours."""
    try:
        return msgspec.json.decode(os.pread(descriptor, 1 << 16, 0), type=_Holder)
    except (msgspec.DecodeError, RecursionError):
        return None


def _write(descriptor: int, content: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, content, 0)


def _forget() -> None:
    """In a process that was forked from this one: a lock must not outlive the command in it."""
    for descriptor in _held.values():
        if descriptor >= 0:
            os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_forget)
