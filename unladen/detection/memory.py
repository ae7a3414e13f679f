"""Remembering what was found out about readings, for when the same ones are looked at again.

What a scan finds, and where a step is likeliest, depends on the readings of its stretch and on this
package only: not on the level, which depends on all series. So of a history that goes on, only the
stretches that end at its last commit are new. A memory is asked by a digest of all that goes in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache, wraps
from importlib import resources
from typing import Concatenate, ParamSpec, TypeVar

import numpy as np

from unladen.detection.ranks import Floats

P = ParamSpec("P")
R = TypeVar("R")

Answer = tuple[float, ...]
"""What was found, as numbers."""

KEY_BYTES = 16
LONGEST_ANSWER = 3


class Memory:
    """Answers by keys of ``KEY_BYTES`` bytes, none of more than ``LONGEST_ANSWER`` numbers."""

    def __init__(self, known: Mapping[bytes, Answer] | None = None) -> None:
        """``known``: from before, by this ``version`` of the package."""
        self._known = known or {}
        self._used: dict[bytes, Answer] = {}

    @property
    def used(self) -> dict[bytes, Answer]:
        """The answers that were asked for: those worth keeping."""
        return self._used

    @property
    def is_kept(self) -> bool:
        """Whether what is worth keeping is what there was from before."""
        return self._used.keys() == self._known.keys()

    def answer(self, key: bytes, find: Callable[[], Answer]) -> Answer:
        """The answer of that key; ``find`` gives it if it is not known."""
        found = self._used.get(key) or self._known.get(key) or find()
        self._used[key] = found
        return found


_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


@contextmanager
def remembering(memory: Memory) -> Iterator[None]:
    """Within it, this package looks into ``memory`` first, and leaves there what it finds."""
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)


@contextmanager
def remembering_meanwhile() -> Iterator[None]:
    """Within it, nothing is found out twice: with the memory that there is, or one of its own."""
    with nullcontext() if _memory.get() is not None else remembering(Memory()):
        yield


def remembered(
    numbers: Callable[[R], Answer], result: Callable[[Answer], R]
) -> Callable[
    [Callable[Concatenate[Floats, P], R]],
    Callable[Concatenate[Floats, P], R],
]:
    """Makes a function of readings, and of what ``repr`` tells in full, use the memory there is.

    ``numbers``, ``result``: from what it returns to the answer, and back.
    """

    def decorate(
        function: Callable[Concatenate[Floats, P], R],
    ) -> Callable[Concatenate[Floats, P], R]:
        name = function.__qualname__

        @wraps(function)
        def asking(values: Floats, /, *args: P.args, **kwargs: P.kwargs) -> R:
            memory = _memory.get()
            if memory is None:
                return function(values, *args, **kwargs)
            key = hashlib.blake2b(f"{name}{args}{kwargs}\0".encode(), digest_size=KEY_BYTES)
            key.update(np.asarray(values, dtype=np.float64).tobytes())
            answer = memory.answer(key.digest(), lambda: numbers(function(values, *args, **kwargs)))
            return result(answer)

        return asking

    return decorate


@cache
def version() -> str:
    """A digest of this package's files, and of what else could change an answer."""
    files = resources.files("unladen.detection").iterdir()
    digest = hashlib.sha256(np.__version__.encode())
    for file in sorted(files, key=lambda file: file.name):
        if file.name.endswith((".py", ".json")):
            digest.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()
