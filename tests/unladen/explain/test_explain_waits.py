"""A difference of virtual time is put down to the functions for whose sake is waited."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sources import FILE, Row, library, own, side

from unladen.explain.code import Key
from unladen.explain.contexts import Awaited, Side
from unladen.explain.matching import Matching
from unladen.explain.waits import Waits, explain_waits

CONTEXTS: list[Row] = [
    (-1, own("run"), 0, 1, {1: 1}),
    (0, own("collect"), 10, 1, {30: 1}),
    (1, library("gather"), 30, 1, {7: 1}),
    (2, own("ask"), 7, 5, {40: 1}),
]
COLLECT, ASK = 1, 3


def did(*waits: tuple[int, float]) -> Side:
    """A side whose contexts waited one after the other, for so many seconds each."""
    found, now = [], 0.0
    for context, seconds in waits:
        found.append(Awaited(context, 40 if context == ASK else 30, now, now + seconds))
        now += seconds
    return replace(side(CONTEXTS), waits=found)


def explained(before: Side, after: Side, *changed: str) -> Waits:
    matching = Matching(why={Key(FILE, name): "changed" for name in changed})
    text = "line {}".format
    return explain_waits(before, after, matching, (lambda _, n: text(n), lambda _, n: text(n)))


def test_it_is_the_changed_function_above_that_is_to_blame() -> None:
    waits = explained(did((ASK, 1)), did((ASK, 1), (ASK, 1), (ASK, 1)), "collect")
    assert (waits.before, waits.after, waits.change, waits.left_over) == (1, 3, 2, 0)
    (cause,) = waits.causes
    assert (cause.key, cause.change) == (Key(FILE, "collect"), 2)
    (part,) = cause.parts
    assert part.place.where == "ask (sdk/engine.py)"
    assert (part.place.via, part.line, part.times) == ("line 30", 30, (1, 3))


def test_what_has_no_changed_function_above_stands_alone() -> None:
    (cause,) = explained(did((ASK, 1)), did((ASK, 2)), "other").causes
    assert (cause.key, cause.change) == (None, 1)
    (cause,) = explained(did(), did((-1, 2)), "collect").causes
    assert (cause.key, cause.change) == (None, 2)


def test_the_first_place_where_the_paths_part() -> None:
    same = did((ASK, 1), (COLLECT, 2))
    assert explained(same, same, "collect").parting is None
    parting = explained(same, did((ASK, 1), (ASK, 3)), "collect").parting
    assert parting is not None
    assert parting.at == 1
    assert parting.before is not None
    assert parting.after is not None
    assert (parting.before[0].where, parting.before[1]) == ("collect (sdk/engine.py)", 2)
    assert (parting.after[0].where, parting.after[1]) == ("ask (sdk/engine.py)", 3)
    ended = explained(same, did((ASK, 1)), "collect").parting
    assert ended is not None
    assert (ended.at, ended.after) == (1, None)


ASKS_ITSELF: list[Row] = [(-1, own("run"), 0, 1, {1: 1}), (0, own("collect"), 10, 1, {30: 1})]
HAS_IT_ASKED: list[Row] = [
    (-1, own("run"), 0, 1, {1: 1}),
    (0, own("collect"), 10, 1, {30: 1}),
    (1, own("complete"), 31, 3, {50: 1}),
    (2, own("call"), 51, 3, {60: 1}),
]


def waiting(rows: list[Row], *waits: tuple[int, int, float]) -> Side:
    found = [Awaited(context, line, 0.0, seconds) for context, line, seconds in waits]
    return replace(side(rows), waits=found)


def extracted(before: Side, after: Side, *new: str, is_gone: bool = False) -> Waits:
    keys = {Key(FILE, name) for name in new}
    matching = Matching(
        why={Key(FILE, "collect"): "changed", **dict.fromkeys(keys, "new")},
        is_new=set() if is_gone else keys,
        is_gone=keys if is_gone else set(),
    )
    if is_gone:
        before, after = after, before
    text = "line {}".format
    return explain_waits(before, after, matching, (lambda _, n: text(n), lambda _, n: text(n)))


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_wait_that_is_extracted_into_a_new_function_is_the_same(is_gone: bool) -> None:
    asks = waiting(ASKS_ITSELF, (1, 30, 2), (1, 30, 2))
    has_asked = waiting(HAS_IT_ASKED, (3, 60, 2), (3, 60, 2))
    waits = extracted(asks, has_asked, "complete", "call", is_gone=is_gone)
    assert (waits.causes, waits.parting) == ([], None)


@pytest.mark.parametrize("is_gone", [False, True])
def test_what_a_new_function_waits_less_than_whom_it_does_it_for_is_its_own(is_gone: bool) -> None:
    asks = waiting(ASKS_ITSELF, (1, 30, 9), (1, 30, 1))
    has_asked = waiting(HAS_IT_ASKED, (3, 60, 3), (3, 60, 1))
    (cause,) = extracted(asks, has_asked, "complete", "call", is_gone=is_gone).causes
    assert (cause.key, cause.change) == (Key(FILE, "call"), 6 if is_gone else -6)


def test_who_has_a_new_function_wait_more_often_than_it_did_itself_is_to_blame() -> None:
    asks = waiting(ASKS_ITSELF, (1, 30, 2))
    has_asked = waiting(HAS_IT_ASKED, (3, 60, 2), (3, 60, 2), (3, 60, 2))
    (cause,) = extracted(asks, has_asked, "call").causes
    assert (cause.key, cause.change) == (Key(FILE, "collect"), 4)


def test_a_line_that_still_waits_itself_is_not_extracted() -> None:
    asks = waiting(ASKS_ITSELF, (1, 30, 2))
    both = waiting(HAS_IT_ASKED, (1, 30, 2), (3, 60, 3))
    (cause,) = extracted(asks, both, "complete", "call").causes
    assert (cause.key, cause.change) == (Key(FILE, "call"), 3)


BELOW: list[Row] = [
    (-1, own("run"), 0, 1, {1: 1}),
    (0, own("collect"), 10, 2, {30: 1}),
    (1, own("read"), 31, 9, {50: 1}),
]
BETWEEN: list[Row] = [
    *BELOW[:2],
    (1, own("masked"), 32, 2, {40: 1}),
    (2, own("read"), 41, 9, {50: 1}),
]


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_wait_of_an_unchanged_function_is_the_same_below_a_new_one(is_gone: bool) -> None:
    direct = waiting(BELOW, *[(2, 50, 2)] * 4)
    waits = extracted(direct, waiting(BETWEEN, *[(3, 50, 2)] * 4), "masked", is_gone=is_gone)
    assert (waits.causes, waits.parting) == ([], None)


def test_a_new_function_below_which_more_is_waited_is_to_blame() -> None:
    direct, between = waiting(BELOW, (2, 50, 2), (2, 50, 2)), waiting(BETWEEN, *[(3, 50, 2)] * 6)
    (cause,) = extracted(direct, between, "masked").causes
    assert (cause.key, cause.change) == (Key(FILE, "masked"), 8)


SERVED: list[Row] = [
    (-1, own("submit"), 0, 1, {1: 1}),
    (0, own("serve"), 2, 1, {20: 1}),
    (1, own("begin"), 21, 5, {30: 1}),
    (2, own("ask"), 31, 5, {40: 1}),
]
DIRECT: list[Row] = [
    (-1, own("submit"), 0, 1, {1: 1}),
    (0, own("begin"), 3, 1, {30: 1}),
    (1, own("ask"), 31, 1, {40: 1}),
]


def waited(rows: list[Row], context: int, times: int) -> Side:
    found = [Awaited(context, 40, float(n), n + 1.0) for n in range(times)]
    return replace(side(rows), waits=found)


def test_who_reaches_a_cause_more_often_is_to_blame() -> None:
    before, after = waited(SERVED, 3, 1), waited(SERVED, 3, 5)
    (cause,) = explained(before, after, "serve", "begin").causes
    assert (cause.key, cause.change) == (Key(FILE, "serve"), 4)
    (part,) = cause.parts
    assert (part.place.via, part.place.where, part.times) == (
        "line 21",
        "ask (sdk/engine.py)",
        (1, 5),
    )
    first, *_ = explained(before, after, "begin").causes
    assert first.key == Key(FILE, "begin")


def test_who_reaches_a_cause_that_another_one_reached_is_to_blame() -> None:
    before, after = waited(DIRECT, 2, 1), waited(SERVED, 3, 5)
    (cause,) = explained(before, after, "serve", "begin", "submit").causes
    assert (cause.key, cause.change) == (Key(FILE, "serve"), 4)


NESTED: list[Row] = [
    (-1, own("run"), 0, 1, {1: 1}),
    (0, own("collect"), 2, 1, {20: 1}),
    (1, own("ask"), 21, 5, {30: 1}),
    (2, own("complete"), 31, 5, {40: 1}),
    (3, own("call"), 41, 5, {50: 1}),
]


def test_it_is_passed_on_upwards_to_who_is_not_called_more_often() -> None:
    before, after = waited(NESTED, 4, 1), waited(NESTED, 4, 5)
    (cause,) = explained(before, after, "complete", "ask", "collect", "run").causes
    assert (cause.key, cause.change) == (Key(FILE, "collect"), 4)
    (cause,) = explained(before, after, "complete", "ask").causes
    assert (cause.key, cause.change) == (Key(FILE, "ask"), 4)


def test_who_waits_several_times_a_call_is_to_blame_itself() -> None:
    once = [(*row[:3], 1, row[4]) for row in NESTED]
    before, after = waited(once, 4, 1), waited(once, 4, 5)
    (cause,) = explained(before, after, "complete", "ask", "collect").causes
    assert (cause.key, cause.change) == (Key(FILE, "complete"), 4)


def test_who_is_called_as_before_and_begins_to_wait_is_to_blame_itself() -> None:
    (cause,) = explained(did((0, 1)), did((0, 1), (COLLECT, 2)), "collect", "run").causes
    assert (cause.key, cause.change) == (Key(FILE, "collect"), 2)


IN_TURN: list[Row] = [
    (-1, own("run"), 0, 2, {1: 1}),
    (0, own("collect"), 2, 2, {20: 1}),
    (1, own("ask"), 21, 10, {30: 1}),
]


def test_who_has_waited_in_turn_is_not_called_more_often() -> None:
    """Two runs at once, of which one is on the path: it has five asked, one after the other."""
    in_turn, at_once = waited(IN_TURN, 2, 5), waited(IN_TURN, 2, 1)
    (cause,) = explained(in_turn, at_once, "collect", "run").causes
    assert (cause.key, cause.change) == (Key(FILE, "collect"), -4)


AGAIN: list[Row] = [
    (-1, own("start"), 0, 1, {1: 1}),
    (0, own("ask"), 21, 1, {30: 1}),
    (1, own("call"), 31, 1, {40: 1}),
    (1, own("below"), 32, 1, {50: 1}),
    (3, own("start"), 51, 1, {1: 1}),
    (4, own("ask"), 21, 1, {30: 1}),
    (5, own("call"), 31, 1, {40: 1}),
]


def test_who_runs_all_of_it_once_more_is_to_blame() -> None:
    before, after = waited(AGAIN[:3], 2, 1), waited(AGAIN, 6, 1)
    after = replace(after, waits=[Awaited(2, 40, 0.0, 1.0), Awaited(6, 40, 1.0, 2.0)])
    matching = Matching(
        why={Key(FILE, name): "changed" for name in ("start", "ask", "below")},
        is_new={Key(FILE, "below")},
    )
    (cause,) = explain_waits(before, after, matching, (str.format, str.format)).causes
    assert (cause.key, cause.change) == (Key(FILE, "below"), 1)


WAITS = st.lists(st.tuples(st.sampled_from([-1, 0, COLLECT, ASK]), st.integers(1, 9)), max_size=6)


@given(WAITS, WAITS, st.sets(st.sampled_from(["run", "collect", "ask"])), st.booleans())
def test_parts_always_add_up(
    before: list[tuple[int, float]],
    after: list[tuple[int, float]],
    changed: set[str],
    is_called_less: bool,
) -> None:
    now = did(*after)
    if is_called_less:
        now = replace(now, contexts=[replace(one, entered=1) for one in now.contexts])
    waits = explained(did(*before), now, *changed)
    assert waits.left_over == 0
    assert waits.change == sum(s for _, s in after) - sum(s for _, s in before)
