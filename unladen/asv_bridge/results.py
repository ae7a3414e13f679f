"""asv's results of one commit on their way into a file, and what we add to that.

asv has no extension point there and its modules hold ``Results`` by name, so that class's own
``load_data``, ``add_result`` and ``save`` are wrapped; and ``asv.util.write_json``, through which
asv writes every JSON file, writes atomically: an interrupt never leaves half a file.

One thing is changed in what asv stores: parameter combinations that ``--bench`` left out and that
have never been measured are stored as missing (null), where asv stores them as n/a (NaN).
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asv import util
from asv.commands import run
from asv.results import Results, get_filename

from unladen.store.json_files import replacing
from unladen.store.reasons import Params


@dataclass(frozen=True)
class SeriesRun:
    """What asv handed over for one series. ``selected``: indices of the measured combinations;
    ``is_same``: whether what was stored of the series before means the same, ``was_stored``:
    whether anything was."""

    combinations: Sequence[Params]
    selected: frozenset[int]
    output: str
    exit_code: int
    is_same: bool
    was_stored: bool = True

    @property
    def kept(self) -> set[Params]:
        """The combinations of which what was recorded before still holds."""
        left = set(range(len(self.combinations))) - self.selected
        return {self.combinations[index] for index in left} if self.is_same else set()


@dataclass(frozen=True)
class CommitRun:
    """What was measured of a commit. ``environment``: asv's name of it; ``file``: its results file,
    absolute; ``values``: by series, those of all its combinations, None where all failed;
    ``started``: when each series in the file was measured, milliseconds since 1970; ``begun``: what
    ``Hooks.begin`` gave, None if it was not called; ``carried``: what is told of the series that
    another commit's results gave (``asv_bridge.carrying``), None if there are none."""

    commit: str
    environment: str
    file: Path
    runs: Mapping[str, SeriesRun]
    values: Mapping[str, Sequence[Any] | None]
    started: Sequence[int]
    begun: object
    carried: object = None


@dataclass(frozen=True)
class Hooks:
    """``begin``: before the benchmarks of a commit, told asv's name of the environment.
    ``may_save``: before a file is written; it is not if this says no. ``saved``: after that.
    ``counts``: whether a results file keeps its commit from being measured again."""

    begin: Callable[[str], object]
    may_save: Callable[[CommitRun], bool]
    saved: Callable[[CommitRun], None]
    counts: Callable[[Path], bool]


def install(hooks: Hooks) -> None:
    """Wrap asv's functions. Does nothing the second time."""
    if hasattr(Results, "_unladen_runs"):
        return
    Results._unladen_runs = None
    Results._unladen_unmeasured = None
    Results._unladen_begun = None
    Results._unladen_carried = None
    Results._unladen_seconds = {}
    Results.load_data = _beginning(Results.load_data, hooks)
    Results.add_result = _collecting(Results.add_result)
    Results.save = _saving(Results.save, hooks)
    run.iter_results_for_machine_and_hash = _counting(run.iter_results_for_machine_and_hash, hooks)
    util.write_json = _atomic(util.write_json)


def file_name(machine: str, commit: str, environment: str) -> Path:
    """The results file of a commit, seen from the folder of results; ``environment``: its name."""
    return Path(get_filename(machine, commit, environment))


def _beginning(load_data: Callable[[Any, str], None], hooks: Hooks) -> Callable[[Any, str], None]:
    @functools.wraps(load_data)
    def load_and_begin(self: Any, result_dir: str) -> None:
        load_data(self, result_dir)
        self._unladen_begun = hooks.begin(self.env_name)

    return load_and_begin


def _counting(results: Callable[..., Iterator[Any]], hooks: Hooks) -> Callable[..., Iterator[Any]]:
    """What ``run`` looks at to skip what it has."""

    @functools.wraps(results)
    def results_that_count(folder: str, *args: Any, **kwargs: Any) -> Iterator[Any]:
        for one in results(folder, *args, **kwargs):
            if hooks.counts(Path(folder, one._filename)):
                yield one

    return results_that_count


def _collecting(add_result: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(add_result)
    def add_and_collect(self: Any, benchmark: Any, result: Any, *args: Any, **kwargs: Any) -> None:
        name = benchmark["name"]
        combinations = list(itertools.product(*benchmark["params"]))
        selection = kwargs.get("selected_idx")
        indices = range(len(combinations)) if selection is None else selection
        is_new = self._results.get(name) is None or (
            self._benchmark_version.get(name) != benchmark["version"]
        )
        if self._unladen_runs is None:
            self._unladen_runs = {}
            self._unladen_unmeasured = {}
        before = self._unladen_runs.get(name)  # of another round
        was_stored = before.was_stored if before else self._results.get(name) is not None
        if is_new:
            self._unladen_unmeasured[name] = set(range(len(combinations)))
        self._unladen_unmeasured.get(name, set()).difference_update(indices)
        self._unladen_runs[name] = SeriesRun(
            combinations,
            frozenset(indices),
            result.stderr,
            result.errcode,
            self._benchmark_version.get(name) in (None, benchmark["version"]),
            was_stored,
        )
        if name in self._unladen_seconds:
            kwargs["duration"] = self._unladen_seconds[name]
        add_result(self, benchmark, result, *args, **kwargs)

    return add_and_collect


def _saving(save: Callable[[Any, str], None], hooks: Hooks) -> Callable[[Any, str], None]:
    @functools.wraps(save)
    def save_and_tell(self: Any, result_dir: str) -> None:
        if not hooks.may_save(_commit_run(self, result_dir)):
            return
        for series, indices in (self._unladen_unmeasured or {}).items():
            _mark_missing(self._results, series, indices)
        save(self, result_dir)
        hooks.saved(_commit_run(self, result_dir))

    return save_and_tell


def _commit_run(results: Any, folder: str) -> CommitRun:
    return CommitRun(
        commit=results.commit_hash,
        environment=results.env_name,
        file=Path(folder, results._filename).absolute(),
        runs=dict(results._unladen_runs or {}),
        values=results._results,
        started=[*results.started_at.values()],
        begun=results._unladen_begun,
        carried=results._unladen_carried,
    )


def _mark_missing(results: dict[str, Any], series: str, indices: set[int]) -> None:
    values = results.get(series)
    if values and indices:
        marked = [None if i in indices else value for i, value in enumerate(values)]
        results[series] = marked if any(value is not None for value in marked) else None


def _atomic(write_json: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(write_json)
    def write_json_atomically(
        path: str, data: Any, api_version: int | None = None, compact: bool = False
    ) -> None:
        with replacing(Path(path)) as temporary:
            if compact and api_version is None:
                # asv writes it piece by piece, which takes Python's slow encoder.
                temporary.write_text(json.dumps(data), encoding="utf-8")
            else:
                write_json(str(temporary), data, api_version, compact)

    return write_json_atomically
