"""Calling contexts as a tree of functions, for pictures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_explanation import event_loop, harness, made_explanation, made_pair, rows
from made_sources import FILE, Row, library, own, side

from unladen.explain.code import Key
from unladen.explain.frames import FunctionFrame, frames, frames_of
from unladen.explain.matching import Matching
from unladen.explain.run import CommitPair
from unladen.explain.work.tally import EVENT_LOOP, SURROUNDINGS


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    return made_pair(tmp_path_factory.mktemp("frames"))


def tree(found: list[FunctionFrame]) -> dict[str, tuple[int, int]]:
    """The totals by the names on the way, in order."""
    totals: dict[str, tuple[int, int]] = {}

    def enter(frame: FunctionFrame, above: str) -> None:
        way = f"{above}/{frame.function.key.name}"
        assert way not in totals
        totals[way] = frame.total
        for one in frame.children:
            enter(one, way)

    for root in found:
        enter(root, "")
    return totals


def test_the_sdk_s_functions_come_first_and_what_is_around_them_is_one_frame(
    pair: CommitPair,
) -> None:
    explained = made_explanation(pair, rows(1, "was_called"), rows(4))
    found = frames(explained.figures[0], pair)
    assert tree(found) == {
        "/run": (169, 496),
        "/run/ask": (109, 436),
        f"/run/ask/{EVENT_LOOP}": (107, 428),
        f"/run/ask/{EVENT_LOOP}/dumps": (100, 400),
        "/run/is_called": (50, 50),
        f"/{EVENT_LOOP}": (20, 20),
        f"/{SURROUNDINGS}": (7, 7),
    }
    changed = [one.function.key.name for root in found for one in root.walk() if one.is_changed]
    assert "ask" in changed
    assert "run" not in changed


def test_all_is_what_the_figure_s_work_is(pair: CommitPair) -> None:
    figure = made_explanation(pair, rows(1, "was_called"), rows(4)).figures[0]
    assert figure.work is not None
    found = frames(figure, pair)
    totals = [sum(one.total[side] for one in found) for side in (0, 1)]
    assert totals == [figure.work.before, figure.work.after]


def test_of_a_figure_of_own_files_only_these_count() -> None:
    sides = side(rows(1)), side(rows(4))
    found = frames_of(sides, Matching(), is_own_only=True)
    assert tree(found) == {"/run": (62, 68), "/run/is_called": (50, 50), "/run/ask": (2, 8)}


def test_what_is_below_a_library_outside_belongs_to_its_surroundings() -> None:
    outside: list[Row] = [
        (-1, harness("measure"), 0, 1, {}),
        (0, library("walk"), 1, 1, {1: 5}),
        (0, event_loop("run"), 1, 1, {1: 2}),
        (2, library("heappush"), 1, 1, {1: 3}),
        (-1, library("alone"), 0, 1, {1: 1}),
    ]
    found = frames_of((side(outside), side(outside)), Matching())
    assert tree(found) == {f"/{SURROUNDINGS}": (6, 6), f"/{EVENT_LOOP}": (5, 5)}


def test_recursion_stays_a_way() -> None:
    deep: list[Row] = [(n - 1, own("f"), n, 1, {1: 1}) for n in range(50)]
    found = frames_of((side([]), side(deep)), Matching())
    assert len(list(found[0].walk())) == 50
    assert found[0].total == (0, 50)


FUNCTIONS = [own("a"), own("b"), library("c"), event_loop("d"), event_loop("e"), harness("g")]


@st.composite
def contexts(draw: st.DrawFn) -> list[Row]:
    number = draw(st.integers(0, 30))
    return [
        (
            draw(st.integers(-1, at - 1)),
            draw(st.sampled_from(FUNCTIONS)),
            1,
            1,
            {1: draw(st.integers(0, 9))},
        )
        for at in range(number)
    ]


@given(contexts(), contexts())
def test_nothing_is_lost_and_every_frame_is_its_children_and_its_own(
    before: list[Row], after: list[Row]
) -> None:
    sides = side(before), side(after)
    matching = Matching(why={Key(FILE, "a"): "changed"})
    found = frames_of(sides, matching)
    for number in (0, 1):
        assert sum(one.total[number] for one in found) == sides[number].bytecodes
        for frame in (one for root in found for one in root.walk()):
            below = sum(one.total[number] for one in frame.children)
            assert frame.total[number] == frame.own[number] + below
    for frame in (one for root in found for one in root.walk()):
        assert any(frame.total)
        names = [one.function for one in frame.children]
        assert len(names) == len(set(names))
        assert frame.is_changed == (frame.function == own("a"))
