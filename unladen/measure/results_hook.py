"""The hook into ``asv.results.Results`` that keeps records (``unladen.store.records``) and makes
saving atomic.

asv has no extension point there and its modules hold ``Results`` by name, so the class's own
``add_result`` and ``save`` are wrapped, and ``asv.util.write_json``, through which asv writes every
JSON file, goes through a temporary file and ``os.replace``: an interrupt never leaves half a file.

Before the benchmarks of a commit (``Results.load_data``) and after them the host is calibrated.

One thing is changed in what asv stores: parameter combinations that ``--bench`` left out and that
have never been measured are stored as missing (null), where asv stores them as n/a (NaN).
"""

from __future__ import annotations

import functools
import itertools
import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from asv import util
from asv.commands import run
from asv.results import Results

import unladen
from unladen.measure import calibration, environment
from unladen.measure.environment import BenchmarkEnvironment
from unladen.store.owner import claim
from unladen.store.reasons import Params, failure_reason, note, output_by_params, skip_reason, wrong
from unladen.store.records import (
    Circumstances,
    Failure,
    NotApplicable,
    Note,
    Record,
    Wrong,
    record_path,
)
from unladen.text.terminal import shorten_paths, tail

OUTPUT_LIMIT = 4000
"""Characters of a failed benchmark's output that are kept."""

saved_failures: dict[Path, list[Failure]] = {}
"""The results files saved by this process, with what failed while it measured."""

saved_wrong: dict[Path, list[Wrong]] = {}
"""The same files, with what gave the value of a wrong outcome."""

left_out: dict[str, str] = {}
"""The commits that this process has not measured because they could not be checked out, and why:
nothing is saved of them."""

saved_observers: list[Callable[[], None]] = []
"""Called after each results file that this process has saved together with its record, and for
each that it has left out."""


@dataclass(frozen=True)
class SeriesRun:
    """What asv handed over for one series. ``selected``: indices of the measured combinations;
    ``is_same``: whether what was stored of the series before means the same."""

    combinations: Sequence[Params]
    selected: frozenset[int]
    output: str
    exit_code: int
    is_same: bool

    @property
    def kept(self) -> set[Params]:
        """The combinations of which what was recorded before still holds."""
        left = set(range(len(self.combinations))) - self.selected
        return {self.combinations[index] for index in left} if self.is_same else set()


def install() -> None:
    """Wrap asv's functions. Does nothing the second time."""
    if hasattr(Results, "_unladen_runs"):
        return
    Results._unladen_runs = None
    Results._unladen_unmeasured = None
    Results._unladen_before = None
    Results.load_data = _calibrating(Results.load_data)
    Results.add_result = _collecting(Results.add_result)
    Results.save = _recording(Results.save)
    run.iter_results_for_machine_and_hash = _recorded(run.iter_results_for_machine_and_hash)
    util.write_json = _atomic(util.write_json)


def _calibrating(load_data: Callable[[Any, str], None]) -> Callable[[Any, str], None]:
    @functools.wraps(load_data)
    def load_and_calibrate(self: Any, result_dir: str) -> None:
        load_data(self, result_dir)
        env = environment.find(self.env_name)
        if env is not None:
            env.forget_measurement()
            self._unladen_before = calibration.look(env, before=True)

    return load_and_calibrate


