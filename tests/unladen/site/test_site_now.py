"""What the portal says of each target now: its work, what hangs, what stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_history import Value, history, outcomes, series

from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.exact import find_exact_changes
from unladen.site import spark
from unladen.site.comparison import TargetColumn
from unladen.site.costs import POINTS, CostHistory, costs_of
from unladen.site.counts import Counts
from unladen.site.fault_counts import FaultCounts, fault_counts
from unladen.site.figures import TargetFigure
from unladen.site.headlines import standing_headlines
from unladen.site.now import now_rows
from unladen.site.summary import Newest, Summary
from unladen.store.presentation import PortalRow
from unladen.store.series import SeriesInfo, Status

ROW = PortalRow(20, "Bytecodes", "a run", "bytecodes", needs_same="python")
WORK = "talk.m.C.track_work"


def figure(value: float, row: PortalRow = ROW, name: str = WORK) -> TargetFigure:
    return TargetFigure(row, name, Status.MEASURED, value)


def summary(target: str, **fields: object) -> Summary:
    made = Summary(target, "", "lab", "env", 9, Newest("a" * 40, 0, "subject"), None, ())
    return replace(made, **fields)  # type: ignore[arg-type]


def changed(info: SeriesInfo, *values: Value) -> HistoryChanges:
    made = history((info, values))
    return group_changes(made, find_exact_changes(made))


# Work


def test_a_cost_is_told_where_it_changes() -> None:
    work = series(WORK, unit="bytecodes", portal=ROW)
    made = history((work, [10, 10, 12, "failed", None, 12]))
    (cost,) = costs_of(made, [figure(12.0)])
    assert cost.capability == "talk"
    assert cost.points == ((0, 10.0), (2, 12.0), (3, None), (4, 12.0))  # one was not measured
    assert cost.commits == 5


def test_a_long_history_of_costs_is_thinned() -> None:
    work = series(WORK, unit="bytecodes", portal=ROW)
    made = history((work, [*map(float, range(1, 1001))]))
    (cost,) = costs_of(made, [figure(1000.0)])
    assert len(cost.points) == POINTS
    assert cost.points[-1] == (999, 1000.0)


def test_costs_are_counted_work_that_has_been_measured() -> None:
    rows = [
        replace(ROW, rank=1, unit="seconds"),
        replace(ROW, rank=2, in_floors=False),
        replace(ROW, rank=3, inverted=True),
    ]
    figures = [figure(1.0, row, f"talk.m.C.track_{n}") for n, row in enumerate(rows)]
    made = history(*((series(one.series, unit=one.row.unit), [1.0]) for one in figures))
    assert costs_of(made, figures) == ()
    lacking = TargetFigure(ROW, WORK, Status.NOT_APPLICABLE, None, "it has none")
    assert costs_of(history((series(WORK, unit="bytecodes"), ["n/a"])), [lacking]) == ()


def test_a_small_plot_steps_and_breaks_off() -> None:
    assert spark.steps([(0, 1.0), (1, 3.0), (2, None), (3, 2.0)], 5) == (
        "M3.0,37.0H51.5V3.0H100M148.5,20.0H197"
    )
    assert spark.steps([(0, 7.0)], 1) == "M3.0,20.0H3.1"
    assert spark.steps([(0, None)], 3) == ""


def cost(*points: tuple[int, float | None], commits: int = 9) -> CostHistory:
    return CostHistory("talk", WORK, (), "Bytecodes", commits, points)


@pytest.mark.parametrize(
    ("points", "trend"),
    [
        ([(0, 100.0), (4, 110.0)], "+10 % over 9 commits"),
        ([(0, 100.0), (4, 90.0)], "−10 % over 9 commits"),
        ([(0, 100.0), (4, 250.0)], "× 2.5 over 9 commits"),
        ([(0, 100.0), (2, 90.0), (4, 100.0)], "the same over 9 commits"),
    ],
)
def test_a_trend_is_told_in_words(points: list[tuple[int, float]], trend: str) -> None:
    floor = TargetColumn(summary("bare", figures=(figure(50.0),)), "")
    sdk = summary("sdk", figures=(figure(100.0),), costs=(cost(*points),))
    (row,) = now_rows([TargetColumn(sdk, "sdk/")], floor)
    (told,) = row.costs
    assert (told.trend, told.entry.main, told.sorted_by) == (trend, "2.00 ×", 2.0)
    assert "first 100, last" in told.told


def test_of_one_commit_there_is_neither_a_plot_nor_a_trend() -> None:
    sdk = summary("sdk", figures=(figure(100.0),), costs=(cost((0, 100.0), commits=1),))
    (row,) = now_rows([TargetColumn(sdk, "sdk/")], None)
    (told,) = row.costs
    assert (told.path, told.trend, told.told) == ("", "one commit measured", "Bytecodes: 100")


def test_the_worst_verdict_comes_first() -> None:
    made = [
        summary("fine"),
        summary("worse", counts=Counts(regressions=3)),
        summary("broken", counts=Counts(broken=1)),
        summary("also", counts=Counts(improvements=1)),
    ]
    rows = now_rows([TargetColumn(one, f"{one.target}/") for one in made], None)
    assert [(row.column.summary.target, row.verdict.text) for row in rows] == [
        ("broken", "broken"),
        ("worse", "3 regressions"),
        ("also", "no regression"),
        ("fine", "no regression"),
    ]


# Faults


def test_faults_that_hang_are_counted_where_they_were_measured_last() -> None:
    made = history((outcomes(), [[4, 4, 4], [4, 3, 0], [None] * 3]))
    (found,) = fault_counts(made)
    assert (found.measured, found.unexpected, found.hangs) == (3, 2, 1)


def test_a_row_leads_to_what_hangs() -> None:
    counts = (FaultCounts("talk", "talk.F.x", 3, 1, 0), FaultCounts("walk", "walk.F.x", 5, 2, 2))
    (row,) = now_rows([TargetColumn(summary("sdk", faults=counts), "sdk/")], None)
    assert (row.hangs, row.unexpected, row.faults) == (2, 3, 8)
    assert row.faults_href == "sdk/faults.html#show=walk.F.x&text=hang"


# What stands


def test_what_stands_is_told_by_a_change_that_does() -> None:
    info = series("m.C.track_x", group="calls", axes={"size": ("1", "2")})
    found = standing_headlines(changed(info, [1, 10], [9, 11], [1, 11]))
    (line,) = found
    assert (line.before, line.after, line.fate) == ("10", "11", "1 of 2 still there")


def test_what_is_undone_does_not_stand() -> None:
    assert standing_headlines(changed(series(group="calls"), 1, 9, 1)) == []


def test_standing_lines_of_any_targets_can_be_sorted() -> None:
    (broke,) = standing_headlines(changed(series(), 1, "failed"))
    (calls,) = standing_headlines(changed(series(group="calls"), 0, 9))
    (large,) = standing_headlines(changed(series(), 100, 900))
    (small,) = standing_headlines(changed(series(), 100, 110))
    made = [small, large, calls, broke]
    assert sorted(made, key=lambda line: line.order) == [broke, calls, large, small]
