"""Keeping a load for the target's site and report: what is told of it, without its rows."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from unladen.load.acceptance import measured, whole_figures
from unladen.load.capacity import capacity_formula, measured_capacity
from unladen.load.report import LoadReport, Period
from unladen.load.rows import ErrorClass
from unladen.project.project import Project
from unladen.results.loads import VERSION, KeptLoad, KeptPeriod, loads_folder
from unladen.store.json_files import replacing
from unladen.text.terminal import printable


def kept_load(
    report: LoadReport, target: str, commit: str, options: Sequence[str], trouble: str
) -> KeptLoad:
    """A report as it is kept. ``commit``: its whole hash; ``options``: those of the command;
    ``trouble``: why it broke off, "" if it did not."""
    return KeptLoad(
        target=target,
        commit=commit,
        options=list(options),
        engine=report.plan.engine,
        profile=printable(report.plan.profile),
        seconds=report.seconds,
        trouble=printable(trouble),
        figures={name: value if math.isfinite(value) else None for name, value in _figures(report)},
        periods=[_period(one) for one in report.periods],
        users_over_time=[(one.at, one.users) for one in report.users_over_time],
    )


def keep_load(
    project: Project,
    name: str,
    report: LoadReport,
    commit: str,
    options: Sequence[str],
    trouble: str,
) -> Path:
    """Keep a load of a target by its name; the file. The rest is as for ``kept_load``."""
    file = loads_folder(project) / f"{name}.json"
    write_load(file, kept_load(report, project.name, commit, options, trouble))
    return file


def write_load(file: Path, load: KeptLoad) -> None:
    """Write it, atomically: a line for each period, so that differences can be read."""
    data = {"version": VERSION, **msgspec.to_builtins(load)}
    periods = data.pop("periods")
    users = data.pop("users_over_time")
    text = json.dumps(data, indent=1, allow_nan=False).removesuffix("\n}")
    with replacing(file) as temporary:
        temporary.write_text(
            f'{text},\n "users_over_time": {_compact(users)},\n "periods": [\n'
            + ",\n".join(map(_compact, periods))
            + "\n ]\n}\n",
            "utf-8",
        )


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _figures(report: LoadReport) -> Iterator[tuple[str, float]]:
    """All that were measured, by name."""
    for kind in ("", *report.kinds):
        for figure in whole_figures(of_a_kind=bool(kind)):
            value = measured(figure, kind, report)
            if value is not None:
                yield (f"{kind}.{figure}" if kind else figure), value
    for error in filter(None, ErrorClass):
        yield f"errors.{error.replace(' ', '-')}", report.total.errors[error]
    yield "most_users", report.most_users
    for name, value in report.facts.items():
        yield f"facts.{name}", value
    yield from _capacity(report)


def _capacity(report: LoadReport) -> Iterator[tuple[str, float]]:
    """What is measured of it, and what the formula says."""
    if report.searched is not None and (shown := measured_capacity(report)) is not None:
        yield "capacity.users", shown.users
        if shown.failing is not None:
            yield "capacity.failing_users", shown.failing
    formula = capacity_formula(report)
    if formula is None:
        return
    careful, usual = formula.recommended
    yield "formula.users", formula.most_users
    yield "formula.careful_users", careful
    yield "formula.usual_users", usual
    yield "formula.calls_per_request", formula.calls_per_request
    yield "formula.request_s", formula.seconds_per_request
    yield "formula.requests_per_user_per_minute", formula.requests_per_user


def _period(one: Period) -> KeptPeriod:
    tally = one.tally
    return KeptPeriod(
        one.begin,
        one.users,
        tally.requests,
        tally.failed,
        *(tally.latency.quantile(share) for share in (0.5, 0.95)),
        *(tally.time_to_first_token.quantile(share) for share in (0.5, 0.95)),
    )
