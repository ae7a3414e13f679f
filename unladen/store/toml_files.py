"""Reading TOML that people write: whatever is in the file, one line says what is wrong with it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from unladen.errors import UserError
from unladen.store.json_files import check_size, unreadable
from unladen.text.terminal import printable

T = TypeVar("T")


def read_toml(path: Path, kind: type[T], what: str) -> T:
    """A file as a ``kind``, whose annotations say types and bounds; ``what`` it holds, a plural.

    Raises ``UserError``, one line with the file: it cannot be read, or it holds none of these.
    """
    return declared(parsed(_text(path), path, what), kind, path, what)


def read_tables(path: Path, what: str) -> dict[str, Any]:
    """What is in a file that is declared nowhere. Raises ``UserError``."""
    return parsed(_text(path), path, what)


def parsed(text: str, path: Path, what: str) -> dict[str, Any]:
    """The tables of a text. Raises ``UserError`` if it is no TOML."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _holds_none(path, what, f"it is not TOML: {error}") from error


def declared(tables: dict[str, Any], kind: type[T], path: Path, what: str) -> T:
    """Tables as a ``kind``. Raises ``UserError`` if they are none."""
    try:
        return msgspec.convert(tables, kind)
    except msgspec.ValidationError as error:
        raise _holds_none(path, what, str(error)) from error


def _text(path: Path) -> str:
    check_size(path)
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise unreadable(path, "it is not there") from None
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, printable(str(error))[:120]) from error


def _holds_none(path: Path, what: str, why: str) -> UserError:
    return unreadable(path, f"it holds no {what}: {printable(why)[:120]}")
