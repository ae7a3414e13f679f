"""What the portal and the badge tell of one target: its newest figures, and what changed most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from unladen.changes.by_commit import (
    CommitChanges,
    HistoryChanges,
    Item,
)
from unladen.changes.model import Direction
from unladen.changes.standing import count_commits
from unladen.errors import UserError
from unladen.history.commit_values import load_values
from unladen.history.source import choose_source
from unladen.project.project import Project
from unladen.site.counts import Counts, count
from unladen.site.figures import TargetFigure, figures_of
from unladen.site.headlines import ChangeHeadline, commit_fields, headline, headlines
from unladen.store.bounds import Count, Finite
from unladen.store.records import Circumstances, Session
from unladen.store.results_file import ResultsFile, read_folder, read_results
from unladen.text.terminal import printable

REGRESSIONS = 8
IMPROVEMENTS = 4
LATEST = 5
"""How many of each are told at most."""


@dataclass(frozen=True)
class Host:
    """On what the newest figures were measured. ``load``: the average over 1 minute when those
    that depend on the machine were, None if unknown."""

    cpu: str
    cores: Count
    python: str
    load: Finite | None


@dataclass(frozen=True)
class Newest:
    """The newest measured commit. ``date``: the author's, milliseconds since 1970."""

    commit: str
    date: int
    subject: str


@dataclass(frozen=True)
class LatestCommit:
    """A commit that changed something: ``headline``, its most important change."""

    commit: str
    date: int
    subject: str
    counts: Counts
    headline: ChangeHeadline


@dataclass(frozen=True)
class Summary:
    """Everything that is told of a target.

    ``measured``: the number of measured commits; ``counts``: what the newest of them changed;
    ``regressions`` and ``improvements``: the most important one of each commit, the most important
    first, and the biggest drifts after them, up to a limit; ``..._found`` is the number of all such
    commits, ``regressions_there`` of those of which something is still there,
    ``regression_drifts`` that of the drifts. ``latest``: the newest commits that changed something.
    """

    target: str
    project_url: str
    machine: str
    environment: str
    measured: Count
    newest: Newest
    host: Host | None
    figures: tuple[TargetFigure, ...]
    counts: Counts = field(default_factory=Counts)
    regressions: tuple[ChangeHeadline, ...] = ()
    regressions_found: Count = 0
    regressions_there: Count = 0
    regression_drifts: Count = 0
    improvements: tuple[ChangeHeadline, ...] = ()
    improvements_found: Count = 0
    latest: tuple[LatestCommit, ...] = ()


def summarise(project: Project, report: HistoryChanges) -> Summary:
    """The summary of a target's whole history. Raises ``UserError`` if results are unreadable."""
    history = report.history
    commit = history.commits[history.newest]
    name = f"{commit.hash[:8]}-{history.environment}.json"
    file = read_results(project.results / history.machine / name)
    worse, better = (headlines(report, v) for v in (Direction.REGRESSION, Direction.IMPROVEMENT))
    regressed, improved = (
        count_commits(report, v) for v in (Direction.REGRESSION, Direction.IMPROVEMENT)
    )
    counts = {one.commit.hash: count(one) for one in report.commits}
    figures = tuple(figures_of(load_values(history.target, file)))
    return Summary(
        target=history.target,
        project_url=project.project_url,
        machine=history.machine,
        environment=history.environment,
        measured=sum(history.measured),
        newest=Newest(commit.hash, commit.date, commit.subject),
        host=_host(file, figures),
        figures=figures,
        counts=counts.get(commit.hash, Counts()),
        regressions=tuple(worse[:REGRESSIONS]),
        regressions_found=regressed.commits,
        regressions_there=regressed.there,
        regression_drifts=regressed.drifts,
        improvements=tuple(better[:IMPROVEMENTS]),
        improvements_found=improved.commits,
        latest=tuple(_latest(report)),
    )


def summarise_results(target: str, results: Path) -> Summary | None:
    """What can be told of a target from its folder of results alone, without its repository: the
    figures of the commit with the latest date, of the source that ``choose_source`` gives. None if
    there is nothing of use."""
    try:
        source = choose_source(target, results).source
    except UserError:
        return None
    files, _ = read_folder(source.folder, source.environment)
    if not files:
        return None
    file = max(files, key=lambda one: (one.date, one.commit))
    figures = tuple(figures_of(load_values(target, file)))
    return Summary(
        target=target,
        project_url="",
        machine=file.path.parent.name,
        environment=printable(file.environment),
        measured=1,
        newest=Newest(file.commit, file.date, ""),
        host=_host(file, figures),
        figures=figures,
    )


def _host(file: ResultsFile, figures: Sequence[TargetFigure]) -> Host | None:
    record, _ = file.usable_record()  # the page of the source has the remarks
    environment: Circumstances | None = record.environment if record else None
    if record is None or environment is None:
        return None
    load = _load(file, figures, record.sessions)
    if load is None:
        load = next(iter(environment.load_average), None)
    return Host(environment.cpu, environment.cores, environment.python, load)


def _load(
    file: ResultsFile, figures: Sequence[TargetFigure], sessions: Sequence[Session]
) -> float | None:
    """The load while the figures that depend on the machine were measured: exact ones of the same
    commit may have been measured since, under another load. None if that is not known."""
    names = {one.series for one in figures if one.row.needs_same == "machine"}
    began = [stored.started for name in names if (stored := file.series.get(name)) is not None]
    loads = [
        session.load_before[0]
        for session in sessions
        if session.load_before
        and any(at is not None and session.started <= at <= session.ended for at in began)
    ]
    return max(loads, default=None)


def _latest(report: HistoryChanges) -> list[LatestCommit]:
    found = []
    for commit in report.commits:
        item = _first_item(commit)
        if item is not None:
            found.append(
                LatestCommit(
                    **commit_fields(commit.commit), counts=count(commit), headline=headline(item)
                )
            )
            if len(found) == LATEST:
                break
    return found


def _first_item(commit: CommitChanges) -> Item | None:
    """The most important item that is neither minor nor found to be none; facts come first."""
    items = [item for item in commit.items if not item.is_minor and not item.is_dismissed]
    return min(items, key=lambda item: not item.is_settled, default=None)
