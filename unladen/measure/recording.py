"""The record that lies beside each results file (``unladen.store.records``), written when asv
saves the file. Before the benchmarks of a commit and after them the host is calibrated.
"""

from __future__ import annotations

import math
import os
import platform
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

import psutil

import unladen
from unladen.asv_bridge.machine import cpu_model
from unladen.asv_bridge.results import CommitRun, Hooks
from unladen.measure import calibration
from unladen.measure.calibration import Moment
from unladen.measure.carrying import CarriedFrom
from unladen.measure.known_environments import BenchmarkEnvironment, find
from unladen.measure.opened import opened_for
from unladen.measure.saved import left_out, saved_failures, saved_wrong, tell_observers
from unladen.store.owner import claim
from unladen.store.reasons import Params, failure_reason, note, output_by_params, skip_reason, wrong
from unladen.store.records import (
    Circumstances,
    Failure,
    NotApplicable,
    Note,
    Record,
    Wrong,
    has_record,
    record_of,
    record_path,
)
from unladen.text.terminal import shorten_paths, tail

OUTPUT_LIMIT = 4000
"""Characters of a failed benchmark's output that are kept."""


@dataclass(frozen=True)
class Said:
    """Of the combinations measured now: why there is no value, or what is wrong with it; notes."""

    failed: list[Failure] = field(default_factory=list)
    not_applicable: list[NotApplicable] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def _begin(environment: str) -> Moment | None:
    env = find(environment)
    if env is None:
        return None
    env.forget_measurement()
    return calibration.look(env, before=True)


def _may_save(done: CommitRun) -> bool:
    """Not what could not be checked out. Raises ``UserError`` for what was not measured as it
    should be."""
    env = find(done.environment)
    if env is not None and (why := env.unavailable(done.commit)):
        left_out[done.commit] = why
        tell_observers()
        return False
    if env is not None and _was_run(done):
        env.prove(done.commit)
    return True


def _saved(done: CommitRun) -> None:
    env = find(done.environment)
    carried = done.carried if isinstance(done.carried, CarriedFrom) else None
    if env is None or not (done.runs or carried):
        return
    claim(done.file.parents[1], env.project.name)
    path = record_path(done.file)
    said = _explain(done, env)
    old = record_of(done.file)
    record = replace(old or Record(), opened=opened_for(done, env, old))
    if carried:
        record = carried.into(record)
    if done.runs:
        record = record.updated(
            _circumstances(env),
            {series: one.kept for series, one in done.runs.items()},
            said.failed,
            said.not_applicable,
            said.notes,
            said.wrong,
        )
    record.save(path)  # at once: an interrupt of what follows must not lose the reasons
    new = {*done.runs, *(carried.series if carried else ())}
    saved_failures[done.file] = [one for one in record.failed if one.series in new]
    saved_wrong[done.file] = [one for one in record.wrong if one.series in new]
    if done.runs and isinstance(done.begun, Moment):
        after = calibration.look(env, before=False)
        record.with_session(calibration.session(done.begun, after), done.started).save(path)
    env.forget_measurement()
    tell_observers()


# Of results that have lost their record nobody knows why values are missing, so that they are
# measured again.
HOOKS = Hooks(begin=_begin, may_save=_may_save, saved=_saved, counts=has_record)


def _was_run(done: CommitRun) -> bool:
    """Whether processes were run for these results; where a commit cannot be installed, asv only
    notes failures, with nothing to say."""
    return any(one.output or one.exit_code != 1 for one in done.runs.values())


def _explain(done: CommitRun, env: BenchmarkEnvironment) -> Said:
    names = _folder_names(env)
    told = Said()
    for series, params, value, output, exit_code in _measured_values(done, env):
        if said := note(output):
            told.notes.append(Note(series, params, shorten_paths(said, names)))
        text = shorten_paths(output, names)
        if value is None:
            failure = failure_reason(text, exit_code)
            told.failed.append(Failure(series, params, failure, tail(text, OUTPUT_LIMIT)))
        elif isinstance(value, float) and math.isnan(value):
            told.not_applicable.append(NotApplicable(series, params, skip_reason(text)))
        elif (reason := wrong(output)) is not None:
            told.wrong.append(Wrong(series, params, shorten_paths(reason, names)))
    return told


def _measured_values(
    done: CommitRun, env: BenchmarkEnvironment
) -> Iterator[tuple[str, Params, Any, str, int]]:
    """Series, parameters, stored value, output and exit code of what was measured now."""
    for series, one in done.runs.items():
        output = one.output
        if not output and one.exit_code != 0:
            output = env.install_failure(done.commit)
        outputs = output_by_params(output, one.combinations)
        values = done.values[series] or [None] * len(one.combinations)
        for index in sorted(one.selected):
            params = one.combinations[index]
            yield series, params, values[index], outputs.get(params, ""), one.exit_code


def _folder_names(env: BenchmarkEnvironment) -> Mapping[str, str]:
    return {
        os.path.expanduser("~"): "~",
        tempfile.gettempdir(): "<tmp>",
        **env.folder_names,
    }


def _circumstances(env: BenchmarkEnvironment) -> Circumstances:
    python = env.interpreter
    return Circumstances(
        cpu=cpu_model(),
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
