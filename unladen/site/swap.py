"""A site is built beside the old one, which it replaces when it is whole.

asv begins a ``publish`` by deleting the old site, so that whatever ends it early leaves a hollow
one. Here its ``html_dir`` is a new folder for as long as it works; two that work at once have one
each, and the last to end wins.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from unladen.errors import UserError
from unladen.measure.kept import say_kept

_LOCK = "lock"
_SITE = "site"
_AT_CWD = -100
_EXCHANGE = 2  # RENAME_EXCHANGE in linux/fs.h, RENAME_SWAP in macOS's stdio.h


@contextmanager
def built_beside(site: Path) -> Iterator[Path]:
    """A path to build a folder at, which takes the place of ``site`` at the end; if the block
    raises, ``site`` stays what it was.

    At any moment ``site`` is the old folder or the new one, whole, even for SIGKILL and power cuts;
    where the system cannot exchange two folders (it is a mount point, or the kernel does not know
    how) it is exchanged file by file. A symbolic link stays one. What killed processes left behind
    is removed. Raises ``UserError``.
    """
    site = Path(os.path.realpath(site))
    if site.exists() and not site.is_dir():
        raise UserError(f"html_dir is no folder: {site}")
    try:
        staging = _staging_folder(site)
        _remove_leftovers(staging, site.name)
        folder, lock = _own_folder(staging, site.name)
    except OSError as error:
        raise UserError(f"cannot write beside {site}: {error.strerror}") from error
    try:
        yield folder / _SITE
        with ThreadPoolExecutor(max_workers=1) as uninterrupted:  # waited for, whatever is raised
            uninterrupted.submit(_put, folder / _SITE, site).result()
    finally:
        _remove(folder)
        lock.close()


def _staging_folder(site: Path) -> Path:
    """The folder to build in, on the same file system if that can be."""
    site.parent.mkdir(parents=True, exist_ok=True)
    is_within = site.is_dir() and (os.path.ismount(site) or not os.access(site.parent, os.W_OK))
    return site if is_within else site.parent


# Folders of this and of other processes. The lock is held as long as the process lives.


def _prefix(name: str) -> str:
    return f".{name}.publish-"


def _own_folder(staging: Path, name: str) -> tuple[Path, TextIO]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_prefix(name), dir=staging))
        try:
            lock = (folder / _LOCK).open("w")
        except FileNotFoundError:
            continue  # taken for a leftover
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / _LOCK).exists():
            return folder, lock
        lock.close()  # likewise


def _remove_leftovers(staging: Path, name: str) -> None:
    for folder in staging.glob(f"{_prefix(name)}*"):
        try:
            lock = (folder / _LOCK).open("r+")
        except FileNotFoundError:
            _remove_if_empty(folder)
            continue
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # its process lives
            _remove(folder)


def _remove(folder: Path) -> None:
    """The lock last: a folder that is half removed is still known for a leftover."""
    shutil.rmtree(folder / _SITE, ignore_errors=True)
    (folder / _LOCK).unlink(missing_ok=True)
    _remove_if_empty(folder)


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
            raise


# Exchanging.


def _put(new: Path, site: Path) -> None:
    """``new`` takes the place of ``site``; what was there is then at ``new``, or nowhere."""
    _exchange(new, site)
    say_kept("the new site is there")


def _exchange(new: Path, site: Path) -> None:
    try:
        while not _renamed(new, site) and not _exchanged(new, site):
            continue  # somebody else has put a folder there, or taken it away, in between
    except OSError as error:
        if error.errno not in (errno.EBUSY, errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EPERM):
            raise
        _put_contents(new, site)


def _renamed(new: Path, site: Path) -> bool:
    """Whether there was nothing at ``site``, or an empty folder, where now ``new`` is."""
    try:
        os.rename(new, site)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True


def _exchanged(new: Path, site: Path) -> bool:
    """Whether ``new`` and ``site`` were both there and have changed places, in one step."""
    one, other = os.fsencode(new), os.fsencode(site)
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_CWD, one, _AT_CWD, other, _EXCHANGE)
    elif hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(one, other, _EXCHANGE)
    else:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(site))
    if not failed:
        return True
    number = ctypes.get_errno()
    if number == errno.ENOENT:
        return False
    raise OSError(number, os.strerror(number), str(site))


def _put_contents(new: Path, site: Path) -> None:
    """File by file, pages last, so that what they load is there; then what is left of the old."""
    files = sorted(
        (file.relative_to(new) for file in new.rglob("*") if not file.is_dir()),
        key=lambda file: (file.suffix == ".html", file),
    )
    building = new.parent.name
    for file in files:
        (site / file.parent).mkdir(parents=True, exist_ok=True)
        os.replace(_on_file_system_of(site, new / file), site / file)
    for old in sorted(site.rglob("*"), reverse=True):
        name = old.relative_to(site)
        if name.parts[0] == building or name in files:
            continue
        if old.is_dir() and not old.is_symlink():
            _remove_if_empty(old)
        else:
            old.unlink()


def _on_file_system_of(site: Path, file: Path) -> Path:
    """The file, copied into ``site`` under another name if it lies on another file system."""
    copy = site / f".{file.name}.part-{os.getpid()}"
    try:
        os.rename(file, copy)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.copy2(file, copy)
    return copy
