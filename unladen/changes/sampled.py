"""The changes of sampled series: steps in their level, suspected until they are confirmed.

n/a, failed and wrong outcomes are certain, as they are of exact series; figures of right outcomes
and of wrong ones have levels of their own. Readings are the lower quartiles that asv
keeps (the upper ones where higher is better): what disturbs a measurement makes it slower, so that
they are steadier than medians. See docs/detection.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from unladen.changes.cell import UNDONE_SHARE, CellHistory, direction_of
from unladen.changes.host import MIN_SCORES
from unladen.changes.model import Change, ChangeKind, Evidence, State
from unladen.changes.same_code import run_same_code
from unladen.detection import (
    MINIMUM_EFFECT,
    MINIMUM_READINGS,
    CellReadings,
    Panel,
    Segmentation,
    Step,
    Trend,
    follows,
    levels_for,
    remembering,
)
from unladen.history.history import History
from unladen.history.series_history import CODES, SeriesHistory
from unladen.repo.commits import Commit
from unladen.store.readings import Reading
from unladen.store.series import Status

Floats = NDArray[np.float64]

HostJudge = Callable[[str, Sequence[int], Sequence[int], float], bool]
"""Whether a step of the series of this name is the host's: given the commits with the level before
and with the one after, by their indices, and the ratio of both levels."""

COUNTED = {"cpu": "work", "import": "import"}
"""By group of a sampled series, the group of exact series whose counts it follows."""

NEAREST = 30
"""Commits on each side of a step at which the host is looked at, at most."""

FOLLOWING = 0.03
"""Changes of less than this, because a count changed, are left to the count."""


def find_sampled_changes(history: History, is_host: HostJudge | None = None) -> list[Change]:
    """The changes of all series that are not exact, by series and cell, each oldest first.

    The level of the tests is such that of the benchmarks and cells that are reported as changed,
    at most ``FALSE_DISCOVERY_RATE`` did not change, on average.
    """
    sampled = [series for series in history.series if not series.series.is_exact]
    positions = {commit.hash: position for position, commit in enumerate(history.commits)}
    with remembering():
        benchmarks = [_Benchmark(history, series, positions) for series in sampled]
        level = levels_for([p for benchmark in benchmarks for p in benchmark.panel.tests])
        changes = [change for benchmark in benchmarks for change in benchmark.changes(level)]
    if is_host is None:
        return changes
    return list(_with_host(changes, history, positions, is_host))


@dataclass(frozen=True)
class _Readings:
    """The readings of a cell: of right outcomes, or of wrong ones (``status``). ``at``: their
    commits; ``trend``: what of each, in logarithms, is explained by the count ``follows``, 0 if
    none does."""

    cell: CellHistory
    status: Status
    at: NDArray[np.intp]
    values: Floats
    trend: Floats
    follows: str

    @property
    def is_log(self) -> bool:
        """Whether levels are looked for in the logarithms."""
        return bool((self.values > 0).all())

    @property
    def line(self) -> CellReadings:
        """What is left without the trend."""
        readings = np.log(self.values) - self.trend if self.is_log else self.values
        return CellReadings(self.at, readings, self.is_log)


class _Benchmark:
    """The cells of one sampled series."""

    def __init__(
        self, history: History, series: SeriesHistory, positions: Mapping[str, int]
    ) -> None:
        self._history = history
        self._positions = positions
        counts = _counts(history, series)
        has_wrong = (series.statuses == CODES[Status.WRONG]).any(axis=0)
        self._readings = [
            _readings(history, series, cell, counts, status)
            for cell in range(len(series.series.cells))
            for status in (Status.MEASURED, Status.WRONG)
            if status is Status.MEASURED or has_wrong[cell]
        ]
        lines = [readings.line for readings in self._readings]
        self.panel = Panel(lines, len(history.commits))

    def changes(self, level: float) -> Iterator[Change]:
        """The changes of all cells, at this level of the tests."""
        found = self.panel.steps(level)
        for number, (readings, levels) in enumerate(zip(self._readings, found, strict=True)):
            states = []
            if readings.status is Status.MEASURED:
                states = [readings.cell.change(k) for k in readings.cell.status_points()]
            curve = _Curve(self._history, readings, levels, self.panel.p_value(number))
            yield from sorted([*states, *curve.changes()], key=self._position)

    def _position(self, change: Change) -> int:
        return self._positions[change.commit.hash]


class _Curve:
    """The level of a cell over its readings: steps, and what follows a count."""

    def __init__(
        self, history: History, readings: _Readings, levels: Segmentation, p: float
    ) -> None:
        self._commits = history.commits
        self._readings = readings
        self._levels = levels
        self._p = p
        self._steps = {step.at: step for step in levels.steps}
        self._values: Floats = levels.curve
        if readings.is_log:
            self._values = np.exp(levels.curve + readings.trend)

    def changes(self) -> list[Change]:
        """All changes, oldest first."""
        positions = sorted({*self._steps, *self._following})
        changes = [self._change(k, positions) for k in positions]
        changes += [self._drift(trend) for trend in self._levels.trends]
        return [change for change in changes if _is_effect(change)]

    def _drift(self, trend: Trend) -> Change:
        """A trend as a change of its last commit, which no commit made."""
        cell, at = self._readings.cell, self._readings.at
        first, last = trend.first, trend.last
        way = trend.slope * (last - first)
        end = float(self._values[last])  # with what steps within it did
        start = end / math.exp(way) if self._readings.is_log else end - way
        before, after = (Reading(Status.MEASURED, value) for value in (start, end))
        return Change(
            series=cell.series,
            cell=cell.params,
            kind=ChangeKind.VALUE,
            direction=direction_of(cell.series, cell.params, ChangeKind.VALUE, before, after),
            state=State.DRIFT,
            before=before,
            after=after,
            commit=self._commits[int(at[last])],
            first_suspect=self._commits[int(at[first]) + 1],
            last_suspect=self._commits[int(at[last])],
        )

    @cached_property
    def _following(self) -> frozenset[int]:
        """The readings at which the count makes a noticeable difference."""
        changes = np.expm1(np.abs(np.diff(self._readings.trend)))
        return frozenset((np.flatnonzero(changes >= FOLLOWING) + 1).tolist())

    def _change(self, k: int, positions: Sequence[int]) -> Change:
        cell, at = self._readings.cell, self._readings.at
        before, after = (
            Reading(self._readings.status, float(value)) for value in self._values[k - 1 : k + 1]
        )
        step = self._steps.get(k, Step(k, k, k, 0.0, 0.0))
        number = positions.index(k)
        start = positions[number - 1] if number else 0
        end = positions[number + 1] if number + 1 < len(positions) else at.size
        return Change(
            series=cell.series,
            cell=cell.params,
            kind=ChangeKind.VALUE,
            direction=direction_of(cell.series, cell.params, ChangeKind.VALUE, before, after),
            state=State.SUSPECTED,
            before=before,
            after=after,
            commit=self._commits[int(at[k])],
            first_suspect=self._commits[int(at[step.first - 1]) + 1],
            last_suspect=self._commits[int(at[step.last])],
            undone_by=self._undone(k),
            evidence=Evidence(
                spread=self._spread(),
                readings_before=k - start,
                readings_after=end - k,
                p=self._p,
                follows=self._readings.follows if k in self._following else "",
            ),
        )

    def _spread(self) -> float | None:
        if self._readings.is_log:
            return math.expm1(self._levels.spread)
        level = abs(float(np.median(self._readings.values)))
        return self._levels.spread / level if level else None

    def _undone(self, k: int) -> Commit | None:
        """The first commit at whose level most of the way is gone."""
        before = float(self._values[k - 1])
        way = float(self._values[k]) - before
        slack = max((1 - UNDONE_SHARE) * abs(way), MINIMUM_EFFECT * abs(before))
        gone = np.flatnonzero((self._values[k + 1 :] - before) * np.sign(way) <= slack)
        return self._commits[int(self._readings.at[k + 1 + gone[0]])] if gone.size else None


def _is_effect(change: Change) -> bool:
    before, after = change.before.value, change.after.value
    assert before is not None
    assert after is not None
    return abs(after - before) >= MINIMUM_EFFECT * min(abs(before), abs(after)) and before != after


def _readings(
    history: History,
    series: SeriesHistory,
    number: int,
    counts: Sequence[SeriesHistory],
    status: Status,
) -> _Readings:
    cell = CellHistory(history.commits, series, number)
    values = series.values[:, number]
    name = "q_75" if series.series.higher_is_better else "q_25"
    quartiles = series.stats.get(name, np.full(series.values.shape, np.nan))[:, number]
    at = np.flatnonzero(series.statuses[:, number] == CODES[status])
    if np.isfinite(quartiles[at]).all():
        values = quartiles
    chosen: Floats = values[at]
    trend = np.zeros(chosen.size)
    if chosen.size < MINIMUM_READINGS or not (chosen > 0).all():
        return _Readings(cell, status, at, chosen, trend, "")
    usable = [one for one in counts if bool((one.values[at, number] > 0).all())]
    logs = [np.log(one.values[at, number]) for one in usable]
    found = follows(np.log(chosen), logs)
    if found is None:
        return _Readings(cell, status, at, chosen, trend, "")
    trend = found.slope * (logs[found.number] - np.median(logs[found.number]))
    return _Readings(cell, status, at, chosen, trend, usable[found.number].series.name)


def _counts(history: History, series: SeriesHistory) -> list[SeriesHistory]:
    """The exact series that count the work of a sampled one: same class, same parameters."""
    group = COUNTED.get(series.series.group)
    owner = series.series.name.rpartition(".")[0]
    return [
        other
        for other in history.series
        if other.series.is_exact
        and other.series.group == group
        and other.series.name.rpartition(".")[0] == owner
        and other.series.cells == series.series.cells
    ]


def _with_host(
    changes: Sequence[Change],
    history: History,
    positions: Mapping[str, int],
    is_host: HostJudge,
) -> Iterator[Change]:
    """The changes, those that are the host's as such. ``positions``: of commits in the history, by
    hash."""
    by_name = {one.series.name: one for one in history.series}
    for change in changes:
        if change.evidence is None or change.ratio is None:
            yield change
            continue
        name = change.series.name
        sides = _sides(change, change.evidence, by_name[name], positions)
        before, after = (side.tolist() for side in sides)
        is_its = is_host(name, before, after, change.ratio) or run_same_code(
            history, by_name[name], _span(change, by_name[name], positions)
        )
        yield replace(change, state=State.HOST) if is_its else change


def _span(change: Change, series: SeriesHistory, positions: Mapping[str, int]) -> list[int]:
    """The commits at which it was measured, from the last before the suspected ones to their
    last."""
    cell = change.series.cells.index(change.cell)
    at = np.flatnonzero(series.statuses[:, cell] == CODES[change.after.status])
    first = positions[change.first_suspect.hash]
    last = positions[(change.last_suspect or change.commit).hash]
    return [*at[at < first][-1:].tolist(), *at[(at >= first) & (at <= last)].tolist()]


def _sides(
    change: Change, evidence: Evidence, series: SeriesHistory, positions: Mapping[str, int]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The nearest commits with the level before and with the one after.

    Without those that may be on the other side of the step, if enough are left: a host that steps
    beside the likeliest commit is the one that is looked for.
    """
    cell = change.series.cells.index(change.cell)
    at = np.flatnonzero(series.statuses[:, cell] == CODES[change.after.status])
    position = positions[change.commit.hash]
    before = at[at < position][-evidence.readings_before :]
    after = at[at >= position][: evidence.readings_after]
    last = positions[(change.last_suspect or change.commit).hash]
    surely_before = before[before < positions[change.first_suspect.hash]]
    surely_after = after[after >= last]
    if surely_before.size >= MIN_SCORES:
        before = surely_before
    if surely_after.size >= MIN_SCORES:
        after = surely_after
    return before[-NEAREST:], after[:NEAREST]
