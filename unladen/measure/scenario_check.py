"""Do a driver's exact figures repeat? Each scenario once under each of two hash seeds, and once
beside a busy process; or all cells, once, and under another hash seed beside a busy process."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from unladen.errors import UserError
from unladen.measure.environment import UnladenEnvironment
from unladen.project.targets import driver_folder
from unladen.store.inexact import DeclaredInexact, declared_inexact
from unladen.store.series import differ
from unladen.text.terminal import last_line, one_line, printable

RUNS = (("--hash-seed", "1"), ("--hash-seed", "2"), ("--hash-seed", "1", "--busy"))
"""What is said to each of the runs, the one that the others are held against first."""

RUNS_OF_ALL = (("--all", "--hash-seed", "1"), ("--all", "--hash-seed", "2", "--busy"))
"""The same where all cells are measured."""

_BY_SEED = "by the hash seed: something iterates over a set, or sorts by hashes or addresses"
_BY_LOAD = "beside a busy process: something waits, or asks for the time, in real time"
_BY_CHANCE = "each time: something depends on chance, on real time, or on addresses"
_BY_EITHER = "by the hash seed, or beside a busy process"


@dataclass(frozen=True)
class ScenarioRow:
    """What a process printed of a scenario. ``figures``: by series the value (NaN for n/a, None if
    it failed), what is wrong with its outcome, and its tolerance; ``reason``: why it has none;
    how often: ``events`` by kind, ``places`` at which the model was asked, ``threads``' work,
    ``escapes`` from virtual time."""

    scenario: str
    figures: Mapping[str, tuple[float | None, str, float]]
    reason: str
    events: Mapping[str, int]
    places: Mapping[str, int]
    threads: int
    escapes: Mapping[str, int]


@dataclass(frozen=True)
class Repeated:
    """A scenario as each of the ``RUNS`` had it."""

    rows: tuple[ScenarioRow, ...]

    @property
    def name(self) -> str:
        """``capability.module.Class(parameters)``."""
        return self.rows[0].scenario

    @property
    def is_available(self) -> bool:
        """Whether the SDK has anything of it."""
        return any(not _is_missing(value) for value, _, _ in self.rows[0].figures.values())

    @property
    def failed(self) -> str:
        """Why a figure could not be measured in one of the runs; empty if all could."""
        for row in self.rows:
            if any(value is None for value, _, _ in row.figures.values()):
                return row.reason or "no value"
        return ""

    @property
    def wrong(self) -> str:
        """What is wrong with an outcome; empty if nothing is."""
        return next(
            (wrong for row in self.rows for _, wrong, _ in row.figures.values() if wrong), ""
        )

    def inexact(self) -> Iterator[tuple[str, Sequence[float | None], str]]:
        """Each series that the runs have otherwise: its values, and why, as far as it can be told
        from that."""
        first, *others = self.rows
        for series, (value, _, tolerance) in first.figures.items():
            values = [row.figures.get(series, (None, "", 0.0))[0] for row in others]
            changed = tuple(_differ(value, other, tolerance=tolerance) for other in values)
            if any(changed):
                told = [escape for row in self.rows for escape in row.escapes]
                yield series, [value, *values], "; ".join([_WHY[changed], *dict.fromkeys(told)])

    def moving(self) -> Iterator[str]:
        """Each series whose values are not the same to the digit, be it within its tolerance."""
        first, *others = self.rows
        for series, (value, _, _) in first.figures.items():
            values = [row.figures.get(series, (None, "", 0.0))[0] for row in others]
            if any(_differ(value, other, tolerance=0.0) for other in values):
                yield series

    def within(self, declared: DeclaredInexact) -> Repeated:
        """The same with the tolerances that are declared."""
        return Repeated(tuple(_widened(row, declared) for row in self.rows))


def _widened(row: ScenarioRow, declared: DeclaredInexact) -> ScenarioRow:
    figures = {
        series: (value, wrong, max(tolerance, declared.tolerance(series)))
        for series, (value, wrong, tolerance) in row.figures.items()
    }
    return replace(row, figures=figures)


_WHY = {
    (True, False): _BY_SEED,
    (False, True): _BY_LOAD,
    (True, True): _BY_CHANCE,
    (True,): _BY_EITHER,
}
"""Why figures differ, by which of the further runs has them otherwise."""


def repeated(
    env: UnladenEnvironment, capability: str, options_of: Sequence[Sequence[str]] = RUNS
) -> tuple[list[Repeated], int]:
    """All scenarios of a capability, with the tolerances that its target declares, and how many
    benchmark classes are left out. ``options_of``: the runs. Raises ``UserError`` if one gives
    nothing."""
    project = env.project
    declared = declared_inexact(driver_folder(project.folder, project.name))
    runs, left_out = [], 0
    for options in options_of:
        arguments = ["-m", "benchmarks.scenarios", rf"^{capability}\.", *options]
        ended = env.ended(arguments, str(env.project.root))
        lines = [line for line in ended.output.splitlines() if line.startswith("{")]
        if ended.exit_code or not lines:
            raise UserError(f"{capability}: {one_line(last_line(ended.errors)) or 'no scenario'}")
        *rows, last = map(json.loads, lines)
        left_out = int(last["left_out"])
        runs.append({row["scenario"]: msgspec.convert(row, ScenarioRow) for row in rows})
    first, *others = runs
    return [
        Repeated((row, *(other[name] for other in others))).within(declared)
        for name, row in first.items()
        if all(name in other for other in others)
    ], left_out


def lines_of(found: Sequence[Repeated], left_out: int) -> Iterator[str]:
    """What is said of them, a line each that the SDK has, and one of all."""
    there = [one for one in found if one.is_available or one.failed]
    for one in there:
        yield f"  {printable(f'{one.name}: {_said(one)}')}"
        for series, values, why in one.inexact():
            shown = ", ".join("none" if value is None else f"{value:.10g}" for value in values)
            name = series.rpartition(".")[2]
            yield f"    {printable(f'{name} is {shown}: {why}')}"
    figures = sum(len(one.rows[0].figures) for one in there)
    inexact = sum(len(list(one.inexact())) for one in there)
    parts = [f"{len(there)} scenarios, {figures} figures, {figures - inexact} exact"]
    parts += [f"{len(found) - len(there)} scenarios n/a"] * (len(found) > len(there))
    parts += [f"{left_out} classes of many runs or sizes left out"] * bool(left_out)
    yield f"  {'; '.join(parts)}"


def share_of(found: Sequence[Repeated]) -> str:
    """Of how many series that the SDK has all cells are exact, one line: the same to the digit, or
    within the tolerance of the series (of a memory peak, or what its target declares inexact)."""
    there = [one for one in found if one.is_available or one.failed]
    figures = [
        series
        for one in there
        for series, (value, _, _) in one.rows[0].figures.items()
        if value is not None and not _is_missing(value)
    ]
    series = {*figures}
    inexact = {name for one in there for name, _, _ in one.inexact()}
    moving = {name for one in there for name in one.moving()} - inexact
    same = len(series) - len(inexact) - len(moving)
    return (
        f"{len(figures)} figures of {len(series)} series: {same} series the same to the digit "
        f"({same / max(1, len(series)):.0%}), {len(moving)} within their tolerance, "
        f"{len(inexact)} inexact"
    )


def is_clean(found: Sequence[Repeated]) -> bool:
    """Whether all could be measured, and repeat."""
    return not any(one.failed or any(one.inexact()) for one in found)


def _said(one: Repeated) -> str:
    if one.failed:
        return f"fails: {one.failed}"
    row = one.rows[0]
    hit = [f"{times} x {place} asked" for place, times in row.places.items()]
    hit += [f"{times} x {event}" for event, times in row.events.items()]
    hit += [f"{row.threads} x work in threads"] * bool(row.threads)
    hit += list(row.escapes)
    ended = "; ".join(["inexact" if any(one.inexact()) else "exact", *hit])
    return f"{ended}; wrong: {one.wrong}" if one.wrong else ended


def _differ(one: float | None, other: float | None, *, tolerance: float) -> bool:
    if one is None or other is None:
        return one is not other
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) is not math.isnan(other)
    return differ(one, other, tolerance)


def _is_missing(value: float | None) -> bool:
    return value is not None and math.isnan(value)
