"""The exact part of a gate: what differs, by how much, and what that means."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from made_history import series

from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.ab.exact import ExactValues, Samples
from unladen.compare.gate import exact
from unladen.compare.gate.exact import _agreed, gate_exact, judge
from unladen.compare.gate.model import Finding, Judgement
from unladen.compare.gate.thresholds import Rule, threshold, worse_by
from unladen.errors import UserError
from unladen.store.series import SeriesInfo, Status


def measured(value: float) -> Sample:
    return Sample(Status.MEASURED, [value])


def judgement(info: SeriesInfo, before: float, after: float, *rules: Rule) -> Judgement:
    return judge(Cell(info, 0), measured(before), measured(after), rules).judgement


@pytest.mark.parametrize(
    ("group", "before", "after", "expected"),
    [
        ("work", 10_000, 10_001, Judgement.MINOR),
        ("work", 10_000, 10_100, Judgement.REGRESSION),
        ("work", 10_000, 9_999, Judgement.MINOR_BETTER),
        ("work", 10_000, 9_000, Judgement.IMPROVEMENT),
        ("work", 10_000, 10_000, Judgement.SAME),
        ("work", 0, 1, Judgement.REGRESSION),
        ("work", 1, 0, Judgement.IMPROVEMENT),
        ("memory", 10_000, 10_050, Judgement.MINOR),
        ("calls", 1000, 1001, Judgement.REGRESSION),
        ("virtual time", 3.0, 3.0001, Judgement.REGRESSION),
        ("outcome", 0, 1, Judgement.REGRESSION),
        ("growth", 10_000, 10_001, Judgement.MINOR),
    ],
)
def test_what_a_difference_means(
    group: str, before: float, after: float, expected: Judgement
) -> None:
    assert judgement(series(group=group), before, after) is expected


@pytest.mark.parametrize(
    ("unit", "before", "after", "expected"),
    [
        ("exponent", 1.0, 1.04, Judgement.MINOR),
        ("exponent", 1.0, 1.06, Judgement.REGRESSION),
        ("relative error", 0.001, 0.002, Judgement.MINOR),
        ("more a turn", 1000, 1001, Judgement.MINOR),
        ("more a turn", 1000, 1100, Judgement.REGRESSION),
    ],
)
def test_of_exponents_the_difference_counts_else_the_share(
    unit: str, before: float, after: float, expected: Judgement
) -> None:
    assert judgement(series(unit=unit, group="growth"), before, after) is expected


@pytest.mark.parametrize(
    ("worse", "found"),
    [
        (0.05, Judgement.REGRESSION),
        (0.0499, Judgement.MINOR),
        (0.0, Judgement.MINOR_BETTER),
        (-0.05, Judgement.IMPROVEMENT),
        (-0.0499, Judgement.MINOR_BETTER),
    ],
)
def test_at_the_threshold_a_change_counts(worse: float, found: Judgement) -> None:
    assert exact.by_size(worse, 0.05) is found


def test_five_percent_of_a_sampled_series_count() -> None:
    assert threshold(Cell(series(kind="sampled"), 0), []) == 0.05


def test_small_figures_have_ratios_too() -> None:
    assert worse_by(Cell(series(), 0), 0.5, 0.6) == pytest.approx(0.2)


def test_a_rule_may_name_all_cells_of_a_series() -> None:
    cell = Cell(series("m.C.track_x", axes={"n": ["1", "2"]}), 1)
    assert threshold(cell, [Rule("m.C.track_x", 0.5)]) == 0.5
    assert threshold(cell, [Rule("m.C.track_y", 0.5)]) != 0.5


def test_a_difference_within_the_tolerance_is_none() -> None:
    info = series(group="memory", tolerance=0.005)
    assert judgement(info, 1000, 1004) is Judgement.SAME
    assert judgement(info, 1000, 1007) is Judgement.MINOR


def test_a_threshold_is_at_least_the_tolerance() -> None:
    info = series(group="memory", tolerance=0.02)
    assert threshold(Cell(info, 0), [Rule("*", 0.0)]) == 0.02


def test_direction() -> None:
    info = series(group="calls", higher_is_better=True)
    assert judgement(info, 5, 4) is Judgement.REGRESSION
    assert judgement(info, 4, 5) is Judgement.IMPROVEMENT
    assert worse_by(Cell(info, 0), 5, 4) == pytest.approx(0.25)


def test_from_zero_it_is_infinitely_worse() -> None:
    assert worse_by(Cell(series(), 0), 0, 3) == math.inf
    assert worse_by(Cell(series(), 0), 3, 0) == -math.inf
    assert worse_by(Cell(series(), 0), 0, 0) == 0


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Status.MEASURED, Status.FAILED, Judgement.BROKEN),
        (Status.MEASURED, Status.NOT_APPLICABLE, Judgement.GONE),
        (Status.FAILED, Status.MEASURED, Judgement.WORKS),
        (Status.NOT_APPLICABLE, Status.MEASURED, Judgement.NEW),
        (Status.NOT_APPLICABLE, Status.FAILED, Judgement.NOT_MEASURED),
        (Status.FAILED, Status.FAILED, Judgement.NOT_MEASURED),
        (Status.MISSING, Status.MEASURED, Judgement.NOT_MEASURED),
    ],
)
def test_without_a_value(before: Status, after: Status, expected: Judgement) -> None:
    samples = [measured(1) if s is Status.MEASURED else Sample(s) for s in (before, after)]
    assert judge(Cell(series(), 0), samples[0], samples[1], []).judgement is expected


def test_what_is_not_seen_twice_is_unsteady() -> None:
    first = judge(Cell(series(), 0), measured(1), measured(2), [])
    again = judge(Cell(series(), 0), measured(2), measured(2), [])
    assert _agreed(first, first) is first
    found: Finding = _agreed(first, again)
    assert found.judgement is Judgement.UNSTEADY
    assert "same" in found.note


def test_the_last_rule_that_matches_holds() -> None:
    info = series("m.C.track_x", group="work", axes={"n": ["1", "'a b'"]})
    rules = [Rule.parse("m.*=10"), Rule.parse("m.C.track_x(a b)=20%"), Rule.parse("other=30")]
    assert threshold(Cell(info, 0), rules) == pytest.approx(0.1)
    assert threshold(Cell(info, 1), rules) == pytest.approx(0.2)


@pytest.mark.parametrize("text", ["", "5", "=5", "x=", "x=abc", "x=-1", "x=nan", "x=inf"])
def test_a_malformed_rule(text: str) -> None:
    with pytest.raises(UserError, match="PATTERN=PERCENT"):
        Rule.parse(text)


Figures = Mapping[str, float]


class MadeWorkshop:
    """Figures of two commits by series, as they are stored or first measured, and measured again.

    ``again``: the commits and series that were.
    """

    repository = SimpleNamespace(called=str)

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *figures: Figures, **later: float) -> None:
        self.again: list[tuple[str, list[str]]] = []
        self.stages: list[str] = []
        self.kept: list[bool] = []
        self._figures = dict(zip(("base", "head"), figures, strict=True))
        self._later = {"base": figures[0], "head": {**figures[1], **later}}
        monkeypatch.setattr(exact, "exact_values", self._stored)
        monkeypatch.setattr(exact, "measure_values", self._measured)

    def gate(self, *names: str, **options: bool) -> tuple[list[Judgement], int, list[str]]:
        """The outcomes, how many values were stored, and the remarks."""
        infos = [series(name, group="work") for name in names]
        setup = cast(BenchmarkSetup, self)
        found = gate_exact(setup, ("base", "head"), infos, [], self.stages.append, **options)
        return [one.judgement for one in found.findings], found.stored, found.remarks

    def _stored(
        self, setup: Any, commit: str, infos: Sequence[SeriesInfo], keep: bool
    ) -> ExactValues:
        self.kept.append(keep)
        return ExactValues(_samples(self._figures[commit], infos), 1, [f"{commit}: a remark"])

    def _measured(self, setup: Any, commit: str, infos: Sequence[SeriesInfo]) -> Samples:
        self.again.append((commit, [one.name for one in infos]))
        return _samples(self._later[commit], infos)


def _samples(figures: Figures, infos: Sequence[SeriesInfo]) -> Samples:
    return {(one.name, ()): measured(figures[one.name]) for one in infos if one.name in figures}


def test_only_what_differs_is_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = MadeWorkshop(monkeypatch, {"same": 1, "slow": 1}, {"same": 1, "slow": 2})
    found = made.gate("same", "slow", keep=True)
    assert found == (
        [Judgement.SAME, Judgement.REGRESSION],
        2,
        ["base: a remark", "head: a remark"],
    )
    assert made.again == [("base", ["slow"]), ("head", ["slow"])]
    assert made.kept == [True, True]
    assert made.stages == [
        "exact series at base",
        "exact series at head",
        "1 exact series that differ, again",
    ]


def test_nothing_is_stored_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    made = MadeWorkshop(monkeypatch, {"one": 1}, {"one": 1})
    made.gate("one")
    assert made.kept == [False, False]


def test_a_difference_that_is_not_seen_again_is_unsteady(monkeypatch: pytest.MonkeyPatch) -> None:
    made = MadeWorkshop(monkeypatch, {"one": 1, "two": 2}, {"one": 2, "two": 1}, one=1)
    assert made.gate("one", "two")[0] == [Judgement.UNSTEADY, Judgement.IMPROVEMENT]


def test_nothing_is_measured_again_where_nothing_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    made = MadeWorkshop(monkeypatch, {"one": 1}, {"one": 1})
    assert made.gate("one", "missing")[0] == [Judgement.SAME, Judgement.NOT_MEASURED]
    assert made.again == []
