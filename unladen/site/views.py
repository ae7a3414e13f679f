"""Which series the pages about scaling, concurrency and model latency can show.

They are found by their parameters and groups, so that any target's benchmarks are shown that ask
the same questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unladen.store.series import SeriesInfo, plain

AGENTS = "agents"
NEGOTIATIONS = "negotiations"
LATENCY_AXES = frozenset({"latency_s", NEGOTIATIONS, "slots"})
GROWTH = "growth"
EXPONENT = "exponent"
OUTCOME = "outcome"
FRACTION = "fraction"
SECONDS = "seconds"
VIRTUAL = "virtual time"


@dataclass(frozen=True)
class Quantity:
    """A series over numbers of agents. ``exponents``: the series of its fitted exponent and the
    cell of it that is this quantity's, if it is fitted."""

    series: int
    exponents: tuple[int, int] | None


@dataclass(frozen=True)
class Scaling:
    """``quantities``: what grows with the agents; ``exponents``: the series of exponents."""

    quantities: Sequence[Quantity]
    exponents: Sequence[int]


@dataclass(frozen=True)
class Concurrency:
    """``makespan``: from the first to the last of several negotiations, None if that is not
    measured; ``others``: further series over the number of negotiations; ``efficiency``: over
    latency, negotiations and slots."""

    makespan: int | None
    others: Sequence[int]
    efficiency: int | None


@dataclass(frozen=True)
class Latency:
    """Series over latency, negotiations and slots; ``lost``: the agents lost."""

    series: Sequence[int]
    lost: int | None


@dataclass(frozen=True)
class Views:
    """All indices are those of the series in the order of the history; None: no such page."""

    scaling: Scaling | None
    concurrency: Concurrency | None
    latency: Latency | None


def find_views(series: Sequence[SeriesInfo]) -> Views:
    """The views that these series fill."""
    return Views(_scaling(series), _concurrency(series), _latency(series))


def _scaling(series: Sequence[SeriesInfo]) -> Scaling | None:
    growing = [n for n, one in enumerate(series) if _is_over(one, AGENTS)]
    exponents = [
        n
        for n, one in enumerate(series)
        if one.group == GROWTH and one.unit == EXPONENT and len(one.axes) == 1
    ]
    # By name the fit over all sizes comes first, before those such as the largest local one.
    fitted = {
        plain(point): (exponents[0], cell)
        for cell, point in enumerate(_points(series[exponents[0]]) if exponents else ())
    }
    quantities = [Quantity(n, fitted.get(_quantity(series[n].name))) for n in growing]
    return Scaling(quantities, exponents) if quantities else None


def _concurrency(series: Sequence[SeriesInfo]) -> Concurrency | None:
    over = [n for n, one in enumerate(series) if _is_over(one, NEGOTIATIONS)]
    if not over:
        return None
    makespan = _first(over, series, unit=SECONDS, group=VIRTUAL)
    grids = _grids(series)
    efficiency = _first(grids, series, unit=FRACTION, group=VIRTUAL)
    return Concurrency(makespan, [n for n in over if n != makespan], efficiency)


def _latency(series: Sequence[SeriesInfo]) -> Latency | None:
    grids = _grids(series)
    lost = next((n for n in grids if series[n].group == OUTCOME), None)
    return Latency(grids, lost) if grids else None


def _grids(series: Sequence[SeriesInfo]) -> list[int]:
    return [n for n, one in enumerate(series) if set(one.axes) == LATENCY_AXES]


def _is_over(series: SeriesInfo, axis: str) -> bool:
    """Whether it has this parameter only, with at least two numbers."""
    points = _points(series)
    return list(series.axes) == [axis] and len(points) > 1 and all(map(_is_number, points))


def _points(series: SeriesInfo) -> Sequence[str]:
    return next(iter(series.axes.values()), ())


def _is_number(point: str) -> bool:
    try:
        return float(point) > 0
    except ValueError:
        return False


def _quantity(name: str) -> str:
    """What ``module.Class.track_quantity`` measures."""
    return name.rpartition(".")[2].partition("_")[2]


def _first(candidates: Sequence[int], series: Sequence[SeriesInfo], **wanted: str) -> int | None:
    matching: Mapping[str, str] = wanted
    return next(
        (
            n
            for n in candidates
            if all(getattr(series[n], key) == value for key, value in matching.items())
        ),
        None,
    )
