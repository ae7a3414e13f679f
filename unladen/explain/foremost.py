"""The first parts of an explained figure, whatever it is about, for short forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from itertools import islice

from unladen.explain.code import Key
from unladen.explain.counted import CountedThings
from unladen.explain.holders import HoldersOfRetained
from unladen.explain.imports import Imports
from unladen.explain.kinds import OUTCOMES, RETAINED, WAITS, WORK, kind_of
from unladen.explain.outcomes import Outcomes
from unladen.explain.peaks import Peak
from unladen.explain.retained import Retained
from unladen.explain.rows import bare, seconds, times
from unladen.explain.run import ExplainedFigure
from unladen.explain.sums import P, SumCause, SumOfCauses
from unladen.explain.waits import Waits
from unladen.explain.work.explained import ExplainedWork

PARTS = 3


@dataclass(frozen=True)
class Foremost:
    """A cause with its biggest part. ``change``: with its unit; ``share``: of the difference, "" if
    there is none; ``line``: 0 if it has none, and its ``text``; ``said``: what happens there, one
    line."""

    key: Key
    change: str
    share: str
    line: int
    said: str
    text: str = ""


def foremost(figure: ExplainedFigure, number: int = PARTS) -> list[Foremost]:
    """The first causes: by what its kind of explanation is called if that has any, else by work."""
    found: dict[Key, Foremost] = {}
    for one in _of_kind(figure) or told(figure.work):
        found.setdefault(one.key, one)
    return list(islice(found.values(), number))


def is_of_benchmark(figure: ExplainedFigure) -> bool:
    """Whether these are causes of the work of its whole benchmark, and not of the figure itself."""
    return figure.is_whole and (kind_of(figure.cell.series) == WORK or not _of_kind(figure))


def _of_kind(figure: ExplainedFigure) -> list[Foremost]:
    """What its kind of explanation names: of memory, who has it held before who allocates it; of a
    count that is no sum, who waits otherwise; of what only ends otherwise, who parted that."""
    kind = kind_of(figure.cell.series)
    if figure.is_of_time:
        kind = WAITS
    if figure.only_ends_otherwise:
        kind = OUTCOMES
    explained = [figure.holders] if kind == RETAINED else []
    return [one for each in (*explained, getattr(figure, kind, None)) for one in told(each)]


@singledispatch
def told(explained: object) -> Iterator[Foremost]:
    """The causes that one kind of explanation names, foremost first; none of nothing."""
    if explained is not None:
        raise TypeError(f"there is no short form of {type(explained).__name__}")
    return iter(())


@told.register
def _waits(waits: Waits) -> Iterator[Foremost]:
    for key, cause, part in _first_parts(waits):
        lock = f"{part.place.lock} a lock while " if part.place.lock else ""
        said = f"{lock}{bare(part.place.where)} waits {times(part.times)}: {part.place.via}"
        change = f"{_sign(cause.change)}{seconds(abs(cause.change))}"
        share = _share(cause.change, waits.change)
        yield Foremost(key, change, share, part.line, said, part.place.via)


@told.register
def _counted(counted: CountedThings) -> Iterator[Foremost]:
    for key, cause, part in _first_parts(counted):
        said = f"{times(part.times)}: {part.place.text}"
        share = _share(cause.change, counted.change)
        yield Foremost(key, f"{cause.change:+,}", share, part.line, said, part.place.via)


@told.register
def _outcomes(outcomes: Outcomes) -> Iterator[Foremost]:
    parting = outcomes.parting
    lines = () if parting is None else (parting.last, parting.after, parting.before)
    named = [one for one in lines if one is not None]
    named += [one.where for one in outcomes.raised]
    for key in outcomes.causes:
        line = next((one for one in named if one.key == key == one.cause), None)
        number, text = (0, "") if line is None else (line.line, line.text)
        yield Foremost(key, "does otherwise", "", number, text, text)
    for one in outcomes.suspects:
        yield Foremost(one.key, one.does, "", one.line, one.text, one.text)


@told.register
def _imports(imports: Imports) -> Iterator[Foremost]:
    for cause in imports.causes:
        if cause.key is not None and cause.importer is not None:
            size = abs(cause.amount)
            amount = seconds(size) if imports.is_sampled else f"{size:,.0f} bytecodes"
            change = f"{_sign(cause.amount)}{amount}"
            share = _share(cause.amount, imports.amount_change)
            brings = "no more brings" if cause.is_gone else "brings"
            said = f"{brings} {cause.name}: {cause.modules:+,} modules"
            line = 0 if cause.is_gone else cause.importer.line
            yield Foremost(cause.key, change, share, line, said, cause.text)


@told.register
def _holders(holders: HoldersOfRetained) -> Iterator[Foremost]:
    for key, cause, part in _first_parts(holders):
        if key in holders.to_blame:
            share = _share(cause.change, holders.change)
            said = f"held by {part.place.text}"
            yield Foremost(key, f"{cause.change:+,} bytes", share, 0, said)


@told.register
def _retained(retained: Retained | Peak) -> Iterator[Foremost]:
    for key, cause, part in _first_parts(retained):
        said = f"allocated in {bare(part.place.where)}: {part.place.text}"
        share = _share(cause.change, retained.change)
        yield Foremost(key, f"{cause.change:+,} bytes", share, part.line, said, part.place.text)


@told.register
def _work(work: ExplainedWork) -> Iterator[Foremost]:
    for cause in work.causes:
        part = cause.parts[0]
        into = f"{bare(part.place.into)} {times(part.calls)}: " if part.place.into else ""
        said = f"{into}{part.place.text}".removesuffix(": ")
        change = f"{cause.change:+,} {work.unit}"
        share = _share(cause.change, work.change)
        yield Foremost(cause.key, change, share, part.line, said, part.place.text)


def _first_parts(found: SumOfCauses[P]) -> Iterator[tuple[Key, SumCause[P], P]]:
    """Each function that is a cause, and the biggest of its parts."""
    for cause in found.causes:
        if cause.key is not None:
            yield cause.key, cause, cause.parts[0]


def _sign(change: float) -> str:
    return "+" if change > 0 else "-"


def _share(change: float, total: float) -> str:
    return f"{change / total:.0%}" if total else ""
