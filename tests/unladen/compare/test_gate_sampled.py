"""The sampled part of a gate on made-up sides."""

from __future__ import annotations

from collections import Counter

import pytest
from made_sides import FAILED, NOT_APPLICABLE, MadeSides, cells, sampled

from unladen.compare.ab.cells import Cell, Sample, best
from unladen.compare.ab.rounds import Question, answer
from unladen.compare.ab.statistics import StoppingRule
from unladen.compare.gate.model import Finding, Judgement
from unladen.compare.gate.sampled import CELLS_EACH, Budget, gate_sampled
from unladen.compare.gate.thresholds import Rule
from unladen.store.series import Status


def gate(runner: MadeSides, *rules: Rule, values: int = 3, **changes: object) -> list[Finding]:
    return gate_sampled(
        runner, cells(sampled(values=values, **changes)), rules, Budget(), lambda text: None
    )


def judgements(findings: list[Finding]) -> list[Judgement]:
    return [one.judgement for one in findings]


@pytest.mark.parametrize("ratio", [1.12, 1.5])
def test_a_regression_is_confirmed_by_rounds_of_its_own(ratio: float) -> None:
    found = gate(MadeSides(ratio), values=2)
    assert judgements(found) == [Judgement.REGRESSION] * 2
    for one in found:
        assert one.first is not None
        assert one.again is not None
        assert one.again.rounds >= 10
        assert one.worse == pytest.approx(ratio - 1, rel=0.35)


def test_the_rest_of_a_flagged_series_is_said_to_be_flagged() -> None:
    found = gate(MadeSides(1.5), values=6)
    assert judgements(found).count(Judgement.REGRESSION) == CELLS_EACH
    assert judgements(found).count(Judgement.FLAGGED) == 6 - CELLS_EACH


def test_an_improvement_is_confirmed_likewise() -> None:
    assert judgements(gate(MadeSides(0.8), values=1)) == [Judgement.IMPROVEMENT]


def test_where_higher_is_better_a_fall_is_a_regression() -> None:
    found = gate(MadeSides(0.8), values=1, higher_is_better=True)
    assert judgements(found) == [Judgement.REGRESSION]
    assert found[0].worse is not None
    assert found[0].worse > 0


@pytest.mark.slow
def test_equal_commits_are_not_flagged() -> None:
    """The first look may flag; what it flags is not confirmed."""
    for seed in range(60):
        found = gate(MadeSides(seed=seed), values=5)
        assert not {Judgement.REGRESSION, Judgement.IMPROVEMENT} & set(judgements(found))


def test_what_the_first_look_imagined_is_cleared() -> None:
    def instead(side: int, cell: Cell, number: int) -> Sample | None:
        slow = side == 1 and number < 8
        return Sample(Status.MEASURED, [0.0013 + number * 1e-6]) if slow else None

    (found,) = gate(MadeSides(instead=instead), values=1)
    assert found.judgement is Judgement.CLEARED


def test_what_the_first_look_imagined_is_hardly_ever_confirmed_on_a_loud_machine() -> None:
    """By chance the new rounds are above the threshold in many gates, for certain in none."""

    def instead(side: int, cell: Cell, number: int) -> Sample | None:
        slow = side == 1 and number < 8
        return Sample(Status.MEASURED, [0.002 + number * 1e-6]) if slow else None

    ends = Counter(
        gate(MadeSides(noise=0.4, instead=instead, seed=seed), values=1)[0].judgement
        for seed in range(60)
    )
    assert ends[Judgement.REGRESSION] <= 2, ends


def test_a_threshold_of_its_own() -> None:
    assert judgements(gate(MadeSides(1.12), Rule("m.*", 0.5), values=1)) == [Judgement.SAME]
    (found,) = gate(MadeSides(1.12), Rule("m.*", 0.5), Rule("m.C.time_x", 0.02), values=1)
    assert found.judgement is Judgement.REGRESSION


def test_what_fails_in_two_rounds_is_broken_and_not_tried_again() -> None:
    runner = MadeSides(instead=lambda side, cell, number: FAILED if side else None)
    (found,) = gate(runner, values=1)
    assert found.judgement is Judgement.BROKEN
    assert found.after.reason == "ValueError: broken"
    assert runner.rounds == [1, 1]


def test_what_fails_once_is_not_broken() -> None:
    runner = MadeSides(instead=lambda side, cell, n: FAILED if side and n == 0 else None)
    assert judgements(gate(runner, values=1)) == [Judgement.SAME]


