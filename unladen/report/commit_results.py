"""The results of a target as the report asks for them: one commit, and what led up to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from unladen.changes.model import Change
from unladen.history.history import History
from unladen.history.series_history import SeriesHistory
from unladen.labels.explanations import Explanation, explanations_of
from unladen.project.project import Project
from unladen.repo.commits import Commit
from unladen.report.figures import Fact, Figure, FigureSource, written
from unladen.results.claims import Claims, claims_of
from unladen.results.levels import Levels, levels_of
from unladen.results.loads import KeptLoad, kept_loads
from unladen.results.open import results_up_to
from unladen.results.prices import Prices, prices_of, shipped_prices
from unladen.store.readings import Reasons
from unladen.store.reasons import Params as Combination
from unladen.store.records import Record
from unladen.store.series import SeriesInfo, Status, plain
from unladen.text.units import word


class OtherParameters(Exception):
    """A series does not have the parameters that a section of the report is written for; the
    message names both."""


class Params(dict[str, str]):
    """The values of a combination's parameters, for people, by their names; asking for another
    parameter raises ``OtherParameters``."""

    def __init__(self, series: str, points: Mapping[str, str]) -> None:
        """``series``: whose parameters they are."""
        super().__init__(points)
        self._series = series

    def __missing__(self, axis: str) -> str:
        raise OtherParameters(f"{self._series} has no parameter {axis}")


def setting(number: float, one: str = "", many: str = "") -> Fact:
    """A number that is fixed, with what it counts."""
    noun = one if number == 1 else many or one
    return Fact(f"{number:,g} {noun}".rstrip())


def as_number(point: str) -> float:
    """A parameter's value that must be a number. Raises ``OtherParameters`` if it is none."""
    try:
        return float(point)
    except ValueError as error:
        raise OtherParameters(f"{point} is no number") from error


@dataclass(frozen=True)
class Series:
    """One series at the commit of the report. What names a parameter that it does not have raises
    ``OtherParameters``."""

    results: CommitResults
    stored: SeriesHistory

    @property
    def info(self) -> SeriesInfo:
        """What it says of itself."""
        return self.stored.series

    @property
    def name(self) -> str:
        """Its whole name."""
        return self.info.name

    def points(self, axis: str) -> list[str]:
        """The values of one parameter, for people."""
        self._check([axis])
        return [plain(point) for point in self.info.axes[axis]]

    def axis(self, role: str) -> str:
        """The parameter that has this role, such as ``runs``: what runs at once. Raises
        ``OtherParameters`` if none has."""
        for axis in self.info.axes:
            if self.info.roles.get(axis) == role:
                return axis
        raise OtherParameters(f"{self.name} has no parameter with the role {role}")

    def held(self, name: str, one: str = "", many: str = "") -> Fact | None:
        """What its benchmark holds fixed, with what it counts; None if it does not say."""
        number = self.info.holds.get(name)
        return None if number is None else setting(number, one, many)

    def at(self, **wanted: str) -> Figure | None:
        """The value of the one combination whose parameters are these; None if it has none, or
        there is no such combination."""
        return self.figure(self.cell(**wanted)) if self.has(**wanted) else None

    def cell(self, **wanted: str) -> int:
        """The index of the combination with these parameters. ``OtherParameters`` if there is not
        exactly one."""
        self._check(wanted)
        found = [n for n, cell in enumerate(self.info.cells) if self._is(cell, wanted)]
        if len(found) != 1:
            names = ", ".join(wanted) or "no parameters"
            raise OtherParameters(f"{self.name} has {len(found)} values by {names}")
        return found[0]

    def has(self, **wanted: str) -> bool:
        """Whether there is a combination with these parameters, measured or not."""
        self._check(wanted)
        return any(self._is(cell, wanted) for cell in self.info.cells)

    def figure(self, cell: int, commit: int | None = None) -> Figure | None:
        """The value of a combination, of the report's commit or another one; None if none, or if
        the outcome is wrong: such a value is told by ``marked`` only."""
        at = self.results.at if commit is None else commit
        is_right = self.stored.status(at, cell) is Status.MEASURED
        return self.marked(cell, at) if is_right else None

    def marked(self, cell: int, commit: int | None = None) -> Figure | None:
        """As ``figure``; the value of a wrong outcome too, which is marked as such."""
        at = self.results.at if commit is None else commit
        value = self.stored.value(at, cell)
        if value is None:
            return None
        mark = " (wrong)" if self.stored.status(at, cell) is Status.WRONG else ""
        return Figure(value, self.text(value) + mark, (self.source(cell, at),))

    def text(self, value: float) -> str:
        """A value of the series for people: its word if it is a code."""
        return word(value, self.info.codes) or written(value, self.info.unit)

    def source(self, cell: int | None, commit: int | None = None) -> FigureSource:
        """Where a value is from; None: from several combinations."""
        at = self.results.at if commit is None else commit
        params = None if cell is None else self.info.cells[cell]
        return FigureSource(self.name, params, self.results.history.commits[at].hash)

    def figures(self, **wanted: str) -> list[tuple[Params, Figure]]:
        """The values of the combinations with these parameters, each with all its parameters."""
        self._check(wanted)
        return [
            (self.params(n), figure)
            for n, cell in enumerate(self.info.cells)
            if self._is(cell, wanted) and (figure := self.figure(n)) is not None
        ]

    def params(self, cell: int) -> Params:
        """The parameters of a combination, for people."""
        points = map(plain, self.info.cells[cell])
        return Params(self.name, dict(zip(self.info.axes, points, strict=True)))

    def number_of(self, cells: Sequence[int]) -> Figure:
        """How many combinations these are."""
        return Figure(len(cells), f"{len(cells):,}", (self.source(None),))

    def status(self, cell: int) -> Status:
        """What is known of a combination at the report's commit."""
        return self.stored.status(self.results.at, cell)

    def reason(self, cell: int) -> str:
        """Why a combination has no value, or what is wrong with its outcome; "" if nobody knows."""
        return self.results.reason(self, cell)

    def note(self, cell: int) -> str:
        """What the benchmark said about the value, perhaps in several lines; "" if nothing."""
        return self.results.notes.get((self.name, self.info.cells[cell]), "")

    def said(self, cell: int) -> str:
        """The note on one line."""
        lines = [line.strip() for line in self.note(cell).splitlines() if line.strip()]
        return "; ".join(lines).replace(":; ", ": ")

    def since(self, cell: int) -> tuple[Commit, bool]:
        """The first commit from which on the combination has read as it does now; and whether
        that is the first one at which it was measured."""
        first, is_first = self.stored.since(self.results.at, cell)
        return self.results.history.commits[first], is_first

    def _check(self, axes: Iterable[str]) -> None:
        for axis in axes:
            if axis not in self.info.axes:
                raise OtherParameters(f"{self.name} has no parameter {axis}")

    def _is(self, cell: Combination, wanted: Mapping[str, str]) -> bool:
        known = dict(zip(self.info.axes, map(plain, cell), strict=True))
        return all(known.get(axis) == point for axis, point in wanted.items())


