"""What ``benchmarks.attribute`` says of memory that a figure's work retains.

It is that of one ``memory.traced`` call: the only one, or of several in a row that with the median
of what they retain, as their figure is a median. ``retained``: how many bytes that is.

``sites``: where they were allocated, each ``[[[origin, file, line], ...], bytes]``, the most recent
call first.

``held``: what holds them, each ``[steps, bytes, objects]`` of the objects that are reached in one
way. A step is ``[name, kind]``: the name by which the step before holds it (``.NAME``, or ""), and
the number of its kind; the first step holds what is retained by the name of the second, if that has
one. ``kinds``: each ``[words, type, origin, file, name]``: what an object is, its type, and whose
class, function or module that is, in which file it is and what it is called there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, TypeVar

from benchmarks.core import forked
from benchmarks.core.cells import value_of
from benchmarks.core.measured import Figure, figure_of, sole_attempt
from benchmarks.core.notes import without_notes
from meters import allocation_sites, holders
from meters.memory_looks import CallLooks, LookedAtCall, UnseenCalls, looking
from meters.object_edges import ObjectKind

Place = Callable[[str], tuple[str, str]]
"""Whose a file is, and its name."""

F = TypeVar("F")

LIMIT_S = 1000.0
"""Real seconds that a figure may take that is measured once without looks."""


def with_sites(benchmark: Any, index: int, place: Place) -> dict[str, Any]:
    """One combination of a benchmark, with the sites of what it retains. Raises what it raises."""
    measured_again, call = _looked_at(benchmark, index, allocation_sites.recording)
    grown = {} if call is None or call.found is None else call.found
    listed = [
        [[[*place(file), line] for file, line in frames], size] for frames, size in grown.items()
    ]
    retained = 0 if call is None else call.retained
    return {**measured_again, "sites": sorted(listed), "retained": retained}


def with_holders(benchmark: Any, index: int, place: Place) -> dict[str, Any]:
    """One combination of a benchmark, with what holds what it retains. Raises what it raises."""
    measured_again, call = _looked_at(benchmark, index, holders.recording)
    kinds: dict[ObjectKind, int] = {}
    ways = []
    for held in () if call is None or call.found is None else call.found:
        steps = [[one.edge, kinds.setdefault(one.kind, len(kinds))] for one in held.steps]
        ways.append([steps, held.size, held.objects])
    said = [[one.words, one.type, *_placed(one.file, place), one.name] for one in kinds]
    retained = 0 if call is None else call.retained
    return {**measured_again, "held": ways, "kinds": said, "retained": retained}


def _placed(file: str, place: Place) -> tuple[str, str]:
    return place(file) if file else ("library", "")


def _looked_at(
    benchmark: Any,
    index: int,
    recording: Callable[[int | None], AbstractContextManager[CallLooks[Any, F]]],
) -> tuple[dict[str, Any], LookedAtCall[F] | None]:
    """The figure again, and the call that tells it. Looks take long: only that one is looked at,
    which a process finds out first that does not look."""
    with without_notes():
        calls = value_of(forked.in_child(partial(_unseen, benchmark, index), limit_s=LIMIT_S))
    with recording(median_of(calls)) as kept:
        value, wrong = figure_seen(benchmark, index, kept)
    empty: dict[str, Any] = {"functions": [], "contexts": [], "waits": []}
    looked_at = [one for one in kept.calls if one.found is not None]
    return {"value": value, "wrong": wrong, **empty}, next(iter(looked_at), None)


def _unseen(benchmark: Any, index: int) -> list[int]:
    """How many bytes each call retains."""
    kept = UnseenCalls()
    with looking(kept):
        figure_seen(benchmark, index, kept)
    return [one.retained for one in kept.calls]


def figure_seen(benchmark: Any, index: int, kept: forked.Witness) -> Figure:
    """The figure again, ``kept`` being a witness. Raises what it raises."""
    forked.witnesses.append(kept)
    try:
        return figure_of(benchmark, index, sole_attempt(benchmark, index))
    finally:
        forked.witnesses.remove(kept)


def median_of(bytes_of_calls: Sequence[int]) -> int | None:
    """The number of the call that has the median; None without any."""
    ordered = sorted(range(len(bytes_of_calls)), key=lambda number: bytes_of_calls[number])
    return ordered[len(ordered) // 2] if ordered else None
