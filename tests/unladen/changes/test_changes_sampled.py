"""Suspects: steps in the level of sampled series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made_history import history, ruled, series

from unladen.changes.as_json import as_json
from unladen.changes.by_commit import group_changes
from unladen.changes.load import find_changes
from unladen.changes.model import Change, ChangeKind, Direction, Reading, State
from unladen.changes.sampled import _is_effect, find_sampled_changes
from unladen.changes.summary import summarise
from unladen.changes.text import render, to_explain
from unladen.history.history import History
from unladen.store.series import Status
from unladen.store.verdicts import Ruling, Verdicts

COMMITS = 40
CPU = series("m.C.time_cpu", kind="sampled", unit="seconds", group="cpu")
RATE = series("m.C.rate", kind="sampled", unit="1/s", higher_is_better=True)
WORK = series("m.C.track_work", group="work")


def readings(steps: dict[int, float], seed: int = 1, spread: float = 0.01) -> list[Any]:
    """Seconds that are multiplied by each of ``steps`` from its commit on."""
    values = np.exp(np.random.default_rng(seed).normal(scale=spread, size=COMMITS))
    for at, factor in steps.items():
        values[at:] *= factor
    return [float(value) for value in values]


def suspects(made: History) -> list[Change]:
    return [change for change in find_sampled_changes(made) if change.evidence is not None]


def places(changes: Sequence[Change]) -> list[int]:
    return [int(change.commit.subject.split()[1]) for change in changes]


def test_a_step_is_a_suspect_with_its_levels_and_what_it_rests_on() -> None:
    (found,) = suspects(history((CPU, readings({25: 1.2}))))
    assert found.commit.subject == "commit 25"
    assert (found.kind, found.direction) == (ChangeKind.VALUE, Direction.REGRESSION)
    assert found.state is State.SUSPECTED
    assert found.before.value == pytest.approx(1.0, rel=0.01)
    assert found.ratio == pytest.approx(1.2, rel=0.01)
    assert found.first_suspect == found.last_suspect == found.commit
    assert found.undone_by is None
    assert found.evidence is not None
    assert (found.evidence.readings_before, found.evidence.readings_after) == (25, 15)
    assert found.evidence.spread == pytest.approx(0.01, rel=0.5)
    assert found.evidence.p < 0.001
    assert found.evidence.follows == ""


def test_the_direction_is_the_series_own() -> None:
    made = history((CPU, readings({20: 0.8})), (RATE, readings({20: 0.8}, 2)))
    assert [change.direction for change in suspects(made)] == [
        Direction.IMPROVEMENT,
        Direction.REGRESSION,
    ]


def test_a_step_that_is_taken_back_is_undone() -> None:
    worse, better = suspects(history((CPU, readings({12: 1.2, 26: 1 / 1.2}))))
    assert worse.undone_by is not None
    assert worse.undone_by == better.commit
    assert better.undone_by is None


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        (100.0, 101.0, True),
        (101.0, 100.0, True),
        (100.0, 100.9, False),
        (-100.0, -100.9, False),
        (0.0, 0.001, True),
        (0.0, 0.0, False),
    ],
)
def test_what_is_an_effect(before: float, after: float, counts: bool) -> None:
    """A step and what follows a count, at one commit, may take each other back."""
    (found,) = suspects(history((CPU, readings({25: 1.2}))))
    one, other = (Reading(Status.MEASURED, value) for value in (before, after))
    assert _is_effect(replace(found, before=one, after=other)) is counts


def test_what_is_certain_does_not_hide_suspects_from_the_host() -> None:
    values = readings({25: 1.2})
    values[3] = "failed"
    made = history((CPU, values))
    asked: list[float] = []

    def is_host(name: str, before: Any, after: Any, ratio: float) -> bool:
        asked.append(ratio)
        return False

    assert find_sampled_changes(made, is_host) == find_sampled_changes(made)
    assert asked == [pytest.approx(1.2, rel=0.01)]


def test_commits_that_were_not_measured_are_suspected_as_well() -> None:
    values = readings({20: 1.2})
    values[20] = values[21] = None
    (found,) = suspects(history((CPU, values)))
    assert found.commit.subject == "commit 22"
    assert found.first_suspect.subject == "commit 20"


def test_where_noise_hides_the_place_a_range_is_given() -> None:
    values = readings({20: 1.1}, seed=4, spread=0.06)
    (found,) = suspects(history((CPU, values)))
    assert found.last_suspect is not None
    assert found.first_suspect.hash < found.last_suspect.hash
    assert found.first_suspect.subject <= "commit 20" <= found.last_suspect.subject


def test_a_drift_is_told_as_one_and_is_no_commits() -> None:
    values = [value * 1.01**at for at, value in enumerate(readings({}))]
    made = history((CPU, values))
    (found,) = find_sampled_changes(made)
    assert (found.state, found.direction) == (State.DRIFT, Direction.REGRESSION)
    assert found.ratio == pytest.approx(1.01**39, rel=0.03)
    assert found.first_suspect.subject == "commit 1"
    assert found.commit.subject == found.last_suspect.subject == "commit 39"  # type: ignore[union-attr]
    report = group_changes(made, [found])
    assert summarise(report) == "No commit changed anything noticeably."
    text = render(report, None)
    assert "1 drift, all minor" in text
    assert "1 value drifts without a step: --all tells which." in text
    every = render(report, None, every_cell=True)
    assert f"{made.commits[1].short}..{made.commits[39].short}" in every
    assert as_json(report)["changes"][0]["state"] == "drift"


def test_two_commits_far_off_are_suspects() -> None:
    worse, better = suspects(history((CPU, readings({20: 1.5, 22: 1 / 1.5}))))
    assert places([worse, better]) == [20, 22]
    assert worse.undone_by == better.commit
    assert worse.evidence is not None
    assert worse.evidence.readings_after == 2


def test_what_was_confirmed_between_two_commits_of_its_range_is_confirmed() -> None:
    made = history((CPU, readings({20: 1.1}, seed=4, spread=0.06)))
    (suspect,) = suspects(made)
    assert suspect.last_suspect is not None
    first, last = (made.commits.index(c) for c in (suspect.first_suspect, suspect.last_suspect))
    assert last > first
    (exact,) = ruled(made, suspect, Ruling.CONFIRMED).all.values()

    def state(**other: Any) -> State:
        one = replace(exact, **other)
        (found,) = find_changes(made, Verdicts({one.key: one}))
        return found.state

    hashes = [commit.hash for commit in made.commits]
    within = {"commit": hashes[last], "before": hashes[last - 1], "after": hashes[last]}
    assert state(**within) is State.CONFIRMED
    assert state(**within, ruling=Ruling.CLEARED) is State.SUSPECTED  # another one may be it
    assert state(**within, ratio=0.9) is State.SUSPECTED
    assert state(**within, version="other") is State.SUSPECTED
    assert state(**within, environment="other") is State.SUSPECTED
    assert state(**{**within, "after": hashes[last + 1]}) is State.SUSPECTED
    assert state(**{**within, "before": hashes[first - 2]}) is State.SUSPECTED


def test_noise_and_few_commits_raise_no_suspicion() -> None:
    assert not suspects(history((CPU, readings({}))))
    assert not suspects(history((CPU, readings({3: 2.0})[:7])))


def test_failures_of_sampled_series_are_certain() -> None:
    values = ["n/a", "n/a", *readings({})[2:]]
    values[10] = "failed"
    found = find_sampled_changes(history((CPU, values)))
    assert [(change.kind, change.state) for change in found] == [
        (ChangeKind.APPEARS, State.CERTAIN),
        (ChangeKind.BROKE, State.CERTAIN),
        (ChangeKind.WORKS, State.CERTAIN),
    ]


def test_what_explains_a_change_is_named_and_its_place_is_certain() -> None:
    work = [1000.0] * COMMITS
    for at, factor in ((5, 1.2), (13, 0.9), (21, 1.1), (30, 1.3)):
        work[at:] = [value * factor for value in work[at:]]
    cpu = [a * b for a, b in zip(readings({17: 1.15}), work, strict=True)]
    found = suspects(history((CPU, cpu), (WORK, work)))
    assert places(found) == [5, 13, 17, 21, 30]
    assert all(change.first_suspect == change.commit for change in found)
    assert [change.evidence.follows for change in found if change.evidence] == [
        WORK.name,
        WORK.name,
        "",
        WORK.name,
        WORK.name,
    ]
    assert found[2].ratio == pytest.approx(1.15, rel=0.02)


def test_lower_quartiles_are_looked_at_where_asv_kept_them() -> None:
    values = readings({20: 1.1})
    disturbed = np.array(values) * np.exp(np.abs(np.random.default_rng(3).standard_cauchy(COMMITS)))
    made = history((CPU, disturbed.tolist()))
    assert not suspects(made)
    (cpu,) = made.series
    quartiles = np.array(values)[:, None]
    made = replace(made, series=[replace(cpu, stats={"q_25": quartiles})])
    assert places(suspects(made)) == [20]
    quartiles[7] = np.nan  # one is missing: no mixture of both
    assert not suspects(made)


def test_readings_of_zero_and_below_do_no_harm() -> None:
    values = [value - 1 for value in readings({})]
    values[20:] = [value + 30 for value in values[20:]]
    (found,) = suspects(history((CPU, values)))
    assert found.commit.subject == "commit 20"
    (found,) = suspects(history((CPU, [0.0] * 20 + [5.0] * 20)))
    assert (found.before.value, found.after.value, found.ratio) == (0, 5, None)


def test_a_step_of_the_host_is_not_the_commits() -> None:
    asked: list[tuple[str, int, int, float]] = []

    def host(name: str, before: Sequence[int], after: Sequence[int], ratio: float) -> bool:
        asked.append((name, len(before), len(after), ratio))
        assert (before[-1], after[0]) == (24, 25)
        return True

    made = history((CPU, readings({25: 1.2})))
    (found,) = find_sampled_changes(made, host)
    assert found.state is State.HOST
    assert [asked[0][:3]] == [(CPU.name, 25, 15)]
    text = render(group_changes(made, [found]), None)
    assert "1 host, all minor" in text
    assert "Regressions" not in summarise(group_changes(made, [found]))


@pytest.mark.parametrize(
    ("ruling", "state", "shown"),
    [
        (Ruling.CONFIRMED, State.CONFIRMED, "WORSE"),
        (Ruling.CLEARED, State.CLEARED, "cleared"),
        (Ruling.UNDECIDED, State.SUSPECTED, "suspected"),
    ],
)
def test_what_measuring_again_said_is_shown(ruling: Ruling, state: State, shown: str) -> None:
    made = history((CPU, readings({25: 1.2})))
    (suspect,) = suspects(made)
    (found,) = find_changes(made, ruled(made, suspect, ruling))
    assert found.state is state
    assert shown in render(group_changes(made, [found]), None)
    assert as_json(group_changes(made, [found]))["changes"][0]["state"] == state.value


def test_suspects_come_after_what_is_certain_and_are_marked() -> None:
    made = history((CPU, readings({25: 1.5})), (WORK, [100] * 25 + [110] * 15))
    report = group_changes(made, find_changes(made, Verdicts()))
    (commit,) = report.commits
    assert [item.biggest.state for item in commit.items] == [State.CERTAIN, State.SUSPECTED]
    text = render(report, None)
    assert "+50 % ±" in text
    assert "suspected" in text
    assert text.endswith(
        "unladen confirm measures suspects again. "
        f"unladen explain {commit.commit.short} says which lines did it."
    )


def test_what_is_suspected_is_not_to_be_explained() -> None:
    made = history((CPU, readings({25: 1.5})), (WORK, [100] * 40))
    report = group_changes(made, find_changes(made, Verdicts()))
    assert report.commits
    assert "unladen explain" not in render(report, None)


def test_what_matters_most_is_to_be_explained_first() -> None:
    made = history((WORK, [1000] * 10 + [1200] * 10 + [900] * 15 + [901] * 5))
    report = group_changes(made, find_changes(made, Verdicts()))
    assert [one.commit.subject for one in report.commits] == ["commit 35", "commit 20", "commit 10"]
    assert to_explain(report) == made.commits[10].short


def test_the_summary_shows_what_only_sampled_series_show() -> None:
    made = history((CPU, readings({25: 1.5})), (WORK, [100] * 10 + [110] * 30))
    text = summarise(group_changes(made, find_changes(made, Verdicts())))
    head, suspected = text.split("Suspected by sampled series only: 1 commit")
    assert "commit 10" in head
    assert "commit 25" in suspected
    assert "+50 %" in suspected


def test_the_json_says_what_a_suspicion_rests_on() -> None:
    made = history((CPU, readings({25: 1.2})))
    (found,) = as_json(group_changes(made, suspects(made)))["changes"]
    assert found["state"] == "suspected"
    assert found["last_suspect"] == found["commit"]
    assert set(found["evidence"]) == {
        "spread",
        "readings_before",
        "readings_after",
        "p",
        "follows",
    }
