"""Whether files are still those that they were: their times of change, which nobody can set."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_CLOCK_OF_FILES = 0.05
"""Seconds by which the times that file systems note may lag behind."""

_NOT_LOOKED_INTO = {".git", "__pycache__"}


@dataclass(frozen=True)
class Snapshot:
    """``files``: by absolute path, when each was last changed (content, name or rights),
    nanoseconds since 1970, and its size. Without git's own files and compiled modules."""

    files: Mapping[str, tuple[int, int]]

    @classmethod
    def take(cls, folders: Iterable[Path]) -> Snapshot:
        """Of all files in these folders; links are not followed, missing folders are empty."""
        return cls({path: state for folder in folders for path, state in _walk(str(folder))})

    @property
    def digest(self) -> str:
        """Differs if any file was added, changed or removed."""
        states = "\0".join(f"{path}\0{self.files[path]}" for path in sorted(self.files))
        return hashlib.sha256(states.encode(errors="surrogateescape")).hexdigest()

    def lost(self, now: Snapshot) -> list[str]:
        """The files that are gone ``now``, or were changed; new ones do not count."""
        return sorted(path for path, state in self.files.items() if now.files.get(path) != state)


def head_of(checkout: Path) -> str:
    """The commit that a checkout is of, or the branch it is on; "" if there is no checkout."""
    try:
        return (checkout / ".git" / "HEAD").read_text().strip()
    except OSError:
        return ""


def await_another_second(checkout: Path) -> None:
    """Return in another second than that in which the last commit was checked out.

    Python takes a compiled module for that of a source of the same size and second. One that a
    process of the last commit writes too late must not be taken for one of the next.
    """
    try:
        last = (checkout / ".git" / "HEAD").stat().st_mtime
    except OSError:
        return
    wait = int(last) + 1 + _CLOCK_OF_FILES - time.time()
    if 0 < wait < 2:  # else the file's time is none of this machine's
        time.sleep(wait)


def _walk(folder: str) -> Iterator[tuple[str, tuple[int, int]]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name in _NOT_LOOKED_INTO:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)
            continue
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        yield entry.path, (found.st_ctime_ns, found.st_size)
