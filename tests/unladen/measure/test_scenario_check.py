"""What is said of scenarios that were run three times."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from unladen.measure.scenario_check import (
    Repeated,
    ScenarioRow,
    is_clean,
    lines_of,
    share_of,
)
from unladen.store.inexact import FILE, declared_inexact

Figure = tuple[float | None, str, float]

NAN = math.nan


def repeated(figures: Sequence[Figure], reason: str = "", **hit: object) -> Repeated:
    """A scenario whose one series has these figures in the three runs."""
    rows = (
        ScenarioRow(
            scenario="a.b.C(1)",
            figures={"a.b.C.track_x": figure},
            reason=reason,
            events={"done": 2},
            places={"planner": 3},
            threads=int(str(hit.get("threads", 0))),
            escapes={"outside of virtual time: socket": 1} if hit.get("escapes") else {},
        )
        for figure in figures
    )
    return Repeated(tuple(rows))


def values(*given: float | None, tolerance: float = 0.0) -> list[Figure]:
    return [(one, "", tolerance) for one in given]


@pytest.mark.parametrize(
    ("figures", "shown", "why"),
    [
        (values(1, 2, 1), "1, 2, 1", "by the hash seed"),
        (values(1, 1, 3), "1, 1, 3", "beside a busy process"),
        (values(1, 2, 3), "1, 2, 3", "each time"),
        (values(1, NAN, 1), "1, nan, 1", "by the hash seed"),
        (values(1, None, 1), "1, none, 1", "by the hash seed"),
        (values(100, 102, 100, tolerance=0.01), "100, 102, 100", "by the hash seed"),
    ],
)
def test_what_differs_is_told_with_what_it_differs_by(
    figures: Sequence[Figure], shown: str, why: str
) -> None:
    one = repeated(figures, escapes=True)
    scenario, line, last = lines_of([one], 2)
    assert scenario.startswith("  a.b.C(1): ")
    assert line.startswith(f"    track_x is {shown}: {why}")
    assert line.endswith("; outside of virtual time: socket")
    assert last == "  1 scenarios, 1 figures, 0 exact; 2 classes of many runs or sizes left out"
    assert not is_clean([one])


@pytest.mark.parametrize(
    "figures",
    [values(1, 1, 1), values(NAN, NAN, NAN), values(100, 100.5, 99.5, tolerance=0.01)],
)
def test_what_repeats_is_exact(figures: Sequence[Figure]) -> None:
    assert is_clean([repeated(figures)])
    assert not list(repeated(figures).inexact())


def test_what_was_hit_is_told() -> None:
    scenario, last = lines_of([repeated(values(1, 1, 1), threads=4)], 0)
    told = "exact; 3 x planner asked; 2 x done; 4 x work in threads"
    assert (scenario, last) == (f"  a.b.C(1): {told}", "  1 scenarios, 1 figures, 1 exact")


def test_a_wrong_outcome_is_told_and_is_no_fault_of_the_driver() -> None:
    one = repeated([(1, "no plan", 0.0)] * 3)
    assert next(lines_of([one], 0)).endswith("; wrong: no plan")
    assert is_clean([one])


def test_what_fails_is_no_clean_driver_and_what_there_is_not_is_only_counted() -> None:
    failing = repeated(values(None, None, None), reason="KeyError: 'x'")
    missing = repeated(values(NAN, NAN, NAN))
    scenario, last = lines_of([failing, missing], 0)
    assert scenario == "  a.b.C(1): fails: KeyError: 'x'"
    assert last == "  1 scenarios, 1 figures, 1 exact; 1 scenarios n/a"
    assert not is_clean([failing, missing])


def test_what_differs_of_two_runs_may_do_so_for_either_reason() -> None:
    one = repeated(values(1, 2))
    told = [([1, 2], "by the hash seed, or beside a busy process")]
    assert [(figures, why) for _, figures, why in one.inexact()] == told


def test_the_share_of_exact_series_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(
        '[[inexact]]\nseries = ["a.b.C.track_x"]\nwithin = 0.1\nwhy = "a set"\n'
    )
    declared = declared_inexact(tmp_path)
    same, missing, moving = (
        repeated(figures) for figures in (values(1, 1), values(NAN, NAN), values(100, 101))
    )
    told = (
        "figures of 1 series: {} series the same to the digit ({}), {} within their tolerance, {}"
    )
    assert share_of([same, missing]) == "1 " + told.format(1, "100%", 0, "0 inexact")
    assert share_of([same, moving]) == "2 " + told.format(0, "0%", 0, "1 inexact")
    within = moving.within(declared)
    assert share_of([same, within]) == "2 " + told.format(0, "0%", 1, "0 inexact")
    assert is_clean([within])
    assert not is_clean([moving])
    assert not is_clean([repeated(values(100, 120)).within(declared)])


def test_what_has_no_value_is_no_exact_figure() -> None:
    assert share_of([repeated(values(None, None), reason="no")]).startswith("0 figures of 0 series")
