"""One line that says how far a long piece of work is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from unladen.text.terminal import printable

_REDRAW = 0.5
"""Seconds between two drawings of the line."""


class Progress:
    """On a terminal one line that is drawn again and again; elsewhere one line for each item."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock``: seconds."""
        self._stream = stream
        self._clock = clock
        self._live = _live(stream) if stream.isatty() else None
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
        if self._live is not None and self._clock() - self._drawn >= _REDRAW:
            self._show()

    def end(self) -> None:
        """Wipe the line off a terminal."""
        if self._live is not None:
            self._live.stop()

    def _show(self) -> None:
        if self._live is not None:
            self._live.start()
            line = Text(printable(self._line()), no_wrap=True, overflow="ellipsis")
            self._live.update(line, refresh=True)
        else:
            self._stream.write(self._line() + "\n")
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


class _Console(Console):
    """Leaves the cursor where it is: a command that is killed cannot bring it back."""

    def show_cursor(self, show: bool = True) -> bool:
        return False


def _live(stream: TextIO) -> Live:
    """A line that is drawn when it is changed, without a thread, and touches no other stream."""
    console = _Console(file=stream, markup=False, emoji=False, highlight=False)
    return Live(
        console=console,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def minutes(seconds: float) -> str:
    """``12:05``: minutes and seconds."""
    whole = max(round(seconds), 0)
    return f"{whole // 60}:{whole % 60:02d}"
