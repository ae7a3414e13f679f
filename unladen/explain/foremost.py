"""The first parts of an explained figure, whatever it is about, for short forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from unladen.explain.code import Key
from unladen.explain.run import TIME, ExplainedFigure
from unladen.explain.waits_text import bare, seconds, times

PARTS = 3


@dataclass(frozen=True)
class Foremost:
    """A cause with its biggest part. ``change``: with its unit; ``share``: of the difference, "" if
    there is none; ``line``: 0 if it has none; ``said``: what happens there, one line."""

    key: Key
    change: str
    share: str
    line: int
    said: str


def foremost(figure: ExplainedFigure, number: int = PARTS) -> list[Foremost]:
    """The first causes: by waits if the figure is one of time and these differ, else by work."""
    is_waited = figure.waits is not None and figure.waits.causes
    found = _waits(figure) if is_waited and figure.cell.series.group == TIME else _work(figure)
    return list(islice(found, number))


def _waits(figure: ExplainedFigure) -> Iterator[Foremost]:
    waits = figure.waits
    for cause in waits.causes if waits is not None else ():
        if waits is not None and cause.key is not None:
            part = cause.parts[0]
            said = f"{bare(part.place.where)} waits {times(part.times)}: {part.place.via}"
            sign = "+" if cause.change > 0 else "-"
            change = f"{sign}{seconds(abs(cause.change))}"
            share = f"{cause.change / waits.change:.0%}" if waits.change else ""
            yield Foremost(cause.key, change, share, part.line, said)


def _work(figure: ExplainedFigure) -> Iterator[Foremost]:
    work = figure.work
    for cause in work.causes if work is not None else ():
        if work is not None:
            part = cause.parts[0]
            into = f"{bare(part.place.into)} {times(part.calls)}: " if part.place.into else ""
            said = f"{into}{part.place.text}".removesuffix(": ")
            share = f"{cause.change / work.change:.0%}" if work.change else ""
            yield Foremost(cause.key, f"{cause.change:+,} bytecodes", share, part.line, said)
