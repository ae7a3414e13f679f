"""What ``benchmarks.attribute`` says of the peak of memory of a figure's work.

It is that of one ``memory.traced`` call: the only one, or of several that with the median of their
peaks. ``retained``: how many bytes the peak is. ``sites``: where what is alive then was allocated,
as for what is retained (``benchmarks.attribute_memory``), and with it what the line holds besides
that reaches the peak. ``at``: the lines that run then, ``[origin, file, line]``, the most recent
call first; empty if that was not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.attribute_memory import LIMIT_S, Place, figure_seen, median_of
from benchmarks.core import forked
from benchmarks.core.cells import value_of
from benchmarks.core.measured import Figure
from benchmarks.core.notes import without_notes
from meters.allocation_sites import tracing_frames
from meters.peak_sites import (
    NOWHERE,
    AliveAtPeak,
    PeakMoment,
    PeakOfCall,
    PeakSteps,
    searching,
)


@dataclass(frozen=True, slots=True)
class _Searched:
    figure: Figure
    calls: list[PeakOfCall]
    line: int
    alive: AliveAtPeak | None


def with_peak(benchmark: Any, index: int, place: Place) -> dict[str, Any]:
    """One combination of a benchmark, with what is alive at its peak. Raises what it raises."""
    first = _searched(benchmark, index, PeakSteps())
    value, wrong = first.figure
    number = median_of([one.peak for one in first.calls])
    found: dict[str, Any] = {"functions": [], "contexts": [], "waits": []}
    found.update(value=value, wrong=wrong, retained=0, sites=[], at=[])
    if number is None:
        return found
    found["retained"] = first.calls[number].peak
    callback = first.calls[number].callback
    if callback == NOWHERE:
        return found
    line = _searched(benchmark, index, PeakSteps(number, PeakMoment(callback))).line
    moment = PeakMoment(callback, max(line, 1))
    with tracing_frames():
        alive = _searched(benchmark, index, PeakSteps(number, moment)).alive
    if alive is not None:
        found["sites"] = sorted(
            [[[*place(file), line] for file, line in frames], size]
            for frames, size in alive.grown.items()
        )
        found["at"] = [[*place(file), line] for file, line in alive.at]
    return found


def _searched(benchmark: Any, index: int, steps: PeakSteps) -> _Searched:
    """One step of the search, in a process of its own: all begin alike."""
    with without_notes():
        return value_of(forked.in_child(partial(_search, benchmark, index, steps), limit_s=LIMIT_S))


def _search(benchmark: Any, index: int, steps: PeakSteps) -> _Searched:
    with searching(steps):
        figure = figure_seen(benchmark, index, steps)
    return _Searched(figure, *steps.witnessed())
