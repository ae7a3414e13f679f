"""Whose processes asv's loop gets: ours where a command of ours measures, asv's where asv does."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from asv import runner
from asv.commands import run
from asv.console import log
from asv.results import Results

from unladen.asv_bridge.environments import RunsBenchmarks
from unladen.asv_bridge.runner.plan import NOTHING, Plan, plan_of
from unladen.asv_bridge.runner.spawner import ForkingSpawner

_FORKS = "forkserver"


@dataclass
class _State:
    """``jobs``: how many processes our own runner may have at a time, None if it is not used. Of
    the run in progress ``plan`` says what it needs, once asv has filled in the time limits, and
    ``results`` gets its values."""

    jobs: int | None = None
    plan: Callable[[], Plan] = lambda: NOTHING
    results: Any = None


_state = _State()


@contextlib.contextmanager
def own_runner(jobs: int = 1) -> Iterator[None]:
    """In this block, what asv measures is run by our own runner, if the conf's ``launch_method``
    says that processes may be forked from one that has imported the suite. ``jobs``: how many
    processes with exact figures there may be at a time."""
    before = _state.jobs
    _state.jobs = jobs
    try:
        yield
    finally:
        _state.jobs = before


def install() -> None:
    """Make asv ask here. Does nothing the second time."""
    if not hasattr(runner.get_spawner, "unladen"):
        runner.get_spawner = _choosing(runner.get_spawner)
        runner.run_benchmarks = run.run_benchmarks = _planning(runner.run_benchmarks)


def _choosing(get_spawner: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(get_spawner)
    def chosen(env: Any, benchmark_dir: str, launch_method: str | None) -> Any:
        can_be_ours = launch_method == _FORKS and isinstance(env, RunsBenchmarks)
        if _state.jobs is None or not can_be_ours:
            return get_spawner(env, benchmark_dir, launch_method)
        spawner = ForkingSpawner(env, benchmark_dir, _state.plan(), _state.jobs, _tell)
        if _state.results is not None:
            _state.results._unladen_seconds = spawner.work.seconds
        return spawner

    chosen.unladen = True  # type: ignore[attr-defined]
    return chosen


def _planning(run_benchmarks: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(run_benchmarks)
    def planned(benchmarks: Any, env: Any, results: Any = None, **kwargs: Any) -> Any:
        results = Results.unnamed() if results is None else results
        extra = dict(kwargs.get("extra_params") or {})
        if kwargs.get("quick"):
            extra.update(number=1, repeat=1, warmup_time=0, rounds=1)
        selection, rounds = benchmarks.benchmark_selection, kwargs.get("run_rounds")
        _state.plan = lambda: plan_of(benchmarks, selection, extra, rounds)
        _state.results = results
        try:
            return run_benchmarks(benchmarks, env, results=results, **kwargs)
        finally:
            _state.plan, _state.results = _State.plan, None

    return planned


def _tell(done: int, of: int) -> None:
    log.info(f"Exact values: {done} of {of}")
