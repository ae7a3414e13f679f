"""What a process prints, line by line, and how it says that it failed."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Generator
from typing import IO, Any

from unladen.errors import UserError
from unladen.text.terminal import last_line, printable

_TAIL = 4_000
_PREFIX = "unladen: "


def printed_lines(
    start: Callable[[int], subprocess.Popen[Any]], what: str
) -> Generator[str, None, None]:
    """The lines of a process as they come; it is waited for at the end, and ended if nobody reads
    on. ``start``: starts it with this file descriptor for its errors.

    Raises ``UserError``, one line with the last that it said, if it fails or cannot be started.
    """
    with tempfile.TemporaryFile() as errors:
        try:
            process = start(errors.fileno())
        except OSError as error:
            raise UserError(f"{what} cannot be started: {error}") from error
        try:
            assert process.stdout is not None
            yield from process.stdout
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if code:
            raise UserError(failure(what, code, errors))


def failure(what: str, code: int, errors: IO[bytes]) -> str:
    """Why a process failed, by the last line of its errors."""
    errors.seek(0, 2)
    errors.seek(max(errors.tell() - _TAIL, 0))
    said = printable(last_line(errors.read().decode("utf-8", "replace")))
    return said.removeprefix(_PREFIX) if said else f"{what} failed with code {code} and no word"
