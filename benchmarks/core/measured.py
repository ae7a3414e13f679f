"""Measuring one cell of a benchmark that asv has discovered, in this process."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

from benchmarks.core.cells import CellFailed, Picked, picking
from benchmarks.core.notes import hearing, without_notes

Figure = tuple[Any, str]
"""The value of a cell, NaN for n/a, ``None`` if it failed; and what is wrong with it, empty if
nothing is."""


def cells_of(benchmark: Any) -> list[tuple[str, ...]]:
    """Its parameter combinations."""
    return list(product(*benchmark.params)) if benchmark.params else [()]


def choose(benchmark: Any, index: int) -> None:
    """Make a parameter combination the one that is measured."""
    if benchmark.params:
        benchmark.set_param_idx(index)


def measured(benchmark: Any) -> Figure:
    """The figure of the chosen combination. Raises what it raises."""
    with hearing() as heard:
        if benchmark.do_setup():
            return math.nan, ""
        try:
            value = benchmark.do_run()
        finally:
            benchmark.do_teardown()
    return value, heard.wrong


def attempts_used(benchmark: Any) -> list[int | None]:
    """For each combination, the number of the one attempt of its ``setup_cache`` (see ``cells``)
    that its figure comes from; ``None`` if there is not one. Raises what ``setup_cache`` raises."""
    found: list[int | None] = []
    with picking() as picked:
        benchmark.set_cache(benchmark.do_setup_cache())
        for index in range(len(cells_of(benchmark))):
            _set_up(benchmark, index, picked)
            found.append(picked.used)
    return found


def attempt_of(benchmark: Any, index: int) -> int | None:
    """The number of the one attempt that the figure of a combination comes from, found with nothing
    measured but that attempt; ``None`` if there is not one. Raises what that raises."""
    first = _asked_for(benchmark, index, NO_ATTEMPT)
    if len(first) != 1:
        return None
    (number,) = first
    return number if _asked_for(benchmark, index, number) == first else None


def sole_attempt(benchmark: Any, index: int) -> int | None:
    """The same of any benchmark, ``None`` of one without a ``setup_cache``; nothing is noted."""
    if benchmark.setup_cache_key is None:
        return None
    with without_notes():
        return attempt_of(benchmark, index)


def figure_of(
    benchmark: Any,
    index: int,
    attempt: int | None,
    within: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None,
) -> Figure:
    """The figure of a combination, of a ``setup_cache`` with this one attempt if there is one
    (``sole_attempt``). ``within``: wraps what is measured. Raises what it raises."""
    if attempt is not None:
        alone = measured_alone if within is None else within(measured_alone)
        found: Figure = alone(benchmark, index, attempt)
        return found
    choose(benchmark, index)
    if benchmark.setup_cache_key is not None:
        benchmark.set_cache(benchmark.do_setup_cache())
    if within is not None:
        benchmark.do_run = within(benchmark.do_run)
    return measured(benchmark)


def attempts_asked(benchmark: Any, index: int) -> set[int]:
    """The attempts that the figure of a combination comes from, found with none measured; empty
    where that cannot be found."""
    return _asked_for(benchmark, index, NO_ATTEMPT)


NO_ATTEMPT = -1


def _asked_for(benchmark: Any, index: int, attempt: int) -> set[int]:
    """The attempts that the setup of a combination asks for, all but one left out."""
    with picking(attempt) as picked:
        try:
            benchmark.set_cache(benchmark.do_setup_cache())
        except NotImplementedError:
            return set()  # it cannot be filled without all of them
        picked.asked.clear()
        _set_up(benchmark, index, picked)
    return picked.asked


def _set_up(benchmark: Any, index: int, picked: Picked) -> None:
    """Have a combination ask for its attempts."""
    choose(benchmark, index)
    picked.used = None
    try:
        if not benchmark.do_setup():
            benchmark.do_teardown()
    except CellFailed:
        pass  # it is known which one was used


def measured_alone(benchmark: Any, index: int, attempt: int) -> Figure:
    """The figure of a combination, all other attempts of the ``setup_cache`` left out. Raises what
    it raises."""
    with picking(attempt):
        choose(benchmark, index)
        benchmark.set_cache(benchmark.do_setup_cache())
        return measured(benchmark)
