"""Paired ratios: their intervals, and that two commits really are measured side by side."""

from __future__ import annotations

import math
import random

import measured_history
import pytest
from measure_cpu import compare, main, resolve
from measured_history import Subject
from paired import paired_ratio
from toy_history import CRASHING, START

from unladen.errors import UserError


def test_equal_quantities_have_the_ratio_one() -> None:
    assert str(paired_ratio([2.0] * 6, [2.0] * 6)) == "1.0000 [1.0000, 1.0000]"


def test_noise_that_both_share_cancels_out() -> None:
    noise = random.Random(1)
    old = [noise.uniform(1, 9) for _ in range(10)]
    found = paired_ratio(old, [1.2 * value for value in old])
    assert found.low == pytest.approx(1.2)
    assert found.high == pytest.approx(1.2)


def test_too_few_rounds_say_nothing() -> None:
    found = paired_ratio([1.0] * 5, [1.5] * 5)
    assert (found.median, found.low, found.high) == (1.5, 0.0, math.inf)


def test_the_interval_holds_the_true_ratio_as_often_as_it_says() -> None:
    noise = random.Random(2)

    def holds() -> bool:
        old = [noise.lognormvariate(0, 0.1) for _ in range(20)]
        new = [1.05 * noise.lognormvariate(0, 0.1) for _ in range(20)]
        found = paired_ratio(old, new)
        return found.low <= 1.05 <= found.high

    assert 0.94 < sum(holds() for _ in range(1000)) / 1000 < 1


@pytest.mark.slow
def test_two_commits_are_measured_in_rounds(toy: Subject) -> None:
    by_subject = {commit.subject: commit.hash for commit in toy.commits}
    rounds = compare(toy, [by_subject[START], by_subject[CRASHING]], "plan", rounds=2, runs=3)
    assert [len(commit.minima) for commit in rounds] == [2, 2]
    for commit in rounds:
        for minimum, median in zip(commit.minima, commit.medians, strict=True):
            assert 0 < minimum <= median


@pytest.mark.slow
def test_a_negotiation_that_fails_is_an_error(toy: Subject) -> None:
    crashing = next(commit.hash for commit in toy.commits if commit.subject == CRASHING)
    with pytest.raises(UserError, match="no discovery"):
        compare(toy, [crashing, crashing], "discovery", rounds=1, runs=1)


def test_commits_have_any_name_that_git_knows(toy: Subject) -> None:
    assert resolve(toy, "HEAD~1") == toy.commits[-2].hash
    with pytest.raises(UserError, match="no such commit, branch or tag: nothing"):
        resolve(toy, "nothing")


@pytest.mark.slow
def test_the_command_prints_ratios(
    toy: Subject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measured_history, "parley", lambda: toy)
    assert main(["HEAD~1", "HEAD", "--rounds", "1", "--runs", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == [
        toy.commits[-2].short,
        toy.commits[-1].short,
        "ratio of minima",
        "ratio of medians",
    ]
    assert main(["HEAD", "nothing"]) == 2
    assert capsys.readouterr().err == "no such commit, branch or tag: nothing\n"
