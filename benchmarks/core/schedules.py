"""Measuring under a schedule: a seed chooses the order of what is due at the same instant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from mocks.clock.schedules import Trial

_TRIAL: ContextVar[Trial | None] = ContextVar("the schedule that is tried", default=None)


def current_trial() -> Trial | None:
    """The trial that clocks and models made now are part of; ``None``: the canonical order."""
    return _TRIAL.get()


@contextmanager
def tried(trial: Trial) -> Iterator[None]:
    """Within the block, harnesses and workloads are made for this trial."""
    token = _TRIAL.set(trial)
    try:
        yield
    finally:
        _TRIAL.reset(token)
