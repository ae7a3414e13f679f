"""Re-measuring suspected changes of sampled series, side by side."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from unladen.asv_bridge.machine import cpu_model
from unladen.changes.by_commit import HistoryChanges
from unladen.changes.model import Change, State
from unladen.compare.ab.benchmark_setup import BenchmarkSetup, set_up_benchmarks
from unladen.compare.ab.cells import Cell
from unladen.compare.ab.interleaved import InterleavedRunner
from unladen.compare.ab.rounds import Answer, Question, answer
from unladen.compare.ab.statistics import StoppingRule, estimate
from unladen.history.history import History
from unladen.project.project import Project
from unladen.repo.commits import Commit
from unladen.repo.repository import open_repository
from unladen.store.verdicts import Ruling, Verdict, load

AT = (10, 14, 20, 28, 40)
"""Rounds after which the measurements are looked at."""

ALPHA = 0.01
"""Chance that, of all suspects of a pair of commits, a wrong one is confirmed or a right one is
cleared."""

LEAST, MOST = 0.01, 0.025
"""The change that decides is half the suspected one, but between these: below it a suspect is
cleared, above it confirmed. 2.5 % is half the default threshold of ``gate``."""

REMEASURED = {State.SUSPECTED.value, *(ruling.value for ruling in Ruling)}
"""States of changes that may be measured again: suspects, and what became of them."""


@dataclass(frozen=True)
class Suspect:
    """A change that a history suggests. ``commit``: the likeliest; ``before``, ``after``: the last
    commit that is not suspected, and the last that is. ``ratio``: after / before. ``is_explained``:
    whether an exact series changed as well at that commit; ``is_decided``: it has been confirmed or
    cleared."""

    cell: Cell
    commit: Commit
    before: Commit
    after: Commit
    ratio: float
    is_explained: bool = False
    is_decided: bool = False


def suspects_of(history_changes: HistoryChanges) -> list[Suspect]:
    """The suspected changes of a history that have a ratio."""
    commits = history_changes.history.commits
    positions = {commit.hash: position for position, commit in enumerate(commits)}
    found = []
    for change in _changes(history_changes):
        position = positions[change.first_suspect.hash]
        if change.state.value in REMEASURED and change.ratio and position > 0:
            cell = Cell(change.series, change.series.cells.index(change.cell))
            after = change.last_suspect or change.commit
            is_explained = bool(change.evidence and change.evidence.follows)
            suspect = Suspect(
                cell=cell,
                commit=change.commit,
                before=commits[position - 1],
                after=after,
                ratio=change.ratio,
                is_explained=is_explained,
                is_decided=change.state is not State.SUSPECTED,
            )
            found.append(suspect)
    return found


def pending(suspects: Sequence[Suspect], again: bool) -> list[Suspect]:
    """Those that are not decided; all, with ``again``."""
    return [one for one in suspects if again or not one.is_decided]


def by_pair(suspects: Sequence[Suspect]) -> list[list[Suspect]]:
    """Suspects between the same two commits together, those that nothing explains first, then the
    biggest change first."""
    groups: dict[tuple[str, str], list[Suspect]] = {}
    for one in suspects:
        groups.setdefault((one.before.hash, one.after.hash), []).append(one)

    def order(group: list[Suspect]) -> tuple[bool, float]:
        size = max(abs(math.log(one.ratio)) for one in group)
        return all(one.is_explained for one in group), -size

    return sorted(groups.values(), key=order)


def confirm_all(
    project: Project,
    suspects: Sequence[Suspect],
    history: History,
    end: float,
    stage: Callable[[str], None],
) -> Iterator[list[Verdict]]:
    """The verdicts of one pair of commits after the other, stored beside the results of the
    history, until ``time.monotonic()`` says ``end``. Raises ``UserError``."""
    if not suspects:
        return
    folder = project.results / history.machine
    verdicts = load(folder)
    stage("preparing the benchmark environment")
    groups = by_pair(suspects)
    newest = [group[0].after.hash for group in groups]
    setup = set_up_benchmarks(project, open_repository(project), newest, history.environment)
    for group in groups:
        left = end - time.monotonic()
        if left <= 0:
            return
        found = confirm_pair(setup, group, history.environment, left, stage)
        verdicts = verdicts.updated(found)
        verdicts.save(folder)
        yield found


def confirm_pair(
    setup: BenchmarkSetup,
    group: Sequence[Suspect],
    environment: str,
    seconds: float,
    stage: Callable[[str], None],
) -> list[Verdict]:
    """Measure the two commits of a group until each suspect is decided or ``seconds`` are over.

    A suspect that could not be measured gets no verdict. Raises ``UserError``.
    """
    known = [one for one in group if _here(setup, one.cell) is not None]
    if not known:
        return []
    questions = [_question(one) for one in known]
    before, after = known[0].before, known[0].after
    end = time.monotonic() + seconds

    def report(number: int, rounds: int, cells: int) -> None:
        stage(f"{before.short}..{after.short}: round {number} of {rounds}, {cells} cells")

    stage(f"{before.short}..{after.short}: checking out")
    with InterleavedRunner(setup, [before.hash, after.hash]) as runner:
        stopping = StoppingRule(AT, ALPHA / len(questions))
        answers = answer(runner, questions, stopping, report, lambda: time.monotonic() >= end)
    return [
        _verdict(setup, suspect, given, environment)
        for suspect, given in zip(known, answers, strict=True)
        if given.paired.logs
    ]


def _question(suspect: Suspect) -> Question:
    size = abs(math.log(suspect.ratio))
    margin = min(max(size / 2, LEAST), MOST)
    return Question(suspect.cell, 1 if suspect.ratio > 1 else -1, margin)


def _here(setup: BenchmarkSetup, cell: Cell) -> Cell | None:
    """The cell, if the suite still has it and means the same by it."""
    series = setup.series.get(cell.series.name)
    return cell if series == cell.series else None


def _verdict(setup: BenchmarkSetup, suspect: Suspect, given: Answer, environment: str) -> Verdict:
    seen = estimate(given.paired.logs)
    rulings = {1: Ruling.CONFIRMED, -1: Ruling.CLEARED, 0: Ruling.UNDECIDED}
    return Verdict(
        series=suspect.cell.series.name,
        version=suspect.cell.series.version,
        params=suspect.cell.params,
        environment=environment,
        commit=suspect.commit.hash,
        before=suspect.before.hash,
        after=suspect.after.hash,
        ruling=rulings[given.decision],
        suspected=suspect.ratio,
        figure_before=given.paired.sample(0).level,
        figure_after=given.paired.sample(1).level,
        ratio=seen.ratio,
        low=math.exp(seen.low) if math.isfinite(seen.low) else None,
        high=math.exp(seen.high) if math.isfinite(seen.high) else None,
        p=seen.p,
        rounds=seen.rounds,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        python=setup.environment.interpreter.version,
        cpu=cpu_model(),
    )


def _changes(history_changes: HistoryChanges) -> list[Change]:
    return [change for one in history_changes.commits for change in one.changes]
