"""The numbers of a report, each with the series that it is from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from unladen.store.reasons import Params
from unladen.text.counts import noun_of
from unladen.text.units import quantity


@dataclass(frozen=True, order=True)
class FigureSource:
    """Where a number stands: a series, its parameter combination (None: several of them), and the
    whole hash of the commit; or a load that is kept (``load NAME``), with the ``command`` that
    repeats it."""

    series: str
    cell: Params | None
    commit: str
    command: str = ""


@dataclass(frozen=True)
class Figure:
    """A number as it is written, and where it is from: one source, or those it is reckoned from.

    Raises ``ValueError`` without a source.
    """

    value: float
    text: str
    sources: tuple[FigureSource, ...]

    def __post_init__(self) -> None:
        if not self.sources:
            raise ValueError(f"the figure {self.text!r} has no source")

    def written(self, text: str) -> Figure:
        """The same number in other words."""
        return replace(self, text=text)

    def counted(self, one: str, many: str) -> Figure:
        """The number with what it counts."""
        return self.written(f"{self.text} {noun_of(self.value, one, many)}")


@dataclass(frozen=True)
class Fact:
    """Text from the results that is no measured number: a hash, a date, a version, a parameter of
    a series, a place in the SDK's code, what a benchmark noted.

    ``code``: set as code; ``commit``: the whole hash, if the text is a commit's; ``sources``: the
    series whose note or parameter it is, where that is not said beside it.
    """

    text: str
    code: bool = False
    commit: str = ""
    sources: tuple[FigureSource, ...] = ()


Span = str | Figure | Fact


def derived(value: float, text: str, figures: Iterable[Figure]) -> Figure:
    """A number that is reckoned from others."""
    sources = tuple(dict.fromkeys(source for figure in figures for source in figure.sources))
    return Figure(value, text, sources)


def share(part: Figure, whole: Figure) -> Figure | None:
    """``part / whole`` in per cent; None if the whole is nothing."""
    if not whole.value:
        return None
    value = part.value / whole.value
    return derived(value, percent(value), (part, whole))


def compared(after: Figure, before: Figure) -> Figure | None:
    """How ``after`` compares, to follow a comma: ``3.4 times as much``, ``27 % less``, ``as much``;
    None if before is nothing."""
    if not before.value:
        return None
    value = after.value / before.value
    if value >= 2:
        text = f"{rough(value)} times as much"
    elif abs(value - 1) < 0.0005:
        text = "as much"
    else:
        text = f"{percent(abs(value - 1))} {'more' if value > 1 else 'less'}"
    return derived(value, text, (after, before))


def total(figures: Iterable[Figure], unit: str) -> Figure:
    """The sum of figures of one unit. ``ValueError`` if there are none."""
    chosen = list(figures)
    value = sum(figure.value for figure in chosen)
    return derived(value, written(value, unit), chosen)


def written(value: float, unit: str) -> str:
    """A number of that unit: ``3.14 ms``, ``12 %``, ``1,005``. Counts keep all digits."""
    if unit in ("fraction", "relative error"):
        return percent(value)
    if unit == "exponent":
        return f"{value:.2f}"
    return quantity(value, unit, "sampled")


def percent(fraction: float) -> str:
    """``12 %``, ``3.4 %``; what rounds to nothing without being it, ``below 0.1 %``."""
    value = fraction * 100
    if value and abs(value) < 0.1:
        return "below 0.1 %"
    digits = 0 if abs(value) >= 9.95 or round(float(value), 1).is_integer() else 1
    return f"{value:,.{digits}f} %"


def rough(value: float) -> str:
    """Two digits, whole numbers from 100 on: ``3.4``, ``27``, ``1,200``."""
    if abs(value) >= 100:
        return f"{float(f'{value:.2g}'):,.0f}"
    return f"{value:.2g}"
