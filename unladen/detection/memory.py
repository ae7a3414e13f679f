"""Remembering what was found out about readings, for when the same ones are looked at again.

What a scan finds, and where a step is likeliest, depends on the readings of its stretch only, not
on the level of the tests, which depends on all series: so that the tests of a series and its steps
share most of their scans.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np

from unladen.detection.ranks import Floats

P = ParamSpec("P")
R = TypeVar("R")

_KEY_BYTES = 16

_answers: ContextVar[dict[bytes, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within it, nothing is found out twice."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def remembered(
    function: Callable[Concatenate[Floats, P], R],
) -> Callable[Concatenate[Floats, P], R]:
    """Makes a function of readings, and of what ``repr`` tells in full, whose result cannot be
    changed, answer from memory what it was asked before. Outside of ``remembering`` it forgets."""
    name = function.__qualname__

    @wraps(function)
    def asking(values: Floats, /, *args: P.args, **kwargs: P.kwargs) -> R:
        answers = _answers.get()
        if answers is None:
            return function(values, *args, **kwargs)
        key = hashlib.blake2b(f"{name}{args}{kwargs}\0".encode(), digest_size=_KEY_BYTES)
        key.update(np.asarray(values, dtype=np.float64).tobytes())
        digest = key.digest()
        if digest not in answers:
            answers[digest] = function(values, *args, **kwargs)
        found: R = answers[digest]
        return found

    return asking
