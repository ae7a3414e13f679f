"""A step of a service that never ends is paid for once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from made_services import Choose

from benchmarks.core.cells import Broken, CellFailed, Kept, picking, value_of
from benchmarks.service import profiles
from benchmarks.service.running import STEP_CPU_S, Frozen, fresh_each


def test_what_froze_once_is_not_tried_again() -> None:
    def frozen() -> int:
        raise Frozen("a step took 2 s of CPU and did not end")

    def broken() -> int:
        raise LookupError("something else")

    measures: dict[tuple[str, int], Callable[[], int]] = {
        ("chat", 1): broken,
        ("stream", 1): frozen,
        ("stream", 10): lambda: 10,
        ("chat", 10): lambda: 20,
    }
    found = fresh_each(measures, kind=lambda cell: cell[0])
    assert found["chat", 10] == Kept(20, "")
    assert isinstance(found["chat", 1], Broken)
    assert isinstance(found["stream", 1], Broken)
    assert "a step took 2 s of CPU" in found["stream", 1].reason
    # Equal, and another one: each cell finds its own attempt.
    assert found["stream", 10] == found["stream", 1]
    assert found["stream", 10] is not found["stream", 1]


@pytest.mark.parametrize("only", [0, 1, 2, 3])
def test_each_figure_can_be_measured_without_the_others(only: int) -> None:
    made = [("chat", 1), ("stream", 1), ("stream", 10), ("chat", 10)]

    def frozen() -> int:
        raise Frozen("a step took 2 s of CPU and did not end")

    measures: dict[tuple[str, int], Callable[[], int]] = {
        key: frozen if key[0] == "stream" else partial(int, key[1]) for key in made
    }
    with picking(only) as picked:
        found = fresh_each(measures, kind=lambda cell: cell[0])
        assert [key for key, cell in found.items() if cell == LEFT_OUT] == [
            key for key in made if key != made[only]
        ]
        try:
            value_of(found[made[only]])
        except CellFailed:
            assert made[only][0] == "stream"
    assert picked.used == only


def test_the_figure_of_a_cell_that_is_not_tried_again_is_its_own() -> None:
    def frozen() -> int:
        raise Frozen("a step took 2 s of CPU and did not end")

    with picking() as picked:
        found = fresh_each({1: frozen, 2: frozen, 3: frozen}, kind=lambda _: "a load")
        for number, cell in found.items():
            with pytest.raises(CellFailed):
                value_of(cell)
            assert picked.used == number - 1


LEFT_OUT = Broken("left out", unavailable=True, is_left_out=True)


@pytest.mark.slow
def test_what_never_ends_is_proved_before_a_soak_is_traced(choose: Choose) -> None:
    choose("a receive that never waits")
    with pytest.raises(CellFailed, match=f"a step took {STEP_CPU_S:g} s of CPU"):
        profiles.Kept().setup()
