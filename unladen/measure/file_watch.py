"""Which files and folders of a checkout any process opens, as the kernel tells (Linux, inotify).

Nothing runs in the processes that are watched, so no count of theirs moves, and what C code or a
subprocess opens is seen as well. Not seen are questions about a file that do not open it (``stat``)
and attempts to open one that is not there: see ``unladen.history.carrying`` for what is made of
that.
"""

from __future__ import annotations

import ctypes
import errno
import os
import select
import struct
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_OPEN = 0x20
_MOVED_TO = 0x80
_CREATE = 0x100
_OVERFLOW = 0x4000
_ONLY_FOLDERS = 0x0100_0000
_NO_LINKS = 0x0200_0000
_IS_FOLDER = 0x4000_0000
_MASK = _OPEN | _MOVED_TO | _CREATE | _ONLY_FOLDERS | _NO_LINKS
_HEAD = struct.Struct("iIII")
_AT_ONCE = 1 << 18

_COMPILED = "__pycache__"
_GIT = ".git"

READS_GIT = "git's own files in the checkout were read"
MAKES_FOLDERS = "a folder was made in the checkout"
LOST_COUNT = "more was opened than the kernel told of"


@dataclass
class Watched:
    """What was opened. ``files``, ``folders``: paths in the checkout; a compiled module stands for
    its source, and a folder counts that was opened itself, as by who lists it. ``refusal``: why
    this is not all that matters, one line, "" if it is."""

    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    refusal: str = ""


class FileWatch:
    """Sees what is opened in a checkout from now on."""

    def __init__(self, queue: int, folders: dict[int, str]) -> None:
        """``queue``: inotify's; ``folders``: its watches, each with a path in the checkout."""
        self._queue = queue
        self._folders = folders
        self._known: set[tuple[int, int, bytes]] = set()
        self._seen = Watched()
        self._wake, self._waker = os.pipe()
        self._reader = threading.Thread(target=self._read, daemon=True, name="file watch")
        self._reader.start()

    @classmethod
    def begin(cls, checkout: Path) -> FileWatch | None:
        """Begin to watch all folders of a checkout; None where the kernel does not tell."""
        queue = _new_queue()
        if queue is None:
            return None
        folders: dict[int, str] = {}
        # All are found before the first is watched, which would see the finding.
        for folder in [*_folders(str(checkout))]:
            watch = _add(queue, folder)
            if watch < 0:
                os.close(queue)
                return None
            folders[watch] = _relative(folder, str(checkout))
        if not folders or not _is_told(queue, str(checkout)):
            os.close(queue)
            return None
        return cls(queue, folders)

    def end(self) -> Watched:
        """Stop; what was opened meanwhile."""
        os.close(self._waker)
        self._reader.join()
        os.close(self._wake)
        os.close(self._queue)
        return self._seen

    def _read(self) -> None:
        poll = select.poll()
        poll.register(self._queue, select.POLLIN)
        poll.register(self._wake, select.POLLIN | select.POLLHUP)
        while True:
            is_over = any(ready == self._wake for ready, _ in poll.poll())
            while events := _events(self._queue):
                self._take(events)
            if is_over:
                return

    def _take(self, events: bytes) -> None:
        for event in _each(events):
            if event not in self._known:
                self._known.add(event)
                self._note(*event)

    def _note(self, watch: int, mask: int, name: bytes) -> None:
        if mask & _OVERFLOW:
            self._refuse(LOST_COUNT)
        folder = self._folders.get(watch)
        if folder is None:
            return
        if folder == _GIT or name == _GIT.encode():
            # What a folder is listed for shows its names alone; these tell nothing of the commit.
            if mask & _OPEN and not mask & _IS_FOLDER:
                self._refuse(READS_GIT)
        elif mask & (_CREATE | _MOVED_TO):
            if mask & _IS_FOLDER and os.fsdecode(name) != _COMPILED:
                self._refuse(MAKES_FOLDERS)
        elif not mask & _IS_FOLDER:
            self._seen.files.add(_source(folder, os.fsdecode(name)))
        elif not name and not _is_compiled(folder):
            self._seen.folders.add(folder)

    def _refuse(self, why: str) -> None:
        self._seen.refusal = self._seen.refusal or why


def _source(folder: str, name: str) -> str:
    """The path of a file; of a compiled module that of its source."""
    if not _is_compiled(folder):
        return os.path.join(folder, name)
    return os.path.join(os.path.dirname(folder), name.partition(".")[0] + ".py")


def _is_compiled(folder: str) -> bool:
    return os.path.basename(folder) == _COMPILED


def _relative(folder: str, checkout: str) -> str:
    found = os.path.relpath(folder, checkout)
    return "" if found == os.curdir else found


def _folders(checkout: str) -> Iterator[str]:
    """A checkout and the folders below it; of git's own its first alone."""
    for folder, below, _ in os.walk(checkout):
        yield folder
        if os.path.basename(folder) == _GIT:
            below.clear()


def _new_queue() -> int | None:
    if not sys.platform.startswith("linux"):
        return None
    queue = int(_libc().inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
    return None if queue < 0 else queue


def _add(queue: int, folder: str) -> int:
    return int(_libc().inotify_add_watch(queue, os.fsencode(folder), ctypes.c_uint32(_MASK)))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _is_told(queue: int, checkout: str) -> bool:
    """Whether the kernel tells of this file system: some report no event."""
    with os.scandir(checkout):
        pass
    return bool(_events(queue))


def _events(queue: int) -> bytes:
    """Those that wait; none: b""."""
    try:
        return os.read(queue, _AT_ONCE)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EINTR):
            return b""
        raise


def _each(events: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Watch, mask and name of each."""
    at = 0
    while at < len(events):
        watch, mask, _, length = _HEAD.unpack_from(events, at)
        at += _HEAD.size + length
        yield watch, mask, events[at - length : at].rstrip(b"\0")
