"""Reading JSON that others may have written: whatever is in the file, one line says what is wrong.

asv's files hold bare ``NaN`` and, as numbers, whatever a benchmark returned.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from unladen.errors import UserError
from unladen.text.terminal import printable

SIZE_LIMIT = 32_000_000
"""Bytes of a file that are read. A results file with 500 values and their samples has 1 million;
a file of nothing but brackets takes 25 times its size in memory."""


def read_json(path: Path, api_version: int) -> dict[str, Any]:
    """The object in a JSON file of asv's. Raises ``UserError``: what is wrong with which file."""
    data = _parsed(path)
    if not isinstance(data, dict):
        raise unreadable(path, "it is not a JSON object")
    found = data.get("version")
    if found != api_version:
        version = printable(str(found)[:20])
        raise unreadable(path, f"its format has version {version}, not {api_version}")
    return data


def unreadable(path: Path, why: str) -> UserError:
    """The error that names the file and says why it cannot be used."""
    error: UserError = UserError(f"{printable(str(path))} is not readable: {why}")
    return error


def check_size(path: Path) -> None:
    """Raise ``UserError`` for a file of more than ``SIZE_LIMIT``, and for what is none, such as a
    pipe, which would wait for ever. What is not there passes."""
    if not path.is_file():
        if path.exists():
            raise unreadable(path, "it is not a file")
    elif path.stat().st_size > SIZE_LIMIT:
        raise _too_large(path)


def _too_large(path: Path) -> UserError:
    return unreadable(path, f"it is larger than {SIZE_LIMIT // 1_000_000} MB")


def _parsed(path: Path) -> Any:
    try:
        check_size(path)
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
        if len(content) > SIZE_LIMIT:
            raise _too_large(path)
        return json.loads(content)
    except FileNotFoundError:
        raise unreadable(path, "it is not there") from None
    except RecursionError:
        raise unreadable(path, "it is nested too deeply") from None
    except OSError as error:
        raise unreadable(path, printable(error.strerror or str(error))) from error
    except ValueError as error:
        raise unreadable(path, printable(str(error))[:120]) from error
