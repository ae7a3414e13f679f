"""Between releases, a difference is told by where it leads into code that did not run before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from made_sources import FILE, Row, library, own, side

from unladen.explain.code import Key
from unladen.explain.entries_json import entries_json
from unladen.explain.entries_text import entries_lines
from unladen.explain.matching import Matching
from unladen.explain.work.entries import Entries, find_entries, share_saved
from unladen.explain.work.explaining import WIDE, explain_work


def found(before: list[Row], after: list[Row], *new: str, **renamed: str) -> Entries:
    matching = Matching(is_new={Key(FILE, name) for name in new})
    matching.new_keys = {Key(FILE, was): Key(FILE, now) for was, now in renamed.items()}
    return find_entries(side(before), side(after), matching, own_only=False)


def edges(entries: Entries) -> list[tuple[str, str, str, int]]:
    return [
        (one.caller.key.name if one.caller else "", one.callee.key.name, one.why, one.change)
        for one in entries.entries
    ]


def test_all_below_new_code_belongs_to_the_call_that_leads_there() -> None:
    before: list[Row] = [(-1, own("run"), 0, 1, {1: 10})]
    after: list[Row] = [
        (-1, own("run"), 0, 1, {1: 12}),
        (0, own("trace"), 1, 4, {2: 40}),
        (1, library("dumps"), 2, 4, {7: 400}),
    ]
    told = found(before, after, "trace")
    assert edges(told) == [("run", "trace", "new", 440)]
    (entry,) = told.entries
    assert (entry.calls, entry.saved_by_one_call) == ((0, 4), 330)
    assert share_saved(entry.saved_by_one_call, told.change) == 330 / 442
    assert share_saved(entry.amounts[1], told.change) == 440 / 442
    assert share_saved(entry.saved_by_one_call, -1) is None
    assert [(one.name, one.change) for one in told.stayed] == [("run (sdk/engine.py)", 2)]
    assert told.change == 442


def test_what_ran_before_and_is_called_as_often_is_not_the_entrys() -> None:
    before: list[Row] = [(-1, own("run"), 0, 1, {1: 10}), (0, own("ask"), 1, 3, {5: 300})]
    after: list[Row] = [
        (-1, own("run"), 0, 1, {1: 10}),
        (0, own("runner"), 1, 1, {2: 7}),
        (1, own("ask"), 2, 3, {5: 330}),
    ]
    told = found(before, after, "runner")
    assert edges(told) == [("run", "runner", "new", 7)]
    assert [(one.name, one.change) for one in told.stayed] == [("ask (sdk/engine.py)", 30)]


def test_what_ran_before_and_is_called_more_often_is_the_entrys() -> None:
    before: list[Row] = [(-1, own("run"), 0, 1, {1: 10}), (0, own("ask"), 1, 1, {5: 100})]
    after: list[Row] = [
        (-1, own("run"), 0, 1, {1: 10}),
        (0, own("ask"), 1, 1, {5: 100}),
        (0, own("retry"), 1, 1, {2: 7}),
        (2, own("ask"), 2, 2, {5: 200}),
    ]
    assert edges(found(before, after, "retry")) == [("run", "retry", "new", 207)]


def test_what_is_gone_and_what_was_renamed() -> None:
    before: list[Row] = [(-1, own("was"), 0, 1, {1: 10}), (0, own("text"), 1, 5, {5: 100})]
    after: list[Row] = [(-1, own("now"), 0, 1, {1: 10})]
    told = found(before, after, was="now")
    assert edges(told) == [("now", "text", "no more called", -100)]
    assert told.entries[0].saved_by_one_call is None
    assert told.stayed == []


def test_as_text_and_json() -> None:
    before: list[Row] = [(-1, own("run"), 0, 1, {1: 10})]
    after: list[Row] = [(-1, own("run"), 0, 1, {1: 10}), (0, own("trace"), 1, 4, {2: 40})]
    told = found(before, after, "trace")
    lines = entries_lines(told, everything=False)
    assert any("1 run -> trace (sdk/engine.py)  (new, 0 -> 4 times)" in line for line in lines)
    said = "what if called once: 75.0% would go; cached: at most that; removed: 100.0%"
    assert lines[2].strip() == said
    assert max(map(len, lines)) <= 100
    (entry,) = entries_json(told)["entries"]
    assert entry["callee"]["function"] == "trace"
    assert (entry["before"], entry["after"], entry["saved_by_one_call"]) == (0, 40, 30)


def test_nothing_is_saved_by_calling_once_what_is_called_once() -> None:
    before: list[Row] = [(-1, own("run"), 0, 1, {1: 10})]
    after: list[Row] = [(-1, own("run"), 0, 1, {1: 10}), (0, own("trace"), 1, 1, {2: 40})]
    lines = entries_lines(found(before, after, "trace"), everything=False)
    assert not any("what if" in line for line in lines)


def test_only_of_very_many_changed_functions() -> None:
    rows: list[Row] = [(-1, own("run"), 0, 1, {1: 10})]
    for number in (WIDE - 1, WIDE):
        matching = Matching(why={Key(FILE, f"f{n}"): "changed" for n in range(number)})
        work = explain_work(side(rows), side(rows), matching, (str.format, str.format))
        assert (work.entries is not None) == (number == WIDE)


@st.composite
def trees(draw: st.DrawFn) -> list[Row]:
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 12))):
        name = draw(st.sampled_from("abcd"))
        function = draw(st.sampled_from([own(name), library(name)]))
        caller = draw(st.integers(-1, number - 1))
        rows.append((caller, function, 1, draw(st.integers(0, 3)), {1: draw(st.integers(0, 9))}))
    return rows


@given(trees(), trees())
def test_they_add_up_to_the_whole(before: list[Row], after: list[Row]) -> None:
    told = found(before, after)
    assert told.change == side(after).bytecodes - side(before).bytecodes
