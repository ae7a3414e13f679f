"""A difference of work is put down to its cause, and the parts add up to it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from made_sources import FILE, Row, library, own, side

from unladen.explain.code import Key
from unladen.explain.contexts import Side
from unladen.explain.matching import Matching
from unladen.explain.work.explained import Cause, ExplainedWork
from unladen.explain.work.explaining import explain_work

TEXTS = {10: "first()", 20: "second()", 30: "for one in all:"}


def text(file: str, line: int) -> str:
    return TEXTS.get(line, f"line {line}")


def explained(before: list[Row], after: list[Row], *changed: str, **why: str) -> ExplainedWork:
    matching = Matching(why={Key(FILE, name): "changed" for name in changed})
    matching.why.update({Key(FILE, name): reason for name, reason in why.items()})
    matching.is_new = {Key(FILE, name) for name, reason in why.items() if reason == "new"}
    return explain_work(side(before), side(after), matching, (text, text))


def causes(work: ExplainedWork) -> dict[str, int]:
    return {one.key.name: one.change for one in work.causes}


def test_it_is_the_nearest_changed_function_not_the_one_that_executes() -> None:
    def rows(times: int) -> list[Row]:
        return [
            (-1, own("run"), 0, 1, {1: 5}),
            (0, own("ask"), 10, 1, {30: 2 * times}),
            (1, library("dumps"), 30, times, {7: 100 * times}),
            (2, library("iterate"), 7, times, {8: 10 * times}),
        ]

    work = explained(rows(1), rows(4), "ask")
    (cause,) = work.causes
    assert (cause.key.name, cause.change) == ("ask", 3 * 112)
    into, line = cause.parts
    assert (into.place.into, into.place.text) == ("dumps (lib.py)", "for one in all:")
    assert (into.change, into.calls) == (330, (1, 4))
    assert (line.place.into, line.change, line.line) == ("", 6, 30)
    assert work.left_over == 0
    executed = {one.function.key.name: one for one in work.executed}
    assert executed["dumps"].change == executed["dumps"].by_calls == 300
    assert executed["dumps"].called_by == "ask (sdk/engine.py)"


ASKS_ITSELF: list[Row] = [
    (-1, own("run"), 0, 1, {1: 5}),
    (0, own("answer"), 10, 2, {30: 8}),
    (1, library("post"), 30, 2, {7: 200}),
]


def has_it_asked(times: int) -> list[Row]:
    return [
        (-1, own("run"), 0, 1, {1: 5}),
        (0, own("answer"), 10, 2, {31: 6}),
        (1, own("answer_once"), 31, times, {40: 4 * times}),
        (2, library("post"), 40, times, {7: 100 * times}),
    ]


def test_a_function_that_is_extracted_does_what_was_done_before() -> None:
    work = explained(ASKS_ITSELF, has_it_asked(2), "answer", answer_once="new")
    assert (work.change, work.left_over) == (6, 0)
    assert causes(work) == {"answer_once": 8, "answer": -2}


def test_who_has_an_extracted_function_do_more_often_what_it_did_itself_is_to_blame() -> None:
    work = explained(ASKS_ITSELF, has_it_asked(10), "answer", answer_once="new")
    assert work.left_over == 0
    assert causes(work) == {"answer": 8 * 104 - 2, "answer_once": 8}
    (more, *_) = work.causes[0].parts
    assert (more.place.into, more.calls) == ("answer_once (sdk/engine.py)", (0, 10))


def test_a_new_function_that_does_what_is_still_done_besides_is_not_extracted() -> None:
    besides: Row = (1, library("post"), 30, 2, {7: 200})
    after = [*has_it_asked(10), besides]
    assert causes(explained(ASKS_ITSELF, after, "answer", answer_once="new")) == {
        "answer_once": 10 * 104,
        "answer": -2,
    }


def test_who_is_merely_called_more_often_passes_it_on() -> None:
    def rows(times: int, cost: int) -> list[Row]:
        return [
            (-1, own("plan"), 0, 1, {30: times}),
            (0, own("check"), 30, times, {2: cost * times}),
        ]

    work = explained(rows(2, 10), rows(6, 11), "plan", "check")
    assert causes(work) == {"plan": 4 + 40, "check": 6}
    plan = work.causes[0]
    assert [part.place.is_more_calls for part in plan.parts] == [True, False]
    assert plan.parts[0].calls == (2, 6)


def test_it_is_passed_on_to_the_first_who_calls_more_often() -> None:
    def rows(times: int) -> list[Row]:
        return [
            (-1, own("plan"), 0, 1, {30: times}),
            (0, own("check"), 30, times, {2: 3 * times}),
            (1, own("read"), 2, 2 * times, {5: 100 * times}),
        ]

    work = explained(rows(1), rows(3), "plan", "check", "read")
    assert causes(work) == {"plan": 2 + 6 + 200}
    assert work.left_over == 0


def test_a_new_function_is_a_cause_itself() -> None:
    before: list[Row] = [(-1, own("run"), 0, 1, {10: 5})]
    after: list[Row] = [(-1, own("run"), 0, 1, {10: 8}), (0, own("mask"), 10, 1, {2: 50})]
    assert causes(explained(before, after, "run", mask="new")) == {"mask": 50, "run": 3}


def test_what_moved_counts_for_neither() -> None:
    def rows(where: str, times: int) -> list[Row]:
        return [
            (-1, own("first"), 0, 1, {10: 1}),
            (-1, own("second"), 0, 1, {20: 1}),
            (0 if where == "first" else 1, library("dumps"), 10, times, {7: 100 * times}),
        ]

    work = explained(rows("first", 2), rows("second", 2), "first", "second")
    assert (work.change, work.causes, work.moved) == (0, [], 200)
    work = explained(rows("first", 2), rows("second", 3), "first", "second")
    assert causes(work) == {"second": 100}
    assert work.moved == 200


def test_a_line_that_only_reads_otherwise_is_no_cause() -> None:
    before: list[Row] = [(-1, own("run"), 0, 1, {10: 5})]
    after: list[Row] = [(-1, own("run"), 0, 1, {20: 5})]
    assert explained(before, after, "run").causes == []


def test_what_has_no_changed_function_above_is_told_apart() -> None:
    before: list[Row] = [(-1, own("run"), 0, 1, {1: 5}), (-1, library("loop"), 0, 1, {1: 9})]
    after: list[Row] = [(-1, own("run"), 0, 1, {1: 7}), (-1, library("loop"), 0, 1, {1: 19})]
    work = explained(before, after, "other")
    assert [(one.name, one.change) for one in work.rest] == [
        ("what drives, mocks and measures it", 10),
        ("run (sdk/engine.py)", 2),
    ]
    assert not work.causes


def test_a_series_of_own_files_counts_these_only() -> None:
    def rows(times: int) -> list[Row]:
        return [(-1, own("run"), 0, 1, {10: times}), (0, library("dumps"), 10, 1, {7: 50 * times})]

    matching = Matching(why={Key(FILE, "run"): "changed"})
    work = explain_work(side(rows(2), 2.0), side(rows(5), 5.0), matching, (text, text))
    assert work.is_own_only
    assert (work.before, work.after, causes(work)) == (2, 5, {"run": 3})
    assert [one.function.key.name for one in work.executed] == ["run"]


def test_the_biggest_comes_first_also_if_it_works_against_the_whole() -> None:
    def costing(**costs: int) -> list[Row]:
        return [(-1, own(name), 0, 1, {ord(name): cost}) for name, cost in costs.items()]

    before, after = costing(a=100, b=100, c=100), costing(a=20, b=170, c=160)
    assert list(causes(explained(before, after, "a", "b", "c"))) == ["a", "b", "c"]
    assert list(causes(explained(after, before, "a", "b", "c"))) == ["a", "b", "c"]


def test_of_two_as_big_the_one_in_the_direction_of_the_whole_comes_first() -> None:
    before: list[Row] = [(-1, own("a"), 0, 1, {1: 90}), (-1, own("b"), 0, 1, {2: 10})]
    after: list[Row] = [(-1, own("a"), 0, 1, {1: 10}), (-1, own("b"), 0, 1, {2: 90})]
    more: Row = (-1, own("c"), 0, 1, {3: 1})
    assert list(causes(explained(before, [*after, more], "a", "b"))) == ["b", "a"]
    assert list(causes(explained([*before, more], after, "a", "b"))) == ["a", "b"]


def test_c_functions_by_how_often_they_are_called_and_by_whom() -> None:
    def did(times: int, sorts: int) -> Side:
        found = side([(-1, own("run"), 0, 1, {10: 1}), (0, library("dumps"), 10, 1, {7: 1})])
        run, dumps = found.contexts
        c_calls = {"list.append": times, "list.sort": sorts, "len": 3}
        return replace(
            found, contexts=[replace(run, c_calls=c_calls), replace(dumps, c_calls={"len": times})]
        )

    work = explain_work(did(2, 1), did(9, 0), Matching(), (text, text))
    assert [(one.name, one.calls, one.called_by) for one in work.c_functions] == [
        ("len", (5, 12), "dumps (lib.py)"),
        ("list.append", (2, 9), "run (sdk/engine.py)"),
        ("list.sort", (1, 0), "run (sdk/engine.py)"),
    ]


NAMES = ("a", "b", "c", "d")


@st.composite
def trees(draw: st.DrawFn) -> list[Row]:
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 12))):
        name = draw(st.sampled_from(NAMES))
        function = draw(st.sampled_from([own(name), library(name)]))
        lines = draw(st.dictionaries(st.sampled_from([10, 20, 30]), st.integers(1, 1000)))
        caller = draw(st.integers(-1, number - 1))
        rows.append((caller, function, 10 if caller >= 0 else 0, draw(st.integers(0, 9)), lines))
    return rows


@given(trees(), trees(), st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_parts_always_add_up(
    before: list[Row], after: list[Row], changed: set[str], new: set[str]
) -> None:
    work = explained(before, after, *changed, **dict.fromkeys(new, "new"))
    assert work.left_over == 0
    assert work.change == total(after) - total(before)
    for cause in work.causes:
        assert cause.change == sum(part.change for part in cause.parts)
        assert is_known(cause, changed | new)


def total(rows: list[Row]) -> int:
    found: Side = side(rows)
    return found.bytecodes


def is_known(cause: Cause, names: set[str]) -> bool:
    return cause.key.name in names
