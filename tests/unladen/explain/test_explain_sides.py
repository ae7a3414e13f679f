"""What commits did: each is asked once for all that is explained of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

import pytest
from made_history import series

from unladen.asv_bridge.environments import Ended
from unladen.compare.ab.cells import Cell
from unladen.compare.ab.interleaved import InterleavedRunner
from unladen.errors import UserError
from unladen.explain.contexts import Side
from unladen.explain.sides import Sides, counts_itself

WORK = Cell(series("cap.m.C.track_work", unit="bytecodes"), 0)
KEPT = Cell(series("cap.m.C.track_kept", unit="bytes", group="memory", explain="retained"), 0)
OUTCOME = Cell(series("cap.m.C.track_end", unit="outcome", group="outcome", explain="outcomes"), 0)
CPU = Cell(series("cap.m.C.time_cpu", kind="sampled", unit="seconds"), 0)


def printed(value: float) -> str:
    return json.dumps({"value": value, "wrong": "", "functions": [], "contexts": [], "waits": []})


class Runner:
    """In place of processes. ``ends``: how the command for several figures does."""

    def __init__(self, ends: Ended) -> None:
        self.asked: list[Sequence[str]] = []
        self._ends = ends

    def ended(self, side: int, arguments: Sequence[str]) -> Ended:
        self.asked.append(arguments)
        return self._ends if "benchmarks.attribute_many" in arguments else Ended(printed(9), "", 0)


def sides_of(ends: Ended) -> tuple[Sides, Runner]:
    runner = Runner(ends)
    return Sides(cast(InterleavedRunner, runner)), runner


def value(side: Side | str) -> float | str | None:
    return side if isinstance(side, str) else side.value


def test_all_that_is_explained_of_a_commit_is_asked_for_at_once() -> None:
    failed = json.dumps({"failed": "Traceback (most recent call last):\n  x\nKeyError: 'no'"})
    lines = [printed(1), printed(2), printed(3), printed(4), failed]
    sides, runner = sides_of(Ended("\n".join(lines), "", 0))
    sides.prepare(0, [WORK, KEPT, OUTCOME, CPU])
    (arguments,) = runner.asked
    assert json.loads(arguments[-1]) == [
        ["cap.m.C.track_work", 0, ""],
        ["cap.m.C.track_kept", 0, "whole"],
        ["cap.m.C.track_kept", 0, "sites"],
        ["cap.m.C.track_kept", 0, "holders"],
        ["cap.m.C.track_end", 0, "trace"],
    ]
    assert value(sides.did(0, WORK, is_whole=False)) == 1
    assert value(sides.did(0, KEPT, is_whole=True)) == 2
    assert value(sides.retains(0, KEPT)) == 3
    assert value(sides.holds(0, KEPT)) == 4
    assert value(sides.did(0, OUTCOME, is_whole=True)) == "KeyError: 'no'"
    assert len(runner.asked) == 1
    sides.prepare(0, [WORK, KEPT])
    assert len(runner.asked) == 1


def test_what_could_not_be_asked_for_at_once_is_asked_for_alone() -> None:
    sides, runner = sides_of(Ended("", "Killed", -9))
    sides.prepare(0, [WORK, KEPT])
    assert value(sides.did(0, WORK, is_whole=False)) == 9
    assert runner.asked[-1] == ["-m", "benchmarks.attribute", "cap.m.C.track_work", "0"]


def test_what_is_forgotten_is_asked_for_again() -> None:
    sides, runner = sides_of(Ended("", "", 1))
    for side in (0, 1, 0, 1):
        sides.did(side, WORK, is_whole=False)
    assert len(runner.asked) == 2
    sides.forget(0)
    for side in (0, 1):
        sides.did(side, WORK, is_whole=False)
    assert len(runner.asked) == 3


def test_a_suite_that_cannot_say_whose_work_it_is() -> None:
    sides, _ = sides_of(Ended("", "No module named benchmarks.attribute_many", 1))
    with pytest.raises(UserError, match="the suite cannot say whose work"):
        sides.prepare(0, [WORK, KEPT])


def test_the_work_of_a_benchmark_is_asked_for_with_the_rest_where_a_figure_shows_none() -> None:
    sides, runner = sides_of(Ended("\n".join([printed(1), printed(2)]), "", 0))
    sides.prepare(0, [WORK, OUTCOME])
    assert value(sides.did(0, WORK, is_whole=True)) == 9
    assert runner.asked[-1][-1] == "--whole"
    runner.asked.clear()
    other = Cell(series("cap.m.C.track_more", unit="bytecodes"), 0)
    sides.prepare(1, [WORK, other])
    first, second = (json.loads(arguments[2]) for arguments in runner.asked)
    assert [how for _, _, how in first] == ["", ""]
    assert [how for _, _, how in second] == ["whole", "whole"]


def test_several_processes_at_a_time() -> None:
    runner = Runner(Ended("", "", 1))
    Sides(cast(InterleavedRunner, runner), jobs=3).prepare(0, [WORK, OUTCOME])
    assert runner.asked[0][-1] == "3"


def test_a_figure_of_function_calls_is_asked_for_these() -> None:
    sides, runner = sides_of(Ended("", "", 1))
    calls = Cell(series("cap.m.C.track_calls", unit="calls", group="work"), 0)
    counted = Cell(series("cap.m.C.track_n", unit="calls", group="calls", explain="counted"), 0)
    assert [counts_itself(cell) for cell in (WORK, calls, counted, KEPT)] == [
        True,
        True,
        False,
        False,
    ]
    sides.did(0, calls, is_whole=False)
    sides.did(0, calls, is_whole=True)
    assert [asked[-1] for asked in runner.asked] == ["--calls", "--whole"]
