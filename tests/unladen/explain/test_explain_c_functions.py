"""C functions that are called more often or less often, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from made_explanation import made_pair
from made_history import series
from made_sources import library, own, side

from unladen.compare.ab.cells import Cell
from unladen.explain.as_json import as_json
from unladen.explain.contexts import Side
from unladen.explain.run import CommitPair, ExplainedFigure, ExplainedPair
from unladen.explain.text import render
from unladen.explain.work.explaining import explain_work

HEAD = "C functions, by how often they are called: what they do is in no bytecode"
MANY = {"list.append": 9, "list.sort": 0, "str.join": 5, "dict.get": 2, "len": 3}
FEW = {"list.append": 2, "list.sort": 4, "str.join": 3, "dict.get": 3, "len": 3}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    return made_pair(tmp_path_factory.mktemp("c"))


def called(by_ask: Mapping[str, int], of_library: int = 1) -> Side:
    """What a side did: *ask* calls C functions, and one of a library that does, too."""
    found = side([(-1, own("ask"), 0, 1, {6: 10}), (0, library("dumps"), 7, 1, {7: of_library})])
    ask, dumps = found.contexts
    written = {"file.write": 1}
    return replace(found, contexts=[replace(ask, c_calls=by_ask), replace(dumps, c_calls=written)])


def explained(pair: CommitPair, before: Side, after: Side) -> ExplainedPair:
    texts = pair.old.line, pair.new.line
    work = explain_work(before, after, pair.matching(["sdk/engine.py"]), texts)
    cell = Cell(series("m.C.track_bytecodes", unit="bytecodes"), 0)
    figure = ExplainedFigure(cell, work, before=before.value, after=after.value)
    return ExplainedPair("sdk", pair, [figure])


def told(found: ExplainedPair, *, everything: bool) -> list[str]:
    """The lines below the head, spaces taken together; none without it."""
    lines = [" ".join(line.split()) for line in render(found, everything=everything).splitlines()]
    return lines[lines.index(HEAD) + 1 :] if HEAD in lines else []


def test_the_biggest_changes_are_told_and_how_many_more_there_are(pair: CommitPair) -> None:
    found = explained(pair, called(FEW), called(MANY, of_library=5))
    assert told(found, everything=False) == [
        "+7 list.append: 2 -> 9 times, by ask (sdk/engine.py)",
        "-4 list.sort: 4 -> 0 times, by ask (sdk/engine.py)",
        "+2 str.join: 3 -> 5 times, by ask (sdk/engine.py)",
        "-1 1 more C functions",
    ]
    assert told(found, everything=True)[3:] == ["-1 dict.get: 3 -> 2 times, by ask (sdk/engine.py)"]
    assert max(map(len, render(found, everything=True).splitlines())) <= 100


def test_all_of_them_in_json(pair: CommitPair) -> None:
    found = as_json(explained(pair, called(FEW), called(MANY)))
    assert found["figures"][0]["work"]["c_functions"] == [
        {"name": "list.append", "calls": [2, 9], "called_by": "ask (sdk/engine.py)"},
        {"name": "list.sort", "calls": [4, 0], "called_by": "ask (sdk/engine.py)"},
        {"name": "str.join", "calls": [3, 5], "called_by": "ask (sdk/engine.py)"},
        {"name": "dict.get", "calls": [3, 2], "called_by": "ask (sdk/engine.py)"},
    ]


def test_nothing_is_said_where_they_are_called_as_often(pair: CommitPair) -> None:
    found = explained(pair, called(MANY), called(MANY, of_library=5))
    assert told(found, everything=True) == []
    assert as_json(found)["figures"][0]["work"]["c_functions"] == []
