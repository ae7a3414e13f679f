"""The values of one commit, each with its unit, its kind and, where there is none, the reason."""

from __future__ import annotations

import enum
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asv import util
from asv.benchmarks import Benchmarks
from asv.results import Results

from unladen.reasons import Params
from unladen.records import Record, record_path
from unladen.results_folder import results_files


class Status(enum.Enum):
    """What is known of one parameter combination."""

    MEASURED = "measured"
    FAILED = "failed"
    NOT_APPLICABLE = "n/a"
    MISSING = "missing"


@dataclass(frozen=True)
class Cell:
    """One parameter combination of a series. ``value`` is there if, and only if, measured."""

    params: Params
    status: Status
    value: float | int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Series:
    """One benchmark. ``kind``: ``exact``, ``sampled`` or "" if the benchmark does not say.

    ``axes``: its parameters in order, each with its values as asv writes them; ``cells``: one for
    each combination, the last parameter changing fastest.
    """

    name: str
    unit: str
    kind: str
    axes: Mapping[str, Sequence[str]]
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Values:
    """All series of one commit in one environment. ``date``: milliseconds since 1970."""

    target: str
    commit: str
    date: int
    machine: str
    python: str
    series: Sequence[Series]


@dataclass(frozen=True)
class Measured:
    """A results file and the commit that it holds. ``date``: milliseconds since 1970."""

    file: Path
    commit: str
    date: int


def newest(machines: Sequence[Path]) -> list[Measured]:
    """The results files of the commit with the latest author date."""
    found = _all_measured(machines)
    if not found:
        return []
    commit = max(found, key=lambda measured: (measured.date, measured.commit)).commit
    return [measured for measured in found if measured.commit == commit]


def of_commit(machines: Sequence[Path], prefix: str) -> list[Measured]:
    """The results files of the commit whose hash begins so. ``UserError`` if there are several."""
    found = [m for m in _all_measured(machines) if m.commit.startswith(prefix.lower())]
    commits = sorted({measured.commit for measured in found})
    if len(commits) > 1:
        raise util.UserError(f"{prefix} could be {', '.join(commit[:12] for commit in commits)}")
    return found


def load_values(conf: Any, measured: Measured) -> Values:
    """The values in one results file, of all series that ``benchmarks.json`` knows."""
    results = Results.load(str(measured.file))
    benchmarks = Benchmarks.load(conf)
    path = record_path(measured.file)
    record = Record.load(path) if path.is_file() else Record()
    known = results.get_result_keys(benchmarks)
    python = record.environment.python if record.environment else results.params.get("python", "")
    return Values(
        target=conf.project,
        commit=measured.commit,
        date=measured.date,
        machine=measured.file.parent.name,
        python=str(python),
        series=[
            _series(benchmark, results if name in known else None, record)
            for name, benchmark in sorted(benchmarks.items())
        ],
    )


def _all_measured(machines: Sequence[Path]) -> list[Measured]:
    found = []
    for machine in machines:
        for file in results_files(machine):
            data = util.load_json(str(file), Results.api_version)
            found.append(Measured(file, str(data["commit_hash"]), int(data["date"])))
    return found


def _series(benchmark: Mapping[str, Any], results: Any, record: Record) -> Series:
    name, params = benchmark["name"], benchmark["params"]
    combinations = list(itertools.product(*params))
    values = [None] * len(combinations)
    if results is not None:
        values = results.get_result_value(name, params)
    reasons = _Reasons(name, record)
    return Series(
        name=name,
        unit=str(benchmark.get("unit") or ""),
        kind=str(benchmark.get("kind") or ""),
        axes=dict(zip(benchmark["param_names"], params, strict=False)),
        cells=[
            _cell(combination, value, reasons)
            for combination, value in zip(combinations, values, strict=True)
        ],
    )


class _Reasons:
    """What a record says of one series."""

    def __init__(self, series: str, record: Record) -> None:
        self.failed = {f.params: f.reason for f in record.failed if f.series == series}
        self.not_applicable = {
            n.params: n.reason for n in record.not_applicable if n.series == series
        }


def _cell(params: Params, value: Any, reasons: _Reasons) -> Cell:
    if value is None:
        if params in reasons.failed:
            return Cell(params, Status.FAILED, reason=reasons.failed[params])
        return Cell(params, Status.MISSING)
    if util.is_nan(value):
        return Cell(params, Status.NOT_APPLICABLE, reason=reasons.not_applicable.get(params, ""))
    if not isinstance(value, int | float):
        return Cell(params, Status.FAILED, reason=f"not a number: {json.dumps(value)[:60]}")
    return Cell(params, Status.MEASURED, value=value)
