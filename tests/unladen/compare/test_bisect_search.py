"""The search for a first bad commit, and how samples are judged."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unladen.compare.ab.cells import Sample
from unladen.compare.bisect.probes import nearer
from unladen.compare.bisect.search import ProbeAnswer, first_bad
from unladen.store.series import Status

G, B, S = ProbeAnswer.GOOD, ProbeAnswer.BAD, ProbeAnswer.SKIP


class Asked:
    """Answers from a list, and counts."""

    def __init__(self, answers: list[ProbeAnswer]) -> None:
        self.answers = answers
        self.order: list[int] = []

    def __call__(self, index: int) -> ProbeAnswer:
        assert index not in self.order
        assert index < len(self.answers) - 1
        self.order.append(index)
        return self.answers[index]


@given(st.integers(1, 300), st.data())
def test_it_finds_the_commit_in_log_n_probes(number: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, number - 1))
    asked = Asked([G] * first + [B] * (number - first))
    found = first_bad(number, asked)
    assert found.is_one
    assert found.bad == first
    assert len(asked.order) <= math.ceil(math.log2(number)) if number > 1 else not asked.order


@given(st.lists(st.sampled_from([G, B, S]), max_size=40))
def test_what_it_finds_is_true_whatever_the_history(answers: list[ProbeAnswer]) -> None:
    answers = [*answers, B]
    asked = Asked(answers)
    found = first_bad(len(answers), asked)
    assert found.good == -1 or answers[found.good] is G
    assert answers[found.bad] is B
    assert all(one is S for one in answers[found.good + 1 : found.bad])


@given(st.integers(3, 100), st.data())
def test_a_right_guess_takes_two_probes(number: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, number - 2))
    asked = Asked([G] * first + [B] * (number - first))
    assert first_bad(number, asked, guess=first).bad == first
    assert asked.order == [first, first - 1]


@given(st.integers(1, 100), st.integers(-5, 110), st.data())
def test_a_wrong_guess_does_no_harm(number: int, guess: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, number - 1))
    asked = Asked([G] * first + [B] * (number - first))
    found = first_bad(number, asked, guess)
    assert (found.is_one, found.bad) == (True, first)
    assert len(asked.order) <= math.ceil(math.log2(number) if number > 1 else 0) + 2


def test_commits_that_cannot_be_judged_make_a_range() -> None:
    found = first_bad(6, Asked([G, S, S, S, B, B]))
    assert (found.good, found.bad, found.is_one) == (0, 4, False)


def measured(value: float) -> Sample:
    return Sample(Status.MEASURED, [value])


FAILED = Sample(Status.FAILED, reason="ValueError: no")
NONE = Sample(Status.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("sample", "good", "bad", "expected"),
    [
        (measured(1), measured(1), measured(5), G),
        (measured(5), measured(1), measured(5), B),
        (measured(4), measured(1), measured(5), B),
        (measured(9), measured(1), measured(5), B),
        (FAILED, measured(1), measured(5), S),
        (NONE, measured(1), measured(5), S),
        (measured(7), measured(1), FAILED, G),
        (Sample(Status.FAILED, reason="ValueError: other"), measured(1), FAILED, B),
        (Sample(Status.FAILED, reason="ImportError: x"), measured(1), FAILED, S),
        (NONE, measured(1), FAILED, S),
        (measured(1), NONE, measured(2), B),
        (Sample(Status.MISSING), measured(1), measured(2), S),
    ],
)
def test_which_end_a_sample_is_like(
    sample: Sample, good: Sample, bad: Sample, expected: ProbeAnswer
) -> None:
    assert nearer(sample, good, bad) is expected
