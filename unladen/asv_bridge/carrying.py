"""Values of a commit that asv takes over from another one's results before it measures the rest."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asv.commands import run
from asv.console import log

from unladen.asv_bridge.environments import AsvVirtualenv
from unladen.store.results_file import StoredSeries


@dataclass(frozen=True)
class Wanted:
    """What asv is about to measure. ``file``: of the commit's results, seen from their folder;
    ``series``: by name, of which nothing is stored, each with asv's version."""

    environment: AsvVirtualenv
    commit: str
    file: str
    series: Mapping[str, str]


@dataclass(frozen=True)
class Carriage:
    """What is taken over. ``failed``: the series of which some value is a failure; ``told``: what
    ``CommitRun.carried`` says of it. ``controls``: further series, which are measured first;
    ``agrees``: whether one of them, by its name, has this result, or else nothing is taken over."""

    rows: Mapping[str, StoredSeries]
    failed: frozenset[str]
    told: object
    controls: frozenset[str]
    agrees: Callable[[str, Sequence[Any] | None], bool]


Carry = Callable[[Wanted], Carriage | None]


def install(carry: Carry) -> None:
    """Ask ``carry`` before asv's ``run`` measures a commit. Does nothing the second time."""
    if not hasattr(run.run_benchmarks, "unladen"):
        run.run_benchmarks = _carrying(run.run_benchmarks, carry)


def _carrying(run_benchmarks: Callable[..., Any], carry: Carry) -> Callable[..., Any]:
    @functools.wraps(run_benchmarks)
    def carry_and_run(benchmarks: Any, env: Any, results: Any = None, **options: Any) -> Any:
        found = None
        if isinstance(env, AsvVirtualenv) and _is_plain(results, options):
            found = carry(_wanted(benchmarks, env, results))
        if found is not None and found.controls:
            controls = benchmarks.filter_out(benchmarks.keys() - found.controls)
            run_benchmarks(controls, env, results=results, **options)
            benchmarks = benchmarks.filter_out(found.controls)
            found = found if _agree(found, results) else None
        if found is not None:
            _fill(results, found)
            for _ in range(len(found.rows) * _rounds(benchmarks)):
                log.step()
            benchmarks = benchmarks.filter_out(found.rows.keys())
        if not benchmarks:
            return results
        return run_benchmarks(benchmarks, env, results=results, **options)

    carry_and_run.unladen = True  # type: ignore[attr-defined]
    return carry_and_run


def _agree(found: Carriage, results: Any) -> bool:
    """Whether the control series are what they would have been, had they been taken over."""
    others = [name for name in found.controls if not found.agrees(name, results._results[name])]
    for name in others:
        log.warning(f"Nothing is carried: {name} is not what it was")
    return not others


def _is_plain(results: Any, options: Mapping[str, Any]) -> bool:
    """Whether the results will be stored, and are not to be those of other options than usual."""
    odd = ("profile", "extra_params", "append_samples", "record_samples", "run_rounds")
    return results._unladen_begun is not None and not any(options.get(name) for name in odd)


def _wanted(benchmarks: Any, env: AsvVirtualenv, results: Any) -> Wanted:
    stored = results.get_result_keys(benchmarks)
    pending = {n: str(one["version"]) for n, one in benchmarks.items() if n not in stored}
    return Wanted(env, results.commit_hash, str(results._filename), pending)


def _rounds(benchmarks: Any) -> int:
    return max(int(one.get("rounds", 1)) for one in benchmarks.values())


def _fill(results: Any, found: Carriage) -> None:
    for name, row in found.rows.items():
        results._results[name] = row.entry("result")
        results._benchmark_params[name] = row.entry("params")
        results._benchmark_version[name] = row.entry("version")
        results._started_at[name] = row.entry("started_at")
        results._duration[name] = row.entry("duration")
        results._samples[name] = results._stats[name] = None
        results._stderr[name], results._errcode[name] = "", int(name in found.failed)
    results._unladen_carried = found.told
