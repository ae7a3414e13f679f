"""A gate from a conf and two names of commits."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from unladen.asv_bridge.machine import machine_folder
from unladen.compare.ab.benchmark_setup import BenchmarkSetup, set_up_benchmarks
from unladen.compare.ab.cells import Cell, cells_of
from unladen.compare.ab.exact import stored_values
from unladen.compare.ab.interleaved import InterleavedRunner
from unladen.compare.ab.rounds import MeasuresRounds, WhenQuiet
from unladen.compare.gate.accepted import accepted_between
from unladen.compare.gate.base import Compared, choose_base
from unladen.compare.gate.exact import FLAGS, ExactFindings, compare, gate_exact
from unladen.compare.gate.model import Cut, Finding, GateResult
from unladen.compare.gate.sampled import Budget, gate_sampled
from unladen.compare.gate.sparing import Sparing
from unladen.compare.gate.thresholds import Rule
from unladen.errors import UserError
from unladen.measure.asv_commands import check_own_results
from unladen.measure.machine_load import PATIENCE, Load, LoadWatch, Patience
from unladen.measure.whole_history import IN_DEMO
from unladen.project.project import Project
from unladen.repo.commits import same_code
from unladen.repo.repository import open_repository
from unladen.store.series import SeriesInfo
from unladen.text.names import matches, no_series


@dataclass(frozen=True)
class Options:
    """``series``: a pattern that names must contain; ``kinds``: of ``exact`` and ``sampled``;
    ``keep``: store the exact values; ``always``: measure even if the commits hold the same code;
    ``patience``: seconds to wait for a quiet machine, in all; ``accepts_undecided``: as in
    ``GateResult``; ``exact_base``: compare with BASE itself, not with what HEAD has in common with
    it; ``is_quick``: begin with the exact series that tell most for what they cost, and end as soon
    as one fails the gate."""

    rules: Sequence[Rule] = ()
    series: re.Pattern[str] | None = None
    kinds: Sequence[str] = ("exact", "sampled")
    budget: Budget = field(default_factory=Budget)
    keep: bool = False
    always: bool = False
    patience: float = PATIENCE
    accepts_undecided: bool = False
    exact_base: bool = False
    is_quick: bool = False


def gate(
    project: Project, base: str, head: str, options: Options, stage: Callable[[str], None]
) -> GateResult:
    """Compare two commits. ``stage`` is told what is done now. Raises ``UserError``."""
    started = time.monotonic()
    stage("opening the repository")
    repository = open_repository(project)
    repository.pull()
    compared = choose_base(project, repository, base, head, options.exact_base)
    commits = compared.base, compared.head
    if options.keep:
        check_own_results(project, repository, None)
    is_same = same_code(repository, commits[0].hash, commits[1].hash, project.paths)
    if is_same and not options.always:
        cut = _cut(compared)
        return _verdict(project, compared, options, "", [], started, cut=cut, same_code=True)
    stage("preparing the benchmark environment")
    setup = set_up_benchmarks(project, repository, [commits[1].hash, commits[0].hash])
    chosen = choose_series(setup, options.series)
    chosen = [one for one in chosen if _kind(one) in options.kinds]
    cut = _cut(compared, setup, [one for one in chosen if one.is_exact], options.rules)
    pair = commits[0].hash, commits[1].hash
    sparing = Sparing(setup, pair, stage, not options.always)
    chosen = sparing.left(chosen, sparing.stored(chosen))
    exact = [one for one in chosen if one.is_exact]
    accepted = accepted_between(project, repository, *pair)
    found = ExactFindings([], 0, [])
    for series in _in_turn(setup, exact, options.is_quick):
        more = gate_exact(
            setup, pair, series, options.rules, stage, options.keep, sparing.by_measured
        )
        found = found.joined(replace(more, findings=accepted.applied(more.findings)))
        if options.is_quick and found.is_bad:
            break
    sampled = [one for one in chosen if not one.is_exact]
    if options.is_quick and found.is_bad:
        left = len(chosen) - len({one.cell.series.name for one in found.findings})
        sampled = []
        found.remarks.append(f"{left} series are left out, for what was found fails the gate")
    if sampled and found.spared is not None:
        sampled = sparing.left(sampled, sparing.by_measuring(sampled))
    look = Look()
    if sampled:
        with InterleavedRunner(setup, [commit.hash for commit in commits]) as runner:
            look = look_at(runner, cells_of(sampled), options, stage)
    return _verdict(
        project,
        compared,
        options,
        setup.environment.interpreter.version,
        [*found.findings, *accepted.applied(look.findings)],
        started,
        rounds=options.budget.rounds if sampled else 0,
        stored=found.stored,
        remarks=[*found.remarks, *sparing.remarks, *accepted.remarks],
        load=look.load,
        waited=look.waited,
        accepts_undecided=options.accepts_undecided,
        cut=cut,
        spared=sparing.together(found.spared),
    )


def _in_turn(
    setup: BenchmarkSetup, exact: Sequence[SeriesInfo], is_quick: bool
) -> list[list[SeriesInfo]]:
    """The exact series in the order in which they are measured: all at once, or first the quick
    ones, each of which tells something that the others do not."""
    quick = setup.suite.with_attribute(IN_DEMO) if is_quick else []
    parts = [
        [one for one in exact if one.name in quick],
        [one for one in exact if one.name not in quick],
    ]
    return [part for part in parts if part]


def _kind(series: SeriesInfo) -> str:
    """Which of ``Options.kinds``: one that does not say is measured in turn."""
    return "exact" if series.is_exact else "sampled"


@dataclass(frozen=True)
class Look:
    """The sampled part. ``load``, ``waited``: as in ``GateResult``."""

    findings: Sequence[Finding] = ()
    load: Load | None = None
    waited: float = 0.0


def look_at(
    runner: MeasuresRounds, cells: Sequence[Cell], options: Options, stage: Callable[[str], None]
) -> Look:
    """Compare sampled cells, on a quiet machine if it becomes one in time."""
    patience = Patience(options.patience, stage)
    patience.wait()
    watch = LoadWatch()

    def measuring() -> float:
        return time.monotonic() - patience.waited

    findings = gate_sampled(
        WhenQuiet(runner, patience), cells, options.rules, options.budget, stage, measuring
    )
    return Look(findings, watch.load(), patience.waited)


def choose_series(setup: BenchmarkSetup, pattern: re.Pattern[str] | None) -> list[SeriesInfo]:
    """The series whose names contain the pattern. Raises ``UserError`` if there are none."""
    every = list(setup.series.values())
    chosen = [one for one in every if pattern is None or matches(pattern, one.name)]
    if not chosen:
        names = [one.name for one in every]
        raise UserError(
            no_series(pattern.pattern, names) if pattern else f"{setup.project.name} has no series"
        )
    return chosen


def _cut(
    compared: Compared,
    setup: BenchmarkSetup | None = None,
    series: Sequence[SeriesInfo] = (),
    rules: Sequence[Rule] = (),
) -> Cut | None:
    """What BASE has done since, by the stored values of the exact ``series``."""
    if compared.named == compared.base:
        return None
    if setup is None or not series:
        return Cut(compared.named, compared.since)
    before, _ = stored_values(setup, compared.base.hash, series)
    after, _ = stored_values(setup, compared.named.hash, series)
    both = [one for one in compare(series, before, after, rules) if one.cell.key in after]
    both = [one for one in both if one.cell.key in before]
    changed = [one for one in both if one.judgement in FLAGS]
    return Cut(compared.named, compared.since, len(both), changed)


def _verdict(
    project: Project,
    compared: Compared,
    options: Options,
    python: str,
    findings: Sequence[Finding],
    started: float,
    **more: Any,
) -> GateResult:
    return GateResult(
        target=project.name,
        base=compared.base,
        head=compared.head,
        is_exact_base=options.exact_base,
        is_base_held=compared.is_held,
        python=python,
        machine=machine_folder(),
        findings=findings,
        seconds=round(time.monotonic() - started, 1),
        **more,
    )
