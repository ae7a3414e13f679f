"""How a command ends that is interrupted or terminated: soon, and saying what it leaves."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

INTERRUPTED = 130
"""Exit code of a command that was interrupted or terminated."""

ASV_INTERRUPTED = "Interrupted."
"""What the ``UserError`` says that asv makes of an interrupt while benchmarks run."""

GRACE = 4.0
"""Seconds that a command may take to clean up; then it ends as it is. Nothing is lost by that: what
is stored is written atomically, locks are the kernel's, and left folders are removed next time."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _Held:
    """Whether the main thread is at something that must not be interrupted, and was."""

    depth = 0
    is_interrupted = False


@contextlib.contextmanager
def held() -> Iterator[None]:
    """An interrupt in this block is raised at its end. Only for blocks that are over at once.

    Around a fork: in the functions that are called before and after it (``os.register_at_fork``,
    which ``logging`` uses) an exception is printed and lost. Does nothing but in the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _Held.depth += 1
    try:
        yield
    finally:
        _Held.depth -= 1
        if not _Held.depth and _Held.is_interrupted:
            _Held.is_interrupted = False
            raise KeyboardInterrupt


class Interrupts:
    """Makes SIGINT and SIGTERM raise ``KeyboardInterrupt`` in the main thread: once, so that no
    second one ends the cleaning up, and followed by the end of the process after ``GRACE``.

    An exception can be swallowed (``except BaseException``, ``__del__``), and cleaning up can wait
    for something that never comes; hence the second part, which needs no Python code to have run:
    the kernel's signal is written to a pipe that a thread reads.
    """

    def __init__(self) -> None:
        """Nothing is done before ``install``."""
        self._is_told = False
        self._reading, self._writing = os.pipe()

    def install(self) -> None:
        """From now on. Signals that this process was told to ignore stay ignored."""
        os.set_blocking(self._writing, False)
        signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._interrupt)
        threading.Thread(target=self._end_in_time, name="interrupts", daemon=True).start()

    def finish(self) -> None:
        """The command is over: interrupts have nothing more to end."""
        self._is_told = True
        # Python ends itself by SIGINT after an interrupt of code that came as a string, caught or
        # not (those of dataclasses do), unless such code has run to its end since.
        exec("")

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if not self._is_told:
            self._is_told = True
            if not _Held.depth:
                raise KeyboardInterrupt
            _Held.is_interrupted = True

    def _end_in_time(self) -> None:
        while os.read(self._reading, 1)[0] not in _SIGNALS:
            continue  # of a signal that somebody else handles
        threading.Event().wait(GRACE)
        os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, _LATE)
        os._exit(INTERRUPTED)  # the watcher of unladen.asv_bridge.processes ends the children


_LATE = b"unladen: interrupted; ended before all was cleaned up\n"
