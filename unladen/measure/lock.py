"""One command at a time in a folder of environments: those that measure or install share its
checkouts, path files and packages.

The lock is an ``flock``, so that it ends with the process that holds it, however that ends. It is
held by the command alone: processes that it starts do not inherit it.
"""

from __future__ import annotations

import errno
import fcntl
import json
import multiprocessing
import os
import shlex
import socket
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from unladen.errors import UserError
from unladen.text.terminal import head, printable

FILE = "unladen.measure.lock"
"""In the folder of environments, ``env_dir`` of the conf."""

COMMAND_LIMIT = 120
"""Characters of the holder's command line that are quoted."""

_HELD_BY_ANOTHER = {errno.EAGAIN, errno.EACCES}

_held: dict[str, int] = {}
"""What this process has locked: file descriptors by path; -1 where the file system cannot lock."""


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
    _write(descriptor, json.dumps(_description(project)))
    _held[path] = descriptor


def release_all() -> None:
    """Let others in: what this command had to do is done."""
    for descriptor in _held.values():
        if descriptor >= 0:
            _write(descriptor, "")
            os.close(descriptor)
    _held.clear()


def _description(project: str) -> dict[str, object]:
    script = Path(sys.argv[0])
    name = script.parent.name if script.stem == "__main__" else script.name
    return {
        "command": shlex.join([name, *sys.argv[1:]]),
        "project": project,
        "process": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now().astimezone().isoformat(sep=" ", timespec="seconds"),
    }


def _refusal(holder: Mapping[str, object], project: str, folder: Path) -> str:
    if not holder:
        return f"another command is measuring in {printable(str(folder))}: wait until it is done"
    who = head(_shown(holder, "command"), COMMAND_LIMIT)
    where = f"process {_shown(holder, 'process')}"
    if holder.get("host") != socket.gethostname():
        where += f" on {_shown(holder, 'host')}"
    what = _shown(holder, "project")
    shared = "" if what == project else f", whose environments {project} shares"
    return (
        f"`{who}` ({where}) has been measuring {what}{shared} since {_shown(holder, 'since')}: "
        "wait until it is done, or end it"
    )


def _shown(holder: Mapping[str, object], key: str) -> str:
    return printable(str(holder.get(key, "?")))


def _read(descriptor: int) -> Mapping[str, object]:
    """What the holder wrote; empty if it is still about to."""
    try:
        found = json.loads(os.pread(descriptor, 1 << 16, 0))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _write(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _forget() -> None:
    """In a process that was forked from this one: a lock must not outlive the command in it."""
    for descriptor in _held.values():
        if descriptor >= 0:
            os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_forget)
