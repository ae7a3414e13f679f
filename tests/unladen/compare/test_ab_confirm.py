"""Confirming suspects on made-up sides."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from made_history import commits, history
from made_sides import MadeSides, sampled
from terminals import Terminal, unstyled

from unladen.changes.by_commit import group_changes
from unladen.changes.model import Change, ChangeKind, Direction, State
from unladen.compare.ab import confirm
from unladen.compare.ab.cells import Cell
from unladen.compare.ab.confirm import Suspect, by_pair, confirm_pair, pending, suspects_of
from unladen.compare.ab.confirm_text import as_json, render, show
from unladen.store.readings import Reading
from unladen.store.series import Status
from unladen.store.verdicts import Ruling, Verdict
from unladen.text.screen import Screen

SERIES = sampled(values=2)
LINE = commits(4)


def suspect(ratio: float = 1.2, cell: int = 0, after: int = 2) -> Suspect:
    return Suspect(Cell(SERIES, cell), LINE[after], LINE[after - 1], LINE[after], ratio)


def measure(
    monkeypatch: pytest.MonkeyPatch, runner: MadeSides, *group: Suspect, seconds: float = 1e6
) -> list[Verdict]:
    class Made(MadeSides):
        def __enter__(self) -> MadeSides:
            return runner

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(confirm, "InterleavedRunner", lambda setup, hashes: Made())
    setup: Any = SimpleNamespace(
        series={SERIES.name: SERIES},
        environment=SimpleNamespace(interpreter=SimpleNamespace(version="3.11.7")),
    )
    return confirm_pair(setup, group, "env", seconds, lambda text: None)


@pytest.mark.parametrize(
    ("truth", "suspected", "ruling"),
    [
        (1.2, 1.2, Ruling.CONFIRMED),
        (1.08, 1.2, Ruling.CONFIRMED),
        (0.85, 0.9, Ruling.CONFIRMED),
        (1.0, 1.2, Ruling.CLEARED),
        (1.2, 0.8, Ruling.CLEARED),
        (1.0, 0.95, Ruling.CLEARED),
    ],
)
def test_a_suspect_is_decided(
    monkeypatch: pytest.MonkeyPatch, truth: float, suspected: float, ruling: Ruling
) -> None:
    (found,) = measure(monkeypatch, MadeSides(truth), suspect(suspected))
    assert found.ruling is ruling
    assert found.ratio == pytest.approx(truth, rel=0.05)
    assert (found.before, found.after) == (LINE[1].hash, LINE[2].hash)
    assert found.figure_after / found.figure_before == pytest.approx(truth, rel=0.06)


def test_cells_of_a_pair_are_measured_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = MadeSides(1.2)
    found = measure(monkeypatch, runner, suspect(), suspect(cell=1))
    assert len(found) == 2
    assert runner.rounds[0] == 2


def test_without_time_it_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    assert measure(monkeypatch, MadeSides(1.2), suspect(), seconds=0) == []


def test_a_series_that_means_something_else_now_is_not_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = replace(suspect(), cell=Cell(replace(SERIES, version="2"), 0))
    assert measure(monkeypatch, MadeSides(1.2), other) == []


def test_only_what_is_open_is_measured_again() -> None:
    everything = [replace(suspect(), is_decided=True), suspect(cell=1), suspect(after=3)]
    assert pending(everything, again=False) == everything[1:]
    assert pending(everything, again=True) == everything


def test_pairs_with_the_biggest_suspect_come_first() -> None:
    small, big, also = suspect(1.1, after=1), suspect(0.5, after=3), suspect(1.1, 1, after=3)
    explained = replace(suspect(0.1, after=2), is_explained=True)
    assert by_pair([explained, small, big, also]) == [[big, also], [small], [explained]]


def test_suspects_lie_between_measured_neighbours() -> None:
    past = history((SERIES, [[1, 1], [1, 1], [None, None], [1.2, 1], [1.2, 1]]))
    change = Change(
        series=SERIES,
        cell=SERIES.cells[0],
        kind=ChangeKind.VALUE,
        direction=Direction.REGRESSION,
        state=State.SUSPECTED,
        before=Reading(Status.MEASURED, 1.0),
        after=Reading(Status.MEASURED, 1.2),
        commit=past.commits[3],
        first_suspect=past.commits[2],
        last_suspect=past.commits[4],
    )
    certain = replace(change, state=State.CERTAIN, cell=SERIES.cells[1])
    (found,) = suspects_of(group_changes(past, [change, certain], None))
    assert (found.before, found.commit) == (past.commits[1], past.commits[3])
    assert found.after == past.commits[4]
    assert found.ratio == pytest.approx(1.2)
    assert not found.is_decided
    for state in (State.CONFIRMED, State.CLEARED):
        ruled = replace(change, state=state)
        assert suspects_of(group_changes(past, [ruled], None)) == [replace(found, is_decided=True)]
    drift = replace(change, state=State.DRIFT)
    assert suspects_of(group_changes(past, [drift], None)) == []


def test_the_text_names_each_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [suspect(), suspect(cell=1)]
    found = measure(monkeypatch, MadeSides(1.2), *asked)
    text = render(asked, asked, found)
    assert "confirmed  00000002  m.C.time_x(0)" in text
    assert "2 suspects, 2 of them open: 2 confirmed, 0 cleared, 0 undecided." in text
    data = as_json("sdk", asked, found, ["one line"])
    assert data["verdicts"][0]["ruling"] == "confirmed"
    assert data["remarks"] == ["one line"]
    assert render([], [], []) == "No suspected changes."


LONG = replace(SERIES, name="module.Class.time_" + "x" * 120)


def test_a_pipe_gets_whole_lines_and_a_terminal_is_not_overrun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = [suspect()]
    found = measure(monkeypatch, MadeSides(1.2), *asked)
    long = [replace(one, series=LONG.name) for one in found]
    of_long = [replace(asked[0], cell=Cell(LONG, 0))]
    whole = render(of_long, of_long, long)
    assert "x" * 120 + "(0)" in whole
    for columns in (40, 100, 160):
        monkeypatch.setenv("COLUMNS", str(columns))
        stream = Terminal()
        show(of_long, of_long, long, Screen(stream, is_whole=True))
        lines = unstyled(stream.getvalue()).splitlines()
        assert max(map(len, lines)) <= columns
        assert "".join(lines).count("x") >= 120
        assert f"p {found[0].p:.2g})" in " ".join(" ".join(lines).split())
