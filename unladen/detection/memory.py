"""Remembering what was found out about readings, for when the same ones are looked at again: in
this look at a history, and in the next one.

What a scan finds, and where a step is likeliest, depends on the readings of its stretch only, not
on the level of the tests, which depends on all series: so that the tests of a series and its steps
share most of their scans, and after one more commit only stretches that end there are new. An
answer is found by a digest of the question and of the readings, and so is never out of date, but
for a change of the code, which makes all of them anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import numpy as np

from unladen.detection.ranks import Floats
from unladen.store import caches

P = ParamSpec("P")
R = TypeVar("R")

Answer = tuple[float, ...]

MOST = 400_000
"""Answers that are kept, but for those that were given in the last look: 13 MB."""

_KEY_BYTES = 16


class Memory:
    """Answers by the digests of their questions. ``kept``: those from before."""

    def __init__(self, kept: Mapping[bytes, Answer] | None = None) -> None:
        self.kept = kept or {}
        self.given: dict[bytes, Answer] = {}

    def find(self, digest: bytes) -> Answer | None:
        """The answer to a question; None if it was never answered."""
        found = self.given.get(digest)
        if found is None and (found := self.kept.get(digest)) is not None:
            self.given[digest] = found
        return found

    @property
    def has_grown(self) -> bool:
        """Whether there is an answer that was not kept before."""
        return not self.given.keys() <= self.kept.keys()


_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


@contextmanager
def remembering(file: Path | None = None) -> Iterator[None]:
    """Within it, nothing is found out twice; with a cache ``file``, not the next time either."""
    if _memory.get() is not None:
        yield
        return
    fingerprint = f"{caches.code_digest('detection')} {np.__version__}"
    memory = Memory(caches.load(file, fingerprint, _decoded) if file else None)
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)
    if file and memory.has_grown:
        _save(file, fingerprint, memory)


def remembered(
    pack: Callable[[R], Answer], unpack: Callable[[Answer], R]
) -> Callable[[Callable[Concatenate[Floats, P], R]], Callable[Concatenate[Floats, P], R]]:
    """Makes a function of readings, and of what ``repr`` tells in full, answer from memory what it
    was asked before. Outside of ``remembering`` it forgets. ``pack``, ``unpack``: make numbers of
    an answer, and that answer of them again."""

    def with_memory(
        function: Callable[Concatenate[Floats, P], R],
    ) -> Callable[Concatenate[Floats, P], R]:
        name = function.__qualname__

        @wraps(function)
        def asking(values: Floats, /, *args: P.args, **kwargs: P.kwargs) -> R:
            memory = _memory.get()
            if memory is None:
                return function(values, *args, **kwargs)
            key = hashlib.sha256(f"{name}{args}{kwargs}\0".encode())
            key.update(np.ascontiguousarray(values, dtype=np.float64).data)
            digest = key.digest()[:_KEY_BYTES]
            known = memory.find(digest)
            if known is not None:
                return unpack(known)
            found = function(values, *args, **kwargs)
            memory.given[digest] = pack(found)
            return found

        return asking

    return with_memory


def _decoded(arrays: caches.Arrays) -> dict[bytes, Answer]:
    keys, ends = arrays["keys"].tobytes(), arrays["ends"].tolist()
    numbers = arrays["numbers"].tolist()
    starts = [0, *ends[:-1]]
    return {
        keys[n * _KEY_BYTES : (n + 1) * _KEY_BYTES]: tuple(numbers[start:end])
        for n, (start, end) in enumerate(zip(starts, ends, strict=True))
    }


def _save(file: Path, fingerprint: str, memory: Memory) -> None:
    answers = memory.given
    if len(answers) + len(memory.kept) <= MOST:
        answers = {**memory.kept, **answers}
    caches.save(
        file,
        fingerprint,
        {
            "keys": np.frombuffer(b"".join(answers), dtype=np.uint8),
            "ends": np.cumsum([len(answer) for answer in answers.values()], dtype=np.int64),
            "numbers": np.array([n for answer in answers.values() for n in answer], dtype=float),
        },
    )
