"""Measuring in a process of its own, so that nothing of a runtime that fails outlives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from benchmarks.core import forked
from benchmarks.core.cells import Attempt

T = TypeVar("T")

CHILD_LIMIT_S = 1200.0
"""Real seconds after which the process of one figure is killed: a busy machine is no failure."""

CACHE_TIMEOUT_S = 7200.0
"""Real seconds that asv gives all the figures of a module together."""


def fresh(measure: Callable[[], T]) -> Attempt[T]:
    """``attempt(measure)`` in a process of its own."""
    return forked.fresh(measure, limit_s=CHILD_LIMIT_S)
