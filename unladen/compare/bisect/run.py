"""A bisection from a conf, a series and two names of commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from unladen.compare.ab.benchmark_setup import BenchmarkSetup, set_up_benchmarks
from unladen.compare.ab.cells import Cell, cells_of
from unladen.compare.ab.exact import exact_values
from unladen.compare.ab.interleaved import InterleavedRunner
from unladen.compare.ab.rounds import measure_rounds
from unladen.compare.ab.statistics import estimate
from unladen.compare.bisect.hint import stored_step
from unladen.compare.bisect.probes import MISSING, Ends, ExactProber, Probe, Prober, SampledProber
from unladen.compare.bisect.search import ProbeAnswer, first_bad
from unladen.compare.gate.thresholds import worse_by
from unladen.errors import UserError
from unladen.history.lines import stretch_between
from unladen.project.project import Project
from unladen.repo.commits import Commit, commit_called, merge_bases, same_code
from unladen.repo.repository import open_repository
from unladen.store.series import cell_text
from unladen.text.names import called, no_series, shown_name
from unladen.text.terminal import printable

CHOOSING_ROUNDS = 6
"""On all cells of a sampled series, if none is named."""


@dataclass(frozen=True)
class Bisection:
    """What was found. ``line``: the commits in question, oldest first; ``found``: those among which
    a first changed one is: one, several if those before the last could not be judged, none if there
    is no change. ``probes``: in the order they were made. ``remarks``: stored results that could
    not be used, a line each."""

    target: str
    cell: Cell
    good: Commit
    bad: Commit
    line: Sequence[Commit]
    ends: Ends
    probes: Sequence[Probe]
    found: Sequence[Commit]
    remarks: Sequence[str] = ()


def bisect(
    project: Project, wanted: str, good: str, bad: str, stage: Callable[[str], None]
) -> Bisection:
    """Find the first commit after ``good`` up to ``bad`` with the change. Raises ``UserError``."""
    stage("opening the repository")
    repository = open_repository(project)
    repository.pull()
    first, last = commit_called(repository, good), commit_called(repository, bad)
    paths = project.paths
    if first == last or not stretch_between(project, repository, first, last).commits:
        what = f"no commit after {first.short} up to {last.short}"
        raise UserError(f"{what}{' touches ' + ', '.join(paths) if paths else ''}")
    stage("preparing the benchmark environment")
    setup = set_up_benchmarks(project, repository, [last.hash, first.hash])
    cells = find_cells(setup, wanted)
    cell = cells[0] if len(cells) == 1 else _most_changed(setup, cells, first, last, stage)
    return _Search(setup, cell, stage).between(first, last)


@dataclass
class _Search:
    """Looks for a change of one cell between pairs of commits."""

    setup: BenchmarkSetup
    cell: Cell
    stage: Callable[[str], None]
    probes: list[Probe] = field(default_factory=list)

    def between(self, good: Commit, bad: Commit, like: Ends | None = None) -> Bisection:
        """Along the line of ``bad``, and if a merge brought the change, on the line before it.

        ``like``: only a change in the same direction as between these.
        """
        project, repository = self.setup.project, self.setup.repository
        stretch = stretch_between(project, repository, good, bad)
        prober = self._prober(good, bad)
        self.stage(f"{self.cell.name} at {good.short} and {bad.short}")
        ends = prober.ends()
        found: Sequence[Commit] = []
        remarks: list[str] = []
        line = list(stretch.commits)
        if ends.differ and (like is None or _same_way(like, ends)):
            hint = None
            if not self.cell.series.is_exact:
                hint, unread = stored_step(project, self.cell, line)
                remarks += unread
            found = _search(prober, line, hint, self.probes, self.stage)
        if stretch.joint is not None and list(found) == [stretch.joint]:
            before = self._before(stretch.joint, good, ends)
            if before is not None:
                line, found = [*before.line, *line], before.found
                remarks += before.remarks
        if isinstance(prober, ExactProber):
            remarks += prober.remarks
        remarks = list(dict.fromkeys(remarks))
        target = project.name
        return Bisection(target, self.cell, good, bad, line, ends, self.probes, found, remarks)

    def _before(self, joint: Commit, good: Commit, ends: Ends) -> Bisection | None:
        """What brought the change to the line that ends before the merge ``joint``, where that got
        ``good``: looked for from what they have in common. None if nothing there did: the merge."""
        repository = self.setup.repository
        last = commit_called(repository, f"{joint.hash}^1")
        common = merge_bases(repository, last.hash, good.hash)
        if len(common) != 1 or common == [last.hash]:
            return None
        first = commit_called(repository, common[0])
        if same_code(repository, first.hash, last.hash, self.setup.project.paths):
            return None
        index = len(self.probes)
        inner = self.between(first, last, ends)
        self.probes[index:index] = [
            Probe(first, ProbeAnswer.GOOD if inner.found else ProbeAnswer.SKIP, inner.ends.good),
            Probe(last, ProbeAnswer.BAD if inner.found else ProbeAnswer.SKIP, inner.ends.bad),
        ]
        return inner if inner.found else None

    def _prober(self, good: Commit, bad: Commit) -> Prober:
        if self.cell.series.is_exact:
            return ExactProber(self.setup, self.cell, good, bad)
        return SampledProber(self.setup, self.cell, good, bad, self.stage)


def _same_way(one: Ends, other: Ends) -> bool:
    """Whether two pairs of ends differ in the same direction, or in what they are."""
    if one.good.values and one.bad.values:
        if not (other.good.values and other.bad.values):
            return False
        rises = [ends.bad.level > ends.good.level for ends in (one, other)]
        return rises[0] == rises[1]
    return (one.good.status, one.bad.status) == (other.good.status, other.bad.status)


def find_cells(setup: BenchmarkSetup, wanted: str) -> list[Cell]:
    """The cell that ``wanted`` names, ``series(params)``, or all of a series.

    Raises ``UserError`` that suggests names that are near.
    """
    series = list(setup.series.values())
    names = [one.name for one in series]
    name, bracket, params = wanted.partition("(")
    found = called(name, names)
    if len(found) > 1:
        several = ", ".join(map(shown_name, found))
        raise UserError(f"{printable(name)} may be one of {several}")
    if not found:
        raise UserError(no_series(name, names))
    cells = [cell for cell in cells_of(series) if cell.series.name == found[0]]
    chosen = [one for one in cells if not bracket or f"{cell_text(one.params)})" == params]
    if not chosen:
        known = ", ".join(one.name for one in cells[:4])
        more = ", ..." if len(cells) > 4 else ""
        raise UserError(f"no value is called {printable(wanted)}; there are {known}{more}")
    return chosen


def _search(
    prober: Prober,
    line: Sequence[Commit],
    hint: int | None,
    probes: list[Probe],
    stage: Callable[[str], None],
) -> Sequence[Commit]:
    def ask(index: int) -> ProbeAnswer:
        stage(f"probe {len(probes) + 1}: {line[index].short} {line[index].subject}")
        probes.append(prober.probe(line[index]))
        return probes[-1].answer

    where = first_bad(len(line), ask, hint)
    return line[where.good + 1 : where.bad + 1]


def _most_changed(
    setup: BenchmarkSetup,
    cells: Sequence[Cell],
    good: Commit,
    bad: Commit,
    stage: Callable[[str], None],
) -> Cell:
    """The cell of a series in which the two commits differ most."""
    stage(f"which of {len(cells)} values of {shown_name(cells[0].series.name)} changed most")
    if cells[0].series.is_exact:
        series = [cells[0].series]
        runner = [exact_values(setup, one.hash, series).samples for one in (good, bad)]

        def exact_size(cell: Cell) -> float:
            before, after = (side.get(cell.key, MISSING) for side in runner)
            if before.status is not after.status:
                return float("inf")
            return abs(worse_by(cell, before.level, after.level)) if before.values else -1.0

        return max(cells, key=exact_size)

    def report(number: int, rounds: int, _cells: int) -> None:
        stage(f"which value changed most: round {number} of {rounds}")

    with InterleavedRunner(setup, [good.hash, bad.hash]) as measuring:
        looked = measure_rounds(measuring, cells, CHOOSING_ROUNDS, report)

    def sampled_size(at: int) -> float:
        one = looked[at]
        if one.sample(0).status is not one.sample(1).status:
            return 1e9
        if not one.logs:
            return -1.0
        seen = estimate(one.logs)
        return max(0.0, seen.low, -seen.high)  # how far from 0 for certain

    return looked[max(range(len(looked)), key=sampled_size)].cell
