"""The planning formula, fed with what was measured, beside what was measured."""

from __future__ import annotations

import pytest
from made_load import end, failed, plan, report, row, users

from unladen.load.capacity import capacity_formula, formula_errors, measured_capacity

INSIGHT = plan(limit_per_minute=100, think_s=[15, 15])


def insight_rows() -> list[dict[str, object]]:
    """100 requests as the seed assumes them: 60 % chat, 25 % workflow, 15 % build."""
    return [
        *(row(n, 5.0, calls=1) for n in range(60)),
        *(row(n, 10.0, calls=1, kind="work") for n in range(25)),
        *(row(n, 60.0, calls=5, kind="stream") for n in range(15)),
    ]


def test_the_seeds_own_figures() -> None:
    """Insight's test plan, 2.3: 1.6 calls, 14.5 s, about 2 requests a minute, about 31 users,
    8 to 10 and 12 to 15 recommended."""
    formula = capacity_formula(report([INSIGHT, *insight_rows(), end()]))
    assert formula is not None
    assert formula.calls_per_request == pytest.approx(1.6)
    assert formula.seconds_per_request == pytest.approx(14.5)
    assert formula.requests_per_user == pytest.approx(60 / 29.5)
    assert formula.most_users == pytest.approx(30.73, abs=0.01)
    assert formula.recommended == pytest.approx((8.19, 12.29), abs=0.01)


def test_calls_may_be_known_of_all_together_only() -> None:
    rows = [{k: v for k, v in one.items() if k != "calls"} for one in insight_rows()]
    formula = capacity_formula(report([INSIGHT, *rows, end(model_calls=160)]))
    assert formula is not None
    assert formula.calls_per_request == pytest.approx(1.6)


@pytest.mark.parametrize(
    "lines",
    [
        [plan(), *insight_rows(), end()],
        [plan(limit_per_minute=100, arrivals="open"), *insight_rows(), end()],
        [INSIGHT, row(0, 1.0), end()],
        [INSIGHT, failed(0, 1.0, "server", calls=1), end()],
        [INSIGHT, end()],
    ],
)
def test_without_its_inputs_there_is_no_formula(lines: list[dict[str, object]]) -> None:
    assert capacity_formula(report(lines)) is None


def test_measured_is_up_to_where_requests_begin_to_fail() -> None:
    lines = [
        *(users(0.0, 5), row(1.0, 1.0), users(10.0, 10), row(11.0, 1.0)),
        *(users(20.0, 15), failed(21.0, 1.0, "quota", status=429)),
        *(users(30.0, 12), row(31.0, 1.0)),
        end(),
    ]
    shown = measured_capacity(report(lines))
    assert shown is not None
    assert (shown.users, shown.failing) == (12, 15)


def test_where_nothing_fails_the_most_is_not_known() -> None:
    shown = measured_capacity(report([users(0.0, 5), row(1.0, 1.0), end()]))
    assert shown is not None
    assert (shown.users, shown.failing) == (5, None)


def test_it_is_said_where_the_formula_promises_too_much() -> None:
    rows = insight_rows()
    lines = [INSIGHT, users(0.0, 20), *rows, failed(90, 0.1, "quota", status=429), end(100.0)]
    made = report(lines)
    formula = capacity_formula(made)
    assert formula is not None
    said = formula_errors(formula, made)
    assert said[0].endswith("with 20 it was too many.")
    assert "1 were refused" in said[1]
