"""What the portal and the badge tell of one target: its newest figures, and what changed most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, tee
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from unladen.changes.by_commit import (
    CommitChanges,
    HistoryChanges,
    Item,
)
from unladen.changes.model import Direction
from unladen.changes.standing import count_commits
from unladen.history.history import History
from unladen.project.project import Project
from unladen.repo.commits import SHORT
from unladen.repo.forge import issues
from unladen.results.commit import own_values, values_by_date
from unladen.results.loads import kept_loads
from unladen.site.capability_page import capability_pages
from unladen.site.capability_views import capability_views
from unladen.site.costs import CostHistory, costs_of
from unladen.site.counts import Counts, count
from unladen.site.fault_counts import FaultCounts, fault_counts
from unladen.site.figures import (
    TargetFigure,
    cell_of,
    figures_of,
    machine_bound,
    with_earlier,
)
from unladen.site.headlines import (
    ChangeHeadline,
    commit_fields,
    headline,
    headlines,
    standing_headlines,
)
from unladen.site.host import Host, host_of
from unladen.site.links import DIGEST, LOADS
from unladen.store.bounds import Count
from unladen.store.series import Status

REGRESSIONS = 8
IMPROVEMENTS = 4
LATEST = 5
STANDING = 12
REPAIRED = 4
"""How many of each are told at most."""


@dataclass(frozen=True)
class Newest:
    """The newest measured commit. ``date``: the author's, milliseconds since 1970. ``name``: "" if
    it has none."""

    commit: str
    date: int
    subject: str
    name: str = ""

    @property
    def short(self) -> str:
        """What it is called where it is shown."""
        return self.name or self.commit[:SHORT]


@dataclass(frozen=True)
class LatestCommit:
    """A commit that changed something: ``headline``, its most important change."""

    commit: str
    date: int
    subject: str
    counts: Counts
    headline: ChangeHeadline


@dataclass(frozen=True)
class OwnPage:
    """A page that not every target has. ``name``: of its file, without ``.html``."""

    name: Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_]*\Z")]
    label: str


@dataclass(frozen=True)
class Summary:
    """Everything that is told of a target.

    ``measured``: the number of measured commits; ``counts``: what the newest of them changed;
    ``regressions`` and ``improvements``: the most important one of each commit, the most important
    first, and the biggest drifts after them, up to a limit; ``..._found`` is the number of all such
    commits, ``regressions_there`` of those of which something is still there,
    ``regression_drifts`` that of the drifts. ``latest``: the newest commits that changed something.
    ``pages``: of its capabilities, and of the loads that are kept. ``standing``: as
    ``regressions``, of what still stands; ``repaired``: of commits of which nothing does.
    ``faults``: what becomes of faults at the newest commit; ``costs``: its work over the history.
    ``issues``: what the addresses of its forge's issues begin with, "" if that is not known.
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
    pages: tuple[OwnPage, ...] = ()
    standing: tuple[ChangeHeadline, ...] = ()
    repaired: tuple[ChangeHeadline, ...] = ()
    faults: tuple[FaultCounts, ...] = ()
    costs: tuple[CostHistory, ...] = ()
    issues: str = ""


def summarise(project: Project, history_changes: HistoryChanges) -> Summary:
    """The summary of a target's whole history. Raises ``UserError`` if results are unreadable."""
    history = history_changes.history
    commit = history.commits[history.newest]
    values = own_values(project, history, history.newest)
    worse, regressions = tee(headlines(history_changes, Direction.REGRESSION))
    better = headlines(history_changes, Direction.IMPROVEMENT)
    regressed, improved = (
        count_commits(history_changes, v) for v in (Direction.REGRESSION, Direction.IMPROVEMENT)
    )
    counts = {one.commit.hash: count(one) for one in history_changes.commits}
    newest = figures_of(values)
    earlier = (own_values(project, history, one) for one in _earlier(history, newest))
    figures = with_earlier(newest, earlier)
    return Summary(
        target=history.target,
        project_url=project.project_url,
        machine=history.machine,
        environment=history.environment,
        measured=sum(history.measured),
        newest=Newest(commit.hash, commit.date, commit.subject, commit.name),
        host=host_of(values, machine_bound(newest)),
        figures=figures,
        counts=counts.get(commit.hash, Counts()),
        regressions=tuple(islice(worse, REGRESSIONS)),
        regressions_found=regressed.commits,
        regressions_there=regressed.there,
        regression_drifts=regressed.drifts,
        improvements=tuple(islice(better, IMPROVEMENTS)),
        improvements_found=improved.commits,
        latest=tuple(_latest(history_changes)),
        pages=tuple(_own_pages(project, history)),
        standing=tuple(standing_headlines(history_changes)[:STANDING]),
        repaired=tuple(
            islice((one for one in regressions if not one.there and not one.accepted), REPAIRED)
        ),
        faults=tuple(fault_counts(history)),
        costs=costs_of(history, figures),
        issues=issues(project.show_commit_url),
    )


def summarise_results(target: str, results: Path) -> Summary | None:
    """What can be told of a target from its folder of results alone, without its repository: the
    figures of the commit with the latest date, of the source that ``choose_source`` gives. None if
    there is nothing of use."""
    commits = values_by_date(target, results)
    values = next(commits, None)
    if values is None:
        return None
    newest = figures_of(values)
    return Summary(
        target=target,
        project_url="",
        machine=values.machine,
        environment=values.environment,
        measured=1,
        newest=Newest(values.commit, values.date, ""),
        host=host_of(values, machine_bound(newest)),
        figures=with_earlier(newest, commits),
    )


def _earlier(history: History, figures: Sequence[TargetFigure]) -> list[int]:
    """The commits that figures which were not measured at the newest one are from, by their
    indices, the last first."""
    lacking = {one.series: one for one in figures if one.status is Status.MISSING}
    found = set()
    for one in history.series:
        figure = lacking.get(one.series.name)
        cell = None if figure is None else cell_of(one.series, figure)
        if cell is not None:
            own = [n for n in one.known(cell) if one.lender(n, cell) is None]
            found.update(own[-1:])
    return sorted(map(int, found), reverse=True)


def _own_pages(project: Project, history: History) -> Iterator[OwnPage]:
    for name in capability_views(history.series):
        yield OwnPage(name, capability_pages()[name].label)
    if kept_loads(project):
        yield OwnPage(LOADS, "Loads")
    yield OwnPage(DIGEST, "Digest")


def _latest(history_changes: HistoryChanges) -> list[LatestCommit]:
    found = []
    for commit in history_changes.commits:
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