@dataclass(frozen=True)
class CommitResults:
    """What is known of a target at one commit, and of the commits before it.

    ``history`` ends with the commit. ``record``: what lies beside its results; ``notes``: what the
    benchmarks said about their values, by series and combination. ``claims``: what others say of
    the target; ``loads``: those that are kept, by name; ``explanations``: what people say that the
    commits did; ``levels``: what the target is to reach; ``prices``: what tokens cost.
    ``exact_changes``: all changes of exact series, if they are found already.
    """

    history: History
    record: Record
    notes: Mapping[tuple[str, Combination], str]
    claims: Claims | None = None
    loads: Mapping[str, KeptLoad] = field(default_factory=dict)
    explanations: Sequence[Explanation] = ()
    levels: Levels | None = None
    prices: Prices = field(default_factory=shipped_prices)
    exact_changes: Sequence[Change] | None = None

    @property
    def at(self) -> int:
        """The index of the report's commit in the history."""
        return len(self.history.commits) - 1

    @property
    def commit(self) -> Commit:
        """The commit that the report is of."""
        return self.history.commits[-1]

    @property
    def commits(self) -> list[Commit]:
        """The measured commits up to it, oldest first."""
        pairs = zip(self.history.commits, self.history.measured, strict=True)
        return [commit for commit, is_measured in pairs if is_measured]

    @property
    def target(self) -> str:
        """The target's name."""
        return self.history.target

    def series(self, name: str) -> Series | None:
        """The series of that name; None if there is none, or it has no value at the commit."""
        for stored in self.history.series:
            if stored.series.name == name:
                series = Series(self, stored)
                has_some = any(
                    series.status(cell) is Status.MEASURED
                    for cell in range(len(stored.series.cells))
                )
                return series if has_some else None
        return None

    def asked(self, capability: str, question: str) -> Series | None:
        """The series by which a question was asked of a capability, such as
        ``concurrency.crosstalk``; None if there is none, or it has no value at the commit."""
        for stored in self.history.series:
            info = stored.series
            if (info.capability, info.question) == (capability, question):
                series = self.series(info.name)
                if series is not None:
                    return series
        return None

    def value(self, name: str, **wanted: str) -> Figure | None:
        """The value of a series' combination; None if it has none or there is no such series."""
        series = self.series(name)
        return series.at(**wanted) if series is not None and series.has(**wanted) else None

    def all_series(self) -> Iterator[Series]:
        """Every series, with or without values."""
        for stored in self.history.series:
            yield Series(self, stored)

    def reason(self, series: Series, cell: int) -> str:
        """Why a combination has no value, or what is wrong with its outcome."""
        params = series.info.cells[cell]
        if series.status(cell) in (Status.FAILED, Status.WRONG):
            return series.stored.reasons.get((self.at, cell), "")
        return Reasons(self.record).of_not_applicable(series.name, params)


def load_commit_results(
    project: Project,
    commit: str | None = None,
    machine: str | None = None,
    environment: str | None = None,
    branch: str | None = None,
) -> CommitResults:
    """The results up to a commit: a hash or its beginning, or a name where the repository is at
    hand; by default the newest measured.

    ``branch``: whose history, by default that of the first one of the conf; ``machine``,
    ``environment``: whose; by default as ``choose_source`` has it. Raises ``UserError`` if nothing
    was measured there.
    """
    results, number = results_up_to(project, commit, machine, environment, branch)
    return measured_up_to(replace(results.history, remarks=results.remarks), number, project)


def measured_up_to(history: History, number: int, project: Project | None = None) -> CommitResults:
    """A history as the report of its commit ``number`` asks for it. ``project``: whose claims,
    levels, prices, loads and explanations belong to it. Raises ``UserError`` for those that are
    unreadable."""
    record = history.record(number) or Record()
    notes = {(note.series, note.params): note.text for note in record.notes}
    results = CommitResults(history.up_to(number), record, notes)
    if project is None:
        return results
    return replace(
        results,
        claims=claims_of(project),
        loads=kept_loads(project),
        explanations=explanations_of(project),
        levels=levels_of(project),
        prices=prices_of(project),
    )


def commit_fact(commit: Commit) -> Fact:
    """A commit by the beginning of its hash."""
    return Fact(commit.short, code=True, commit=commit.hash)
