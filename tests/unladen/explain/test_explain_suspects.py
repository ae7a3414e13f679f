"""Of commits that end otherwise and part in data only, the changed functions that ran are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from made_history import series
from made_pairs import made_pair
from made_sources import FILE, Row, own, side

from unladen.asv_bridge.environments import Ended
from unladen.compare.ab.cells import Cell
from unladen.explain.as_json import as_json
from unladen.explain.code import Key
from unladen.explain.contexts import Side, TraceStep
from unladen.explain.foremost import foremost
from unladen.explain.matching import Matching
from unladen.explain.outcomes import explain_outcomes
from unladen.explain.run import CommitPair, ExplainedFigure, ExplainedPair, explain_cell
from unladen.explain.sides import Sides
from unladen.explain.suspects import find_suspects
from unladen.explain.text import figure_head, render

RUN, WRITE, READ = 0, 1, 2
BEFORE: list[Row] = [
    (-1, own("run"), 0, 1, {1: 4}),
    (0, own("write"), 2, 2, {11: 6}),
    (0, own("read"), 3, 1, {21: 5}),
]
STEPS = [(RUN, 1), (WRITE, 11), (RUN, 3), (READ, 21)]


def did(rows: list[Row] = BEFORE, steps: Sequence[tuple[int, int]] = STEPS) -> Side:
    return replace(side(rows), steps=[TraceStep(*one) for one in steps])


def suspects(
    before: Side,
    after: Side,
    *changed: str,
    until: tuple[int, int] | None = None,
    rewritten: tuple[int, ...] = (),
) -> list[tuple[str, bool, int]]:
    matching = Matching(why={Key(FILE, name): "changed" for name in changed})
    texts = (
        lambda _, line: f"line {line}",
        lambda _, line: f"line {line}{' anew' if line in rewritten else ''}",
    )
    found = find_suspects((before, after), matching, texts, until)
    return [(one.key.name, one.is_otherwise, one.line) for one in found]


def test_a_changed_function_that_never_ran_is_none() -> None:
    assert suspects(did(), did(), "other") == []


def test_what_runs_after_the_two_part_has_not_parted_them() -> None:
    assert [one for one, *_ in suspects(did(), did(), "write", "read")] == ["write", "read"]
    assert [one for one, *_ in suspects(did(), did(), "write", "read", until=(3, 3))] == ["write"]


def test_without_a_trace_all_that_ran_may_have() -> None:
    before, after = did(steps=()), did(steps=())
    assert [one for one, *_ in suspects(before, after, "write", "read")] == ["read", "write"]


def test_a_call_that_does_otherwise_comes_before_a_line_that_reads_otherwise() -> None:
    more = [*BEFORE[:2], (0, own("read"), 3, 1, {21: 8})]
    found = suspects(did(), did(more), "run", "write", "read", rewritten=(11,))
    assert found == [("read", True, 0), ("write", False, 11), ("run", False, 0)]


def test_who_calls_another_does_otherwise() -> None:
    calls = [*BEFORE[:2], (WRITE, own("read"), 11, 1, {21: 5})]
    found = suspects(did(), did(calls), "run", "write", "read")
    assert found == [("run", True, 0), ("write", True, 0), ("read", False, 0)]


def test_to_be_called_more_often_is_not_to_do_otherwise() -> None:
    twice = [BEFORE[0], (0, own("write"), 2, 4, {11: 12}), BEFORE[2]]
    assert suspects(did(), did(twice), "write") == [("write", False, 0)]


def test_one_of_whom_more_is_said_is_no_suspect_besides() -> None:
    matching = Matching(why={Key(FILE, name): "changed" for name in ("run", "write")})
    texts = (lambda _, line: f"line {line}",) * 2
    after = did(steps=[*STEPS[:3], (RUN, 4)])
    found = explain_outcomes(did(), after, matching, texts)
    assert found.causes == [Key(FILE, "run")]
    assert found.suspected == [Key(FILE, "write")]


SOURCE = """\
def run():
    write()
    read()


def write():
    execute({statement!r})


def read():
    return rows()
