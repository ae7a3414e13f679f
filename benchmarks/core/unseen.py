"""Work of ours that no tracer is to see."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def unseen(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, which the tracer and the profiler of its thread see nothing of."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        trace, profile = sys.gettrace(), sys.getprofile()
        sys.settrace(None)
        sys.setprofile(None)
        try:
            return function(*args, **kwargs)
        finally:
            sys.setprofile(profile)
            sys.settrace(trace)

    return call
