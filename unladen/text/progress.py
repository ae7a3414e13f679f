"""One line that says how far a long piece of work is."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import TextIO

from unladen.text.terminal import fitted

_REDRAW = 0.5
"""Seconds between two drawings of the line."""


class Progress:
    """On a terminal one line that is drawn again and again; elsewhere one line for each item."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock``: seconds."""
        self._stream = stream
        self._clock = clock
        self._is_terminal = stream.isatty()
        self._total = 0
        self._done = 0
        self._started = clock()
        self._counted_from = self._started
        self._drawn = float("-inf")
        self._text = ""

    def stage(self, text: str) -> None:
        """Work that is not counted begins."""
        self._text, self._total = text, 0
        self._show()

    def count(self, total: int) -> None:
        """``total`` items follow; time left is reckoned from here on."""
        self._total, self._done, self._counted_from = total, 0, self._clock()

    def begin(self, text: str) -> None:
        """Work on the next item begins."""
        self._text = text
        self._show()

    def finish(self) -> None:
        """The item is done."""
        self._done += 1

    def tick(self) -> None:
        """Something happened: time to draw again, on a terminal, if that was not just done."""
        if self._is_terminal and self._clock() - self._drawn >= _REDRAW:
            self._show()

    def end(self) -> None:
        """Wipe the line off a terminal."""
        if self._is_terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _show(self) -> None:
        line = self._line()
        if self._is_terminal:
            columns = shutil.get_terminal_size().columns - 1
            self._stream.write(f"\r{fitted(line, columns)}\x1b[K")
        else:
            self._stream.write(line + "\n")
        self._stream.flush()
        self._drawn = self._clock()

    def _line(self) -> str:
        now = self._clock()
        passed = minutes(now - self._started)
        if not self._total:
            return f"{passed} {self._text}"
        left = ""
        if self._done:
            each = (now - self._counted_from) / self._done
            left = f", about {minutes(each * (self._total - self._done))} left"
        return f"{passed} passed{left}: commit {self._done + 1} of {self._total}: {self._text}"


def minutes(seconds: float) -> str:
    """``12:05``: minutes and seconds."""
    whole = max(round(seconds), 0)
    return f"{whole // 60}:{whole % 60:02d}"
