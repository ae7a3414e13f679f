"""What a program draws by chance, the same in every process: pauses before retries have jitter."""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Callable
from typing import Any

SEED = 1

_BLOCK = 1 << 16
"""Bytes that are made at a time of what seems to come from the system."""


def seed() -> Callable[[], None]:
    """Begin the shared generator of `random`, and of NumPy where it is loaded, at the same place
    each time. Gives what puts both back. Generators of a program's own, and what comes from the
    system, stay by chance."""
    state = random.getstate()
    random.seed(SEED)
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is None:
        return lambda: random.setstate(state)
    numpy_state = numpy_random.get_state()
    numpy_random.seed(SEED)

    def put_back() -> None:
        random.setstate(state)
        numpy_random.set_state(numpy_state)

    return put_back


class _Drawn(io.RawIOBase):
    """Bytes without end, the same in every process."""

    def __init__(self) -> None:
        self._generator = random.Random(SEED)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill it."""
        buffer[:] = self._generator.randbytes(len(buffer))
        return len(buffer)


def draw_alike() -> None:
    """Give the same to whoever asks `SystemRandom` in this process, and so `secrets`, for good: to
    choose a letter it draws until what is drawn is the number of one, and each draw is a call. It
    goes on where it was, so that nothing is drawn twice in a process. `uuid4` and `os.urandom`,
    whose cost is always the same, stay by chance."""
    # What reads is a function in C, as that of the system is, so that as many calls are counted.
    drawn = io.BufferedReader(_Drawn(), _BLOCK)
    drawn.peek()
    vars(random)["_urandom"] = drawn.read
