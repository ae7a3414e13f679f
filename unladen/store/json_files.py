"""Reading JSON that others may have written: whatever is in the file, one line says what is wrong;
and writing it atomically.

asv's files hold bare ``NaN`` and, as numbers, whatever a benchmark returned: they are parsed by
``json``, for msgspec's parser takes no ``NaN``, and msgspec says whether they are as declared.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from unladen.errors import UserError
from unladen.text.terminal import printable

T = TypeVar("T")

_NOT_THERE = (FileNotFoundError, NotADirectoryError)

SIZE_LIMIT = 32_000_000
"""Bytes of a file that are read. A results file with 500 values and their samples has 1 million;
a file of nothing but brackets takes 25 times its size in memory."""


def read_json(path: Path, *api_versions: int, content: bytes | None = None) -> dict[str, Any]:
    """The object in a JSON file of asv's, of one of these versions. ``content``: what is in the
    file, if that is read already. Raises ``UserError``: what is wrong with which file."""
    data = _parsed(path, read_content(path) if content is None else content)
    if not isinstance(data, dict):
        raise unreadable(path, "it is not a JSON object")
    found = data.get("version")
    if found not in api_versions:
        version, known = printable(str(found)[:20]), " or ".join(map(str, api_versions))
        raise unreadable(path, f"its format has version {version}, not {known}")
    return data


def as_declared(path: Path, data: object, kind: type[T], what: str) -> T:
    """What was read from a file as a ``kind``, whose annotations say types and bounds.

    Raises ``UserError``: the file is not ``what``, and where it is not.
    """
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise unreadable(path, f"it is not {what}: {printable(str(error))[:120]}") from error


def write_json(path: Path, data: Mapping[str, Any], api_version: int) -> None:
    """Write an object as asv does, atomically; its folder is made if need be."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        json.dump({**data, "version": api_version}, file, indent=4, sort_keys=True)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write a file at, which takes the place of ``path`` at the end; if the block raises,
    ``path`` stays what it was. A symbolic link stays one."""
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        yield temporary
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def unreadable(path: Path, why: str) -> UserError:
    """The error that names the file and says why it cannot be used."""
    error: UserError = UserError(f"{printable(str(path))} is not readable: {why}")
    return error


def check_size(path: Path) -> None:
    """Raise ``UserError`` for a file of more than ``SIZE_LIMIT``, and for what is none, such as a
    pipe, which would wait for ever. What is not there passes."""
    try:
        found = path.stat()
    except _NOT_THERE:
        return
    if not stat.S_ISREG(found.st_mode):
        raise unreadable(path, "it is not a file")
    if found.st_size > SIZE_LIMIT:
        raise _too_large(path)


def _too_large(path: Path) -> UserError:
    return unreadable(path, f"it is larger than {SIZE_LIMIT // 1_000_000} MB")


def read_content(path: Path) -> bytes:
    """What is in a file of at most ``SIZE_LIMIT``. Raises ``UserError``."""
    try:
        check_size(path)
        # Without a buffer, and as large as it is: room for the limit takes longer than the file.
        with path.open("rb", buffering=0) as file:
            content = file.read()
    except FileNotFoundError:
        raise unreadable(path, "it is not there") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise unreadable(path, printable(why or str(error))[:120]) from error
    if len(content) > SIZE_LIMIT:
        raise _too_large(path)
    return content


def _parsed(path: Path, content: bytes) -> Any:
    try:
        return json.loads(content)
    except RecursionError:
        raise unreadable(path, "it is nested too deeply") from None
    except ValueError as error:
        raise unreadable(path, printable(str(error))[:120]) from error