def test_what_became_not_applicable_is_gone() -> None:
    runner = MadeSides(instead=lambda side, cell, n: NOT_APPLICABLE if side else None)
    assert judgements(gate(runner, values=1)) == [Judgement.GONE]


def test_what_neither_side_has_is_not_measured() -> None:
    runner = MadeSides(instead=lambda side, cell, n: NOT_APPLICABLE)
    assert judgements(gate(runner, values=1)) == [Judgement.NOT_MEASURED]
    assert runner.rounds == [1]


def test_what_neither_side_has_is_looked_at_in_one_round() -> None:
    runner = MadeSides(instead=lambda side, cell, n: NOT_APPLICABLE if cell.index else None)
    found = gate(runner, values=3)
    assert judgements(found) == [Judgement.SAME, Judgement.NOT_MEASURED, Judgement.NOT_MEASURED]
    assert runner.rounds[:3] == [3, 1, 1]


def test_figures_of_zero_have_no_ratio() -> None:
    runner = MadeSides(instead=lambda side, cell, n: Sample(Status.MEASURED, [0.0]))
    assert judgements(gate(runner, values=1)) == [Judgement.NOT_MEASURED]


def test_without_time_flags_are_undecided() -> None:
    found = gate_sampled(MadeSides(1.5), cells(sampled()), [], Budget(seconds=0), lambda text: None)
    assert judgements(found) == [Judgement.UNDECIDED]


def test_what_the_first_look_cannot_rule_out_is_measured_again() -> None:
    runner = MadeSides(noise=0.6, seed=3)
    found = gate(runner, values=2)
    assert len(runner.rounds) > 8
    assert set(judgements(found)) <= {Judgement.SAME, Judgement.CLEARED, Judgement.UNDECIDED}


def test_without_time_for_that_nothing_is_said_to_be_the_same() -> None:
    runner = MadeSides(1.28, noise=1.0, seed=1)
    found = gate_sampled(runner, cells(sampled(values=6)), [], Budget(seconds=0), lambda text: None)
    assert set(judgements(found)) == {Judgement.UNDECIDED}


def test_too_few_rounds_rule_nothing_out() -> None:
    budget = Budget(rounds=4, seconds=0)
    found = gate_sampled(MadeSides(noise=0), cells(sampled()), [], budget, lambda text: None)
    assert judgements(found) == [Judgement.UNDECIDED]


def test_doubtful_cells_are_not_begun_that_cannot_be_decided_in_time() -> None:
    """A round of a cell takes a second here; ten rounds are the least."""
    runner = MadeSides(noise=1.0, seed=2)

    def clock() -> float:
        return float(sum(runner.rounds))

    budget = Budget(seconds=45)
    found = gate_sampled(runner, cells(sampled(values=9)), [], budget, lambda text: None, clock)
    asked = [one for one in found if one.again is not None]
    assert clock() <= 9 * 8 + 45 + 9
    assert len(asked) <= 4
    assert Judgement.UNDECIDED in judgements(found)


def test_an_improvement_that_is_not_confirmed_is_no_reason_to_stop() -> None:
    """It is undecided whether it is better, and certain that it is not worse."""
    found = gate_sampled(
        MadeSides(0.94), cells(sampled()), [], Budget(seconds=0), lambda text: None
    )
    assert judgements(found) == [Judgement.FLAGGED]


def test_a_figure_that_was_zero_may_be_a_regression() -> None:
    def from_zero(side: int, cell: Cell, number: int) -> Sample:
        return Sample(Status.MEASURED, [0.003 * side])

    assert judgements(gate(MadeSides(instead=from_zero), values=1)) == [Judgement.UNDECIDED]


def test_a_value_that_comes_and_goes_is_undecided() -> None:
    def rarely(side: int, cell: Cell, number: int) -> Sample | None:
        return FAILED if side and number % 8 else None

    assert judgements(gate(MadeSides(instead=rarely), values=1)) == [Judgement.UNDECIDED]


def test_a_question_for_either_direction() -> None:
    (cell,) = cells(sampled())
    stopping = StoppingRule((8, 12, 18, 28), 0.02)

    def decision(ratio: float) -> int:
        question = Question(cell, 0, 0.02)
        return answer(MadeSides(ratio), [question], stopping, lambda *_: None)[0].decision

    assert decision(1.3) == 1
    assert decision(0.7) == 1
    assert decision(1.0) == -1


def test_the_best_value_stands_for_a_process() -> None:
    sample = Sample(Status.MEASURED, [3.0, 1.0, 2.0])
    assert best(sampled(), sample) == 1.0
    assert best(sampled(higher_is_better=True), sample) == 3.0
    assert sample.level == 2.0