def _recorded(results: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """What ``run`` looks at to skip what it has: of results that have lost their record nobody
    knows why values are missing, so that they are measured again."""

    @functools.wraps(results)
    def results_with_record(folder: str, *args: Any, **kwargs: Any) -> Iterator[Any]:
        for one in results(folder, *args, **kwargs):
            if record_path(Path(folder, one._filename)).is_file():
                yield one

    return results_with_record


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
        if is_new:
            self._unladen_unmeasured[name] = set(range(len(combinations)))
        self._unladen_unmeasured.get(name, set()).difference_update(indices)
        self._unladen_runs[name] = SeriesRun(
            combinations,
            frozenset(indices),
            result.stderr,
            result.errcode,
            self._benchmark_version.get(name) in (None, benchmark["version"]),
        )
        add_result(self, benchmark, result, *args, **kwargs)

    return add_and_collect


def _recording(save: Callable[[Any, str], None]) -> Callable[[Any, str], None]:
    @functools.wraps(save)
    def save_with_record(self: Any, result_dir: str) -> None:
        env = environment.find(self.env_name)
        if env is not None and (why := env.unavailable(self.commit_hash)):
            left_out[self.commit_hash] = why
            _tell_observers()
            return
        if env is not None and _was_run(self):
            env.prove(self.commit_hash)
        for series, indices in (self._unladen_unmeasured or {}).items():
            _mark_missing(self._results, series, indices)
        save(self, result_dir)
        if env is None or not self._unladen_runs:
            return
        claim(Path(result_dir), env.project.name)
        results_file = Path(result_dir, self._filename).absolute()
        path = record_path(results_file)
        said = _explain(self, env)
        old = Record.load(path) if path.exists() else Record()
        record = old.updated(
            _circumstances(env),
            {series: outcome.kept for series, outcome in self._unladen_runs.items()},
            said.failed,
            said.not_applicable,
            said.notes,
            said.wrong,
        )
        record.save(path)  # at once: an interrupt of what follows must not lose the reasons
        saved_failures[results_file] = said.failed
        saved_wrong[results_file] = said.wrong
        if self._unladen_before is not None:
            after = calibration.look(env, before=False)
            session = calibration.session(self._unladen_before, after)
            record.with_session(session, self.started_at.values()).save(path)
        _tell_observers()

    return save_with_record


def _was_run(results: Any) -> bool:
    """Whether processes were run for these results; where a commit cannot be installed, asv only
    notes failures, with nothing to say."""
    outcomes = (results._unladen_runs or {}).values()
    return any(outcome.output or outcome.exit_code != 1 for outcome in outcomes)


def _tell_observers() -> None:
    for observer in saved_observers:
        observer()


def _atomic(write_json: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(write_json)
    def write_json_atomically(path: str, *args: Any, **kwargs: Any) -> None:
        target = os.path.realpath(path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        temporary = f"{target}.{os.getpid()}.part"
        try:
            write_json(temporary, *args, **kwargs)
            os.replace(temporary, target)
        finally:
            if os.path.exists(temporary):
                os.unlink(temporary)

    return write_json_atomically


def _mark_missing(results: dict[str, Any], series: str, indices: set[int]) -> None:
    values = results.get(series)
    if values and indices:
        marked = [None if i in indices else value for i, value in enumerate(values)]
        results[series] = marked if any(value is not None for value in marked) else None


@dataclass(frozen=True)
class Said:
    """Of the combinations measured now: why there is no value, or what is wrong with it; notes."""

    failed: list[Failure] = field(default_factory=list)
    not_applicable: list[NotApplicable] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def _explain(results: Any, env: BenchmarkEnvironment) -> Said:
    names = _folder_names(env)
    told = Said()
    for series, params, value, output, exit_code in _measured_values(results, env):
        if said := note(output):
            told.notes.append(Note(series, params, shorten_paths(said, names)))
        text = shorten_paths(output, names)
        if value is None:
            failure = failure_reason(text, exit_code)
            told.failed.append(Failure(series, params, failure, tail(text, OUTPUT_LIMIT)))
        elif util.is_nan(value):
            told.not_applicable.append(NotApplicable(series, params, skip_reason(text)))
        elif (reason := wrong(output)) is not None:
            told.wrong.append(Wrong(series, params, shorten_paths(reason, names)))
    return told


def _measured_values(
    results: Any, env: BenchmarkEnvironment
) -> Iterator[tuple[str, Params, Any, str, int]]:
    """Series, parameters, stored value, output and exit code of what was measured now."""
    for series, outcome in results._unladen_runs.items():
        output = outcome.output
        if not output and outcome.exit_code != 0:
            output = env.install_failure(results.commit_hash)
        outputs = output_by_params(output, outcome.combinations)
        values = results._results[series] or [None] * len(outcome.combinations)
        for index in sorted(outcome.selected):
            params = outcome.combinations[index]
            yield series, params, values[index], outputs.get(params, ""), outcome.exit_code


def _folder_names(env: BenchmarkEnvironment) -> Mapping[str, str]:
    return {
        os.path.expanduser("~"): "~",
        tempfile.gettempdir(): "<tmp>",
        **env.folder_names,
    }


def _circumstances(env: BenchmarkEnvironment) -> Circumstances:
    python = env.interpreter
    return Circumstances(
        cpu=str(util.get_cpu_info()),
        cores=psutil.cpu_count() or 0,
        memory=int(psutil.virtual_memory().total),
        os=platform.system(),
        kernel=platform.release(),
        python=python.version,
        implementation=python.implementation,
        packages=python.packages,
        asv=version("asv"),
        asv_runner=version("asv_runner"),
        unladen=unladen.__version__,
        load_average=calibration.load_average(),
    )
