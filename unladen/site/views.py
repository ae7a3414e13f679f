"""Which series the pages about scaling, concurrency and model latency can show, by capability.

They are found by the roles of their parameters and by their groups, so that those of any capability
are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unladen.history.series_history import SeriesHistory
from unladen.store.series import SeriesInfo, plain

SIZE = "size"
RUNS = "runs"
GRID = frozenset({"latency", RUNS, "slots"})
"""The roles of the parameters of a grid."""
GROWTH = "growth"
EXPONENT = "exponent"
OUTCOME = "outcome"
FRACTION = "fraction"
SECONDS = "seconds"
VIRTUAL = "virtual time"


@dataclass(frozen=True)
class Quantity:
    """A series over a size. ``exponents``: the series of its fitted exponent and the cell of it
    that is this quantity's, if it is fitted."""

    series: int
    exponents: tuple[int, int] | None


@dataclass(frozen=True)
class Scaling:
    """``quantities``: what grows with the size; ``exponents``: the series of exponents."""

    capability: str
    quantities: Sequence[Quantity]
    exponents: Sequence[int]


@dataclass(frozen=True)
class Concurrency:
    """``makespan``: from the first to the last of several runs, None if that is not measured;
    ``others``: further series over the number of runs; ``efficiency``: over latency, runs and
    slots."""

    capability: str
    makespan: int | None
    others: Sequence[int]
    efficiency: int | None


@dataclass(frozen=True)
class Latency:
    """Series over latency, runs and slots; ``lost``: how much of the outcome is missing."""

    capability: str
    series: Sequence[int]
    lost: int | None


@dataclass(frozen=True)
class Views:
    """The views of each page, one a capability that has one; "" is the capability of series whose
    names have none. All indices are those of the series in the order of the history."""

    scaling: Sequence[Scaling]
    concurrency: Sequence[Concurrency]
    latency: Sequence[Latency]


class _Capability:
    """The series of one capability, by their indices."""

    def __init__(self, name: str, all_series: Sequence[SeriesInfo], members: Sequence[int]) -> None:
        self.name = name
        self.all = all_series
        self.members = members

    def scaling(self) -> Scaling | None:
        growing = self._over_numbers(SIZE)
        exponents = [
            n
            for n in self.members
            if self.all[n].group == GROWTH
            and self.all[n].unit == EXPONENT
            and len(self.all[n].axes) == 1
        ]
        # By name the fit over all sizes comes first, before those such as the largest local one.
        fitted = {
            plain(point): (exponents[0], cell)
            for cell, point in enumerate(_points(self.all[exponents[0]]) if exponents else ())
        }
        quantities = [Quantity(n, fitted.get(_quantity(self.all[n].name))) for n in growing]
        return Scaling(self.name, quantities, exponents) if quantities else None

    def concurrency(self) -> Concurrency | None:
        over = self._over_numbers(RUNS)
        if not over:
            return None
        makespan = self._first(over, unit=SECONDS, group=VIRTUAL)
        efficiency = self._first(self._grids(), unit=FRACTION, group=VIRTUAL)
        others = [n for n in over if n != makespan]
        return Concurrency(self.name, makespan, others, efficiency)

    def latency(self) -> Latency | None:
        grids = self._grids()
        return Latency(self.name, grids, self._first(grids, group=OUTCOME)) if grids else None

    def _over_numbers(self, role: str) -> list[int]:
        """Those that have one parameter, of this role, with at least two numbers."""
        return [
            n for n in self.members if _roles(self.all[n]) == [role] and _has_numbers(self.all[n])
        ]

    def _grids(self) -> list[int]:
        return [
            n
            for n in self.members
            if len(self.all[n].axes) == len(GRID) and {*_roles(self.all[n])} == GRID
        ]

    def _first(self, candidates: Sequence[int], **wanted: str) -> int | None:
        matching: Mapping[str, str] = wanted
        return next(
            (
                n
                for n in candidates
                if all(getattr(self.all[n], key) == value for key, value in matching.items())
            ),
            None,
        )


def find_views(histories: Sequence[SeriesHistory]) -> Views:
    """The views that these series fill, those of a capability that the target has not left out."""
    series = [one.series for one in histories]
    own = [n for n, one in enumerate(histories) if one.is_applicable]
    names = dict.fromkeys(series[n].capability for n in own)
    capabilities = [
        _Capability(name, series, [n for n in own if series[n].capability == name])
        for name in names
    ]
    scaling = [one.scaling() for one in capabilities]
    concurrency = [one.concurrency() for one in capabilities]
    latency = [one.latency() for one in capabilities]
    return Views(
        [view for view in scaling if view],
        [view for view in concurrency if view],
        [view for view in latency if view],
    )


def _roles(series: SeriesInfo) -> list[str]:
    """Of its parameters, in order; "" for one that says none."""
    return [series.roles.get(axis, "") for axis in series.axes]


def _has_numbers(series: SeriesInfo) -> bool:
    points = _points(series)
    return len(series.axes) == 1 and len(points) > 1 and all(map(_is_number, points))


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
