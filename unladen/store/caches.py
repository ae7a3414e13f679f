"""Files that keep what was worked out of others which are still there: deleted or damaged, they are
made anew. They lie in the user's folder of caches, where nobody commits them.

A cache file is numpy's archive of arrays. Each part of it has a checksum; it takes the place of
the old one at once, so that who reads has a whole one, and of two who write the last one stays.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from unladen.store.cache_folder import user_caches
from unladen.store.json_files import replacing
from unladen.text.terminal import printable

T = TypeVar("T")

FORMAT = 1
"""Of what is in such a file beside the arrays."""

DAYS = 90
"""So long a cache file stays that nobody uses."""

Arrays = Mapping[str, NDArray[Any]]

_OF = "unladen-cache"
"""The array that says of which format, and of what, a file is."""
_NOT_THERE = (FileNotFoundError, NotADirectoryError)
_DAMAGED = (
    *(OSError, EOFError, KeyError, OverflowError, RuntimeError, TypeError, ValueError),
    *(struct.error, zipfile.BadZipFile, zlib.error),
)
"""What reading a cache file raises if it is none, or is damaged."""
_DAY = 86_400


def cache_file(kind: str, *key: str) -> Path:
    """Where what is kept of this kind lies; ``key``: of what."""
    return user_caches() / "results" / f"{_digest(*key)[:24]}.{kind}.npz"


@cache
def code_digest(*packages: str) -> str:
    """What tells the code of packages of ours, by their names in ``unladen``, from other code."""
    root = Path(__file__).parents[1]
    files = sorted(file for name in packages for file in (root / name).rglob("*.py"))
    return _digest(*(file.read_text(encoding="utf-8") for file in files))


def load(file: Path, fingerprint: str, decode: Callable[[Arrays], T]) -> T | None:
    """What ``decode`` makes of the arrays in a cache file; None if there is none, or it is of
    something else.

    ``fingerprint``: as when it was saved. Of a damaged file a line on standard error says so.
    """
    try:
        # Opened by itself: numpy would take what is no archive for a file of another kind.
        with zipfile.ZipFile(file) as archive:
            arrays = {
                name.removesuffix(".npy"): _read(archive, name) for name in archive.namelist()
            }
        if arrays.pop(_OF).tobytes().decode() != f"{FORMAT} {fingerprint}":
            return None
        decoded = decode(arrays)
    except _NOT_THERE:
        return None
    except _DAMAGED as error:
        say_damaged(file, error)
        return None
    mark_used(file)
    return decoded


def save(file: Path, fingerprint: str, arrays: Arrays) -> None:
    """Write a cache file, and remove those that nobody has used for ``DAYS``. Where that cannot be,
    a line on standard error says why: without it everything is right, and takes longer."""
    of = np.frombuffer(f"{FORMAT} {fingerprint}".encode(), dtype=np.uint8)
    try:
        with replacing(file) as temporary, zipfile.ZipFile(temporary, "w") as archive:
            for name, array in {_OF: of, **arrays}.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, array, (1, 0), allow_pickle=False)
        remove_unused(file.parent)
    except OSError as error:
        say_unkept("read", file, error)


def say_damaged(file: Path, error: Exception) -> None:
    """Say on standard error why a cache file cannot be used."""
    why = printable(str(error) or type(error).__name__)[:120]
    print(
        f"unladen: the cache {printable(str(file))} is damaged ({why}): it is made anew",
        file=sys.stderr,
    )


def say_unkept(done: str, file: Path, error: OSError) -> None:
    """Say on standard error why what was ``done``, such as read, cannot be kept in a cache file."""
    why = printable(f"{file}: {error.strerror or error}")
    print(
        f"unladen: cannot keep what was {done} ({why}): set XDG_CACHE_HOME to a folder that can be "
        "written",
        file=sys.stderr,
    )


def _read(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    """One array, which cannot be written to. All of it is read, and its checksum compared, before
    any of it is believed."""
    content = archive.read(name)
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    if version != (1, 0):
        raise ValueError(f"{name} is of another format")
    shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    found: NDArray[Any] = np.frombuffer(content, dtype=dtype, offset=stream.tell())
    return found.reshape(shape, order="F" if is_fortran else "C")


def mark_used(file: Path) -> None:
    """Have a cache file stay ``DAYS`` from now on."""
    try:
        if time.time() - file.stat().st_mtime > _DAY:
            os.utime(file)
    except OSError:
        return  # somebody else's: it is theirs to keep


def remove_unused(folder: Path) -> None:
    """Remove what nobody has used for ``DAYS``. Raises ``OSError``."""
    oldest = time.time() - DAYS * _DAY
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # another command has removed it
            if file.stat().st_mtime < oldest:
                file.unlink()


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogateescape")).hexdigest()
