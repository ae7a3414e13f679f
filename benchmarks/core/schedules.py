"""Measuring under a schedule: a seed chooses the order of what is due at the same instant."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from benchmarks.core.workload import Engine, I, R
from mocks.clock.schedules import Trial, actor, event_at

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


async def comes(name: str) -> None:
    """Wait until the user of this name comes, which is at this instant: on a scheduled loop in any
    order among all that is due. What the task does is told as theirs, before they come too."""
    actor.set(name)
    loop = asyncio.get_running_loop()
    here = loop.create_future()
    event_at(loop, loop.time(), here.set_result, None)
    await here


def named(engine: Engine[I, R]) -> Engine[I, R]:
    """The engine, with runs called ``run 1``, ``run 2``, ... where overtakings are told; those that
    have a name keep it."""
    count = 0

    def run(one: I) -> Coroutine[Any, Any, R]:
        nonlocal count
        count += 1
        return run_as(f"run {count}", one)

    async def run_as(name: str, one: I) -> R:
        if not actor.get():
            actor.set(name)
        return await engine.run(one)

    return Engine(run, engine.close)
