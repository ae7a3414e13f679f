"""An explanation of two real commits, of contexts that tests write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

from made_history import series
from made_sources import Row, library, own, side
from tiny_project import empty_history

from unladen.compare.ab.cells import Cell
from unladen.explain.code import Key
from unladen.explain.contexts import RunFunction
from unladen.explain.run import CommitPair, ExplainedFigure, ExplainedPair, pair_of
from unladen.explain.work.explaining import explain_work
from unladen.repo.commits import commit_called
from unladen.repo.repository import Repository

OLD = """\
    def run():
        ask()


    def ask():
        one()


    def was_called():
        first()
        second()
        third()
    """
NEW = """\
    def run():
        ask()


    def ask():
        for _ in range(4):
            one()


    def is_called():
        first()
        second()
        third()
    """


def made_pair(folder: Path, subject: str = "Ask four times") -> CommitPair:
    """Two commits of ``sdk/engine.py``: *ask* is changed, *was_called* becomes *is_called*."""
    history = empty_history(folder / "clone")
    history.commit("first", {"sdk/engine.py": dedent(OLD)}, 1)
    history.commit(subject, {"sdk/engine.py": dedent(NEW)}, 2)
    repository = Repository(str(history.folder), "sdk")
    before, after = (commit_called(repository, name) for name in ("HEAD^", "HEAD"))
    return pair_of(repository, before, after, [])


def made_explanation(
    pair: CommitPair, before: Sequence[Row], after: Sequence[Row], target: str = "sdk"
) -> ExplainedPair:
    """Of one figure, which counts all bytecodes."""
    sides = side(before), side(after)
    matching = pair.matching(["sdk/engine.py"])
    work = explain_work(*sides, matching, (pair.old.line, pair.new.line))
    figure = ExplainedFigure(
        Cell(series("m.C.track_bytecodes", unit="bytecodes"), 0),
        work,
        before=sides[0].value,
        after=sides[1].value,
        sides=sides,
    )
    return ExplainedPair(target, pair, [figure])


def event_loop(name: str) -> RunFunction:
    """A function of asyncio."""
    return RunFunction("asyncio", Key("asyncio/events.py", name))


def harness(name: str) -> RunFunction:
    """A function of what drives and mocks."""
    return RunFunction("harness", Key("benchmarks/core/harness.py", name))


def rows(times: int, called: str = "is_called") -> list[Row]:
    """A run below a harness and a loop that asks so often."""
    return [
        (-1, harness("measure"), 0, 1, {1: 7}),
        (0, event_loop("run_once"), 1, 1, {1: 20}),
        (1, own("run"), 1, 1, {1: 10}),
        (2, own("ask"), 2, 1, {6: 2 * times}),
        (3, event_loop("create_task"), 7, times, {1: 3 * times}),
        (4, event_loop("call_soon"), 1, times, {1: 4 * times}),
        (5, library("dumps"), 1, times, {7: 100 * times}),
        (2, own(called), 2, 1, {12: 50}),
    ]
