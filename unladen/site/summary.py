"""What the portal and the badge tell of one target: its newest figures, and what changed most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from unladen.changes.by_commit import (
    CommitChanges,
    DriftItem,
    HistoryChanges,
    Item,
    best_of_commits,
    importance,
)
from unladen.changes.model import Direction
from unladen.changes.standing import UNDONE_WORDS, Standing, count_commits, is_told, standing, told
from unladen.changes.text import drift_line, mark, reading_text, size_text
from unladen.errors import UserError
from unladen.history.commit_values import load_values
from unladen.history.source import choose_source
from unladen.project.project import Project
from unladen.repo.commits import Commit
from unladen.site.counts import Counts, count
from unladen.site.figures import TargetFigure, figures_of
from unladen.store.bounds import Count, Finite
from unladen.store.reasons import Params
from unladen.store.records import Circumstances, Session
from unladen.store.results_file import ResultsFile, read_folder, read_results
from unladen.store.series import SeriesInfo, cell_text
from unladen.text.names import shown_name
from unladen.text.terminal import printable
from unladen.text.units import has_engineering_unit, quantity

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
class ChangeHeadline:
    """A change in one line.

    ``cell``: the parameters of the cell whose values are told, ``cells`` the number of all that
    changed alike. ``name``, ``where``, ``before``, ``after``, ``size``, ``mark``: for people, as
    ``unladen changes`` prints them; ``unit``: of the values, "" if they say it. ``verdict``,
    ``state``: as in its JSON. ``there``: how many of ``of`` changes still stand: in the lists of
    regressions and improvements of all such changes of the commit, else of those of the line.
    ``undone_by``: the commit that fixed or lost all of them, None if one stands or they went at
    several commits. ``steps``: of a drift, 0 if it is none.
    """

    commit: str
    date: int
    subject: str
    series: str
    cell: Params
    cells: Count
    name: str
    where: str
    before: str
    after: str
    unit: str
    size: str
    mark: str
    verdict: str
    state: str
    there: Count
    of: Count
    undone_by: str | None
    steps: Count

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for a verdict that is none."""
        Direction(self.verdict)

    @property
    def fate(self) -> str:
        """What has become of it: ``fixed``, ``lost``, ``12 of 57 still there``, ``still there``."""
        if self.there == self.of:
            return "still there"
        if self.there:
            return f"{self.there} of {self.of} still there"
        return UNDONE_WORDS[Direction(self.verdict)]


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
    worse, better = (_headlines(report, v) for v in (Direction.REGRESSION, Direction.IMPROVEMENT))
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


def _headlines(report: HistoryChanges, direction: Direction) -> list[ChangeHeadline]:
    """The most important item of each commit, and the drifts."""
    best = best_of_commits(report.commits, lambda i: _is_worth_a_line(i, direction), _telling)
    chosen = [headline(item, standing(told(commit, direction))) for commit, item in best]
    drifts = [_drift(item) for item in report.drifts if item.drifts[0].direction is direction]
    return chosen + drifts


def _telling(item: Item) -> tuple[Any, ...]:
    """Sorts items of a commit, the one that tells most first: of equally important ones, those of
    exact series, then those of many series."""
    is_minor, tier, size, is_good, name = importance(item)
    is_exact = item.biggest.series.is_exact
    return is_minor, tier, size, not is_exact, -len(item.series), is_good, name


def _is_worth_a_line(item: Item, direction: Direction) -> bool:
    is_step = all(change.drift is not None for change in item.changes)
    return is_told(item, direction) and not is_step


def headline(item: Item, remains: Standing | None = None) -> ChangeHeadline:
    """An item in one line. Of several series of a class, the first is named. ``remains``: of its
    commit's changes, if the line stands for all of them."""
    remains = remains or standing(item.changes)
    change = item.biggest
    series = change.series
    names = len(item.series)
    name = shown_name(series.name)
    if names > 1:
        name = f"{printable(series.name.rpartition('.')[0])}: {names} series"
    cells = list(dict.fromkeys(one.cell for one in item.changes))
    # A failure has no size; neither has what appears.
    is_number = change.before.status.has_value and change.after.status.has_value
    values = (change.before.value, change.after.value)
    return ChangeHeadline(
        **_commit(change.commit),
        series=series.name,
        cell=change.cell,
        cells=len(cells),
        name=name,
        where=_where(change.cell, len(cells)),
        before=reading_text(change.before, _short(series)),
        after=reading_text(change.after, _short(series)),
        unit=_unit(series) if is_number else "",
        size=size_text(series, *values, change.ratio) if is_number else "",
        mark=mark(change),
        verdict=change.direction.value,
        state=change.state.value,
        **_fate(remains),
        steps=0,
    )


def _drift(item: DriftItem) -> ChangeHeadline:
    drift = item.drifts[0]
    series = drift.series
    before, after = (quantity(v, series.unit, "sampled") for v in (drift.before, drift.after))
    line = drift_line(item)
    return ChangeHeadline(
        **_commit(drift.commits[-1]),
        series=series.name,
        cell=drift.cell,
        cells=len(item.drifts),
        name=line.name,
        where=_where(drift.cell, len(item.drifts)),
        before=before,
        after=after,
        unit=_unit(series),
        size=line.size,
        mark=line.mark,
        verdict=drift.direction.value,
        state="certain",
        **_fate(standing(item.drifts)),
        steps=len(drift.commits),
    )


def _latest(report: HistoryChanges) -> list[LatestCommit]:
    found = []
    for commit in report.commits:
        item = _first_item(commit)
        if item is not None:
            found.append(
                LatestCommit(
                    **_commit(commit.commit), counts=count(commit), headline=headline(item)
                )
            )
            if len(found) == LATEST:
                break
    return found


def _first_item(commit: CommitChanges) -> Item | None:
    """The most important item that is neither minor nor found to be none; facts come first."""
    items = [item for item in commit.items if not item.is_minor and not item.is_dismissed]
    return min(items, key=lambda item: not item.is_settled, default=None)


def _fate(remains: Standing) -> dict[str, Any]:
    by = remains.undone_by
    return {"there": remains.there, "of": remains.of, "undone_by": by.hash if by else None}


def _commit(commit: Commit) -> dict[str, Any]:
    return {"commit": commit.hash, "date": commit.date, "subject": commit.subject}


def _where(cell: Params, cells: int) -> str:
    text = cell_text(cell)
    return f"{text} +{cells - 1}" if text and cells > 1 else text


def _unit(series: SeriesInfo) -> str:
    return "" if has_engineering_unit(series.unit) or series.codes else printable(series.unit)


def _short(series: SeriesInfo) -> SeriesInfo:
    """The series with values in few digits."""
    return replace(series, kind="sampled")
