"""asv's step detection and its graphs, with the same answers in a fraction of the time.

asv says of every series that it publishes where it steps, which takes most of a publish. Of what it
does, three things take long for no reason: a sum over all readings, term by term; intervals that
are looked at again from the first one on after each pair that was joined; and a mean over what is
mostly one value, for every point, four times. ``tests/unladen/asv_bridge/test_step_detection.py``
holds all of it against asv's own.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeGuard

from asv import step_detect
from asv.graph import Graph

Pieces = tuple[Sequence[int], Sequence[float], Sequence[float]]
"""Of intervals: the index after the last reading of each, their levels, their deviations."""


def install() -> None:
    """Replace asv's functions. Does nothing the second time."""
    if hasattr(Graph.get_data, "unladen"):
        return
    step_detect.merge_pieces = _merging(step_detect.merge_pieces)
    step_detect.solve_potts_autogamma = solve_autogamma
    Graph.add_data_point = _forgetting(Graph.add_data_point)
    Graph.get_data = _remembering(_reduced)
    Graph.get_file_path = classmethod(_naming(Graph.get_file_path.__func__))


def mean_of_known(values: Iterable[float | None]) -> float | None:
    """The mean of what is neither None nor NaN; None if nothing is."""
    known = [value for value in values if value is not None and value == value]
    return sum(known) / len(known) if known else None


def _reduced(self: Any) -> list[tuple[Any, ...]]:
    """As ``Graph.get_data``: of each revision, in order, the means of its values and of their
    weights, from the first one on that has any, up to the last."""
    self.n_series = 1 if self.n_series is None else self.n_series
    points = [
        (revision, _means(values, self.n_series), _means(weights, self.n_series))
        for (revision, values), weights in zip(
            self.data_points.items(), self.data_weights.values(), strict=True
        )
    ]
    points.sort()
    known = [n for n, (_, means, _) in enumerate(points) if any(map(_is_known, means))]
    if known:
        # Where only the first one has any, asv keeps the one after it too.
        last = known[-1] if len(known) > 1 else known[0] + 1
        points = points[known[0] : last + 1]
    else:
        points = []
    if self.scalar_series:
        return [(revision, means[0], weights[0]) for revision, means, weights in points]
    return points


def _means(rows: Sequence[Sequence[float | None]], size: int) -> list[float | None]:
    """The means of several values of each cell; of one, that one, as a mean is written."""
    if not rows:
        return [None] * size
    if len(rows) == 1:
        return [(0 + value) / 1 if _is_known(value) else None for value in rows[0][:size]]
    return [mean_of_known(row[cell] for row in rows) for cell in range(size)]


def _is_known(value: float | None) -> TypeGuard[float]:
    return value is not None and value == value


def solve_autogamma(
    y: Sequence[float], w: Sequence[float], beta: float | None = None, **options: Any
) -> tuple[Sequence[int], Sequence[float], Sequence[float], float | None]:
    """As ``asv.step_detect.solve_potts_autogamma``: the pieces of readings ``y`` with weights
    ``w``, and the price of a step with which they are the best ones."""
    import numpy as np

    size = len(y)
    if not size:
        return [], [], [], None
    distances = step_detect.get_mu_dist(y, w)
    beta = 4 * math.log(size) / size if beta is None else beta
    whole = distances.dist(0, size - 1) or 1.0
    readings, weights = np.array(y, dtype=np.float64), np.array(w, dtype=np.float64)
    best: tuple[float, Pieces, float] = math.inf, ([], [], []), 0.0

    def objective(exponent: float) -> float:
        nonlocal best
        price = whole * math.exp(exponent)
        found: Pieces = step_detect.solve_potts_approx(
            y, w, gamma=price, mu_dist=distances, **options
        )
        ends, levels, _ = found
        left = readings - np.repeat(levels, np.diff(ends, prepend=0))
        terms = np.empty(size)

        def deviation(rho: float) -> float:
            """What noise whose neighbours correlate by ``rho`` leaves unexplained."""
            terms[0] = left[0]
            np.subtract(left[1:], rho * left[:-1], out=terms[1:])
            np.abs(terms, out=terms)
            np.multiply(terms, weights, out=terms)
            return float(np.add.accumulate(terms)[-1])  # one after the other, as asv adds

        rho = step_detect.golden_search(deviation, -1, 1, xatol=0.05, expand_bounds=True)
        value = beta * len(ends) + math.log(_floor(levels) + deviation(rho))
        if value < best[0]:
            best = value, found, price
        return value

    low = math.log(0.1 / size)
    step_detect.golden_search(objective, low, 0.0, xatol=abs(low) * 0.1, ftol=0, expand_bounds=True)
    _, found, price = best
    return *found, price


def _floor(levels: Sequence[float]) -> float:
    """How little noise is told from none."""
    if len(levels) > 2:
        least = 0.1 * min(abs(after - before) for before, after in itertools.pairwise(levels))
    else:
        least = 0.001 * min(map(abs, levels))
    return max(1e-300, least)


def _merging(merge: Callable[..., Pieces]) -> Callable[..., Pieces]:
    """``merge_pieces``, given what is joined already: it finds no more to join."""

    @functools.wraps(merge)
    def merged(
        gamma: float,
        right: Sequence[int],
        values: Sequence[float],
        dists: Sequence[float],
        mu_dist: Any,
        max_size: int,
    ) -> Pieces:
        joined = _joined(gamma, [*right], mu_dist.dist)
        return merge(gamma, joined, values, dists, mu_dist, max_size=max_size)

    return merged


def _joined(gamma: float, right: list[int], dist: Callable[[int, int], float]) -> list[int]:
    """Ends of intervals, neighbours joined where that is cheaper: the cheapest of a few at a time.

    Of the intervals before the first pair that can be joined none has changed, so that there is no
    need to look at them again.
    """
    start = 1
    while True:
        least, chosen, first = 0.0, len(right), len(right)
        left = right[start - 2] if start > 1 else 0
        for j in range(start, len(right)):
            if chosen < j - 2:
                break
            middle, end = right[j - 1], right[j]
            change = dist(left, end - 1) - (dist(left, middle - 1) + dist(middle, end - 1) + gamma)
            if change <= least:
                least, chosen = change, j - 1
                first = min(first, j)
            left = middle
        if chosen == len(right):
            return right
        del right[chosen]
        start = max(1, min(first, chosen))


def _remembering(get_data: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @functools.wraps(get_data)
    def data_once(self: Any) -> Any:
        if getattr(self, "_unladen_data", None) is None:
            self._unladen_data = get_data(self)
        return self._unladen_data

    data_once.unladen = True  # type: ignore[attr-defined]
    return data_once


def _naming(file_path: Callable[..., str]) -> Callable[..., str]:
    """asv asks for the path of a graph again for each of its points."""
    known: dict[tuple[object, ...], str] = {}

    @functools.wraps(file_path)
    def file_path_once(cls: type, params: Mapping[str, Any], benchmark_name: str) -> str:
        values = tuple(params.values())
        key = (benchmark_name, *params, *values, *map(type, values))  # 1 and 1.0 are two
        if key not in known:
            known[key] = file_path(cls, params, benchmark_name)
        return known[key]

    return file_path_once


def _forgetting(add_data_point: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(add_data_point)
    def add_and_forget(self: Any, *args: Any, **kwargs: Any) -> None:
        self._unladen_data = None
        add_data_point(self, *args, **kwargs)

    return add_and_forget