"""
ROWS: list[Row] = [
    (-1, own("run"), 0, 1, {2: 2, 3: 2}),
    (0, own("write"), 2, 1, {7: 6}),
    (0, own("read"), 3, 1, {11: 5}),
]
IN_ORDER = [(RUN, 2), (WRITE, 7), (RUN, 3), (READ, 11)]
CELL = Cell(series("cap.m.C.track_work", unit="bytecodes"), 0)


class EndsOtherwise(Sides):
    """In place of processes: two commits that do as much, of which the second loses what it had."""

    def __init__(self, wrong: tuple[str, str], more: int = 0) -> None:
        super().__init__(NoProcesses())
        self.asked_in_order = 0
        self._wrong = wrong
        self._more = more

    def did(self, side: int, cell: Cell, is_whole: bool) -> Side | str:
        rows = [*ROWS[:2], (0, own("read"), 3, 1, {11: 5 + side * self._more})]
        return replace(did(rows, ()), wrong=self._wrong[side])

    def in_order(self, side: int, cell: Cell) -> Side | str:
        self.asked_in_order += 1
        return replace(did(ROWS, IN_ORDER[: 4 - side]), wrong=self._wrong[side])


class NoProcesses:
    def ended(self, side: int, arguments: Sequence[str]) -> Ended:
        raise AssertionError(arguments)


@pytest.fixture
def pair(tmp_path: Path) -> CommitPair:
    sources = ({FILE: SOURCE.format(statement=f"{verb} ...")} for verb in ("UPDATE", "REPLACE"))
    return made_pair(tmp_path, *sources)


def explained(sides: Sides, pair: CommitPair) -> ExplainedFigure:
    return explain_cell(sides, (0, 1), pair, CELL)


def test_a_figure_that_is_the_same_and_now_wrong_is_put_down_to_who_ran(pair: CommitPair) -> None:
    figure = explained(EndsOtherwise(("", "3 notes are gone")), pair)
    assert figure.before == figure.after
    assert figure.causes == [Key(FILE, "write")]
    (one,) = foremost(figure)
    assert (one.key.name, one.change, one.line) == ("write", "does as much", 7)
    assert as_json(ExplainedPair("sdk", pair, [figure]))["figures"][0]["outcomes"]["suspects"] == [
        {
            "file": FILE,
            "function": "write",
            "why": "changed",
            "does_otherwise": False,
            "line": 7,
            "text": "execute('REPLACE ...')",
        }
    ]


def test_the_text_says_both_outcomes_and_whose_line_it_may_be(pair: CommitPair) -> None:
    figure = explained(EndsOtherwise(("3 notes are gone", "")), pair)
    lines = [" ".join(one.split()) for one in render_of(figure, pair)]
    assert lines == [
        figure_head(figure),
        "what came of it before wrong, 3 notes are gone",
        "what came of it now right",
        "the traces part after 3 lines of the SDK's own code (* the commit touches it)",
        "last run:3: read()",
        "before read:11: return rows()",
        "now the end",
        "what may have parted them: changed functions that ran before that",
        "1 write sdk/engine.py:6 @@ -7,1 +7,1 (changed; does as much)",
        "*7: execute('REPLACE ...')",
        "every function does as much as before",
    ]


def test_of_a_figure_that_differs_too_both_outcomes_are_said(pair: CommitPair) -> None:
    sides = EndsOtherwise(("", "3 notes are gone"), more=2)
    figure = explained(sides, pair)
    assert (figure.outcomes, sides.asked_in_order) == (None, 0)
    said = [" ".join(one.split()) for one in render_of(figure, pair)]
    assert said[1:3] == [
        "what came of it before right",
        "what came of it now wrong, 3 notes are gone",
    ]


def render_of(figure: ExplainedFigure, pair: CommitPair) -> list[str]:
    return render(ExplainedPair("sdk", pair, [figure])).split("\n")[2:]


@pytest.mark.parametrize("wrong", [("", ""), ("2 are gone", "3 are gone")])
def test_of_what_ends_alike_no_order_is_asked_for(pair: CommitPair, wrong: tuple[str, str]) -> None:
    sides = EndsOtherwise(wrong)
    figure = explained(sides, pair)
    assert (figure.outcomes, figure.causes, sides.asked_in_order) == (None, [], 0)
