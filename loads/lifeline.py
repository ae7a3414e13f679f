"""Who started this process holds the other end of its standard input: when that closes, however
whoever it was came to an end, this process is to end too."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Callable


class Lifeline:
    """``is_cut`` is set when the other end closes, or SIGINT or SIGTERM comes."""

    def __init__(self) -> None:
        """Hold it from now on; in the main thread."""
        self.is_cut = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.is_cut.set())
        threading.Thread(target=self._watch, name="lifeline", daemon=True).start()

    def wait(self, seconds: float, is_over: Callable[[], bool] = lambda: False) -> bool:
        """Wait until it is cut or ``is_over`` says so, at most ``seconds``; whether one of them
        is."""
        end = threading.Event()
        waited = 0.0
        while not (self.is_cut.is_set() or is_over()):
            if waited >= seconds:
                return False
            # A signal's handler runs between two waits of the main thread.
            end.wait(_STEP_S)
            waited += _STEP_S
        return True

    def _watch(self) -> None:
        stdin = sys.stdin.fileno()
        while True:
            select.select([stdin], [], [])
            if not os.read(stdin, 4096):
                break
        self.is_cut.set()


_STEP_S = 0.05
