"""Where asv's output goes while a command tells its own."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from unladen.asv_bridge.console import log
from unladen.errors import UserError
from unladen.text.terminal import one_line


class AsvLog(io.TextIOBase):
    """Where asv's output goes: a file; each write is a sign of life."""

    def __init__(self, path: Path, alive: Callable[[], None]) -> None:
        """Open ``path`` anew; its folder is made if need be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file: TextIO = path.open("w", encoding="utf-8")
        self._alive = alive

    def write(self, text: str) -> int:
        """Keep the text."""
        self._file.write(text)
        self._alive()
        return len(text)

    def flush(self) -> None:
        """Make it readable by others."""
        if not self._file.closed:
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @contextlib.contextmanager
    def collecting(self) -> Iterator[None]:
        """Takes all of asv's output. A ``UserError`` from inside names the file."""
        try:
            with contextlib.redirect_stdout(self):
                try:
                    yield
                finally:
                    log.flush()
        except UserError as error:
            said = one_line(str(error)) or "asv gave up"
            raise UserError(f"{said} (asv's own output is in {self.path})") from error
