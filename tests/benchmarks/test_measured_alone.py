"""One cell of a ``setup_cache`` is measured without the others."""

from __future__ import annotations

from functools import partial

import pytest

from benchmarks.core.cells import (
    Attempt,
    Broken,
    CellFailed,
    attempt,
    attempted,
    picking,
    value_of,
)
from benchmarks.core.forked import each_fresh
from benchmarks.core.measured import attempt_of, attempts_used, cells_of, measured, measured_alone
from benchmarks.core.notes import wrong


class Grid:
    """As asv has a benchmark: ``n`` times ten; 2 fails, 3 is n/a, 4 is wrong."""

    params = ((1, 2, 3, 4),)

    def __init__(self) -> None:
        self.made: list[int] = []
        self._n = 0
        self._cache: dict[int, Attempt[int]] = {}
        self._value = 0

    def set_param_idx(self, index: int) -> None:
        self._n = self.params[0][index]

    def set_cache(self, cache: dict[int, Attempt[int]]) -> None:
        self._cache = cache

    def do_setup_cache(self) -> dict[int, Attempt[int]]:
        return {n: attempt(lambda n=n: self._measure(n)) for n in reversed(self.params[0])}

    def _measure(self, n: int) -> int:
        self.made.append(n)
        if n == 2:
            raise KeyError("two")
        if n == 3:
            raise NotImplementedError
        if n == 4:
            wrong("four")
        return n * 10

    def do_setup(self) -> bool:
        try:
            self._value = value_of(self._cache[self._n])
        except NotImplementedError:
            return True
        return False

    def do_run(self) -> int:
        return self._value

    def do_teardown(self) -> None:
        """Nothing to take down."""


def test_the_attempt_of_each_cell_is_found_whatever_became_of_it() -> None:
    grid = Grid()
    assert cells_of(grid) == [(1,), (2,), (3,), (4,)]
    assert attempts_used(grid) == [3, 2, 1, 0]
    assert grid.made == [4, 3, 2, 1]


def test_the_attempt_of_one_cell_is_found_without_the_others() -> None:
    grid = Grid()
    assert [attempt_of(grid, index) for index in range(4)] == [3, 2, 1, 0]
    assert grid.made == [1, 2, 3, 4]


def test_a_figure_of_several_attempts_comes_from_no_one_of_them() -> None:
    class Sum(Grid):
        def do_setup(self) -> bool:
            try:
                self._value = sum(value_of(self._cache[n]) for n in (1, 4))
            except NotImplementedError:
                return True
            return False

    class Early(Grid):
        def do_setup_cache(self) -> dict[int, Attempt[int]]:
            value_of(attempt(lambda: self._measure(1)))
            return super().do_setup_cache()

    assert attempt_of(Sum(), 0) is None
    assert attempt_of(Early(), 0) is None


def test_a_part_of_an_attempt_comes_from_that_attempt() -> None:
    class Parts(Grid):
        def do_setup_cache(self) -> dict[int, Attempt[int]]:
            return {n: attempt(lambda n=n: attempted(lambda: n)) for n in (1, 2)}

        def do_setup(self) -> bool:
            try:
                self._value = value_of(value_of(self._cache[2]))
            except NotImplementedError:
                return True
            return False

    assert attempt_of(Parts(), 0) == 1
    assert measured_alone(Parts(), 0, 1) == (2, "")


def test_a_cell_alone_is_what_it_is_among_the_others() -> None:
    grid = Grid()
    assert measured_alone(grid, 0, 3) == (10, "")
    assert measured_alone(grid, 3, 0) == (40, "four")
    value, text = measured_alone(grid, 2, 1)
    assert (value != value, text) == (True, "")
    with pytest.raises(CellFailed, match="two"):
        measured_alone(grid, 1, 2)
    assert grid.made == [1, 4, 3, 2]


def test_what_is_left_out_says_nothing_of_its_kind() -> None:
    class Kinds(Grid):
        def do_setup_cache(self) -> dict[int, Attempt[int]]:
            return each_fresh(
                {n: partial(self._measure, n) for n in reversed(self.params[0])},
                attempt,
                tells=lambda cell: isinstance(cell, Broken) and cell.unavailable,
                kind=lambda n: n > 2,
            )

    kinds = Kinds()
    assert [attempt_of(kinds, index) for index in range(4)] == [3, 2, 1, 0]
    kinds.made.clear()
    assert measured_alone(kinds, 0, 3) == (10, "")
    assert kinds.made == [1]


def test_what_is_made_without_picking_is_made_as_ever() -> None:
    grid = Grid()
    grid.set_param_idx(0)
    grid.set_cache(grid.do_setup_cache())
    assert measured(grid) == (10, "")
    with picking(0) as picked:
        grid.do_setup()
        assert picked.used is None


def test_a_cache_that_is_not_made_of_attempts_has_none() -> None:
    class Other(Grid):
        def do_setup_cache(self) -> dict[int, Attempt[int]]:
            with picking():
                return super().do_setup_cache()

    assert attempts_used(Other()) == [None] * 4
    assert attempt_of(Other(), 0) is None


def test_attempts_that_an_attempt_is_made_of_are_none_to_pick_from() -> None:
    made: list[str] = []

    def whole(name: str) -> str:
        made.append(name)
        value_of(attempt(lambda: made.append(f"{name}, a part")))
        return name

    with picking(1) as picked:
        cells = [attempt(partial(whole, name)) for name in ("first", "second")]
        assert value_of(cells[1]) == "second"
    assert made == ["second", "second, a part"]
    assert (len(picked.cells), picked.used) == (2, 1)
