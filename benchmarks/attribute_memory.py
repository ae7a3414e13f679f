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
from typing import Any, Protocol, TypeVar

from benchmarks.core import forked
from benchmarks.core.measured import attempt_of, choose, measured, measured_alone
from benchmarks.core.notes import without_notes
from meters import allocation_sites, holders
from meters.object_edges import ObjectKind

Place = Callable[[str], tuple[str, str]]
"""Whose a file is, and its name."""


class _Retaining(Protocol):
    @property
    def retained(self) -> int: ...


C = TypeVar("C", bound=_Retaining)


class _Recorder(Protocol[C]):
    calls: list[C]

    def forked(self) -> None: ...
    def witnessed(self) -> list[C]: ...
    def learn(self, witnessed: list[C], /) -> None: ...


def with_sites(benchmark: Any, index: int, place: Place) -> dict[str, Any]:
    """One combination of a benchmark, with the sites of what it retains. Raises what it raises."""
    measured_again, call = _recorded(benchmark, index, allocation_sites.recording())
    grown = {} if call is None else call.grown
    listed = [
        [[[*place(file), line] for file, line in frames], size] for frames, size in grown.items()
    ]
    retained = 0 if call is None else call.retained
    return {**measured_again, "sites": sorted(listed), "retained": retained}


def with_holders(benchmark: Any, index: int, place: Place) -> dict[str, Any]:
    """One combination of a benchmark, with what holds what it retains. Raises what it raises."""
    measured_again, call = _recorded(benchmark, index, holders.recording())
    kinds: dict[ObjectKind, int] = {}
    ways = []
    for held in () if call is None else call.held:
        steps = [[one.edge, kinds.setdefault(one.kind, len(kinds))] for one in held.steps]
        ways.append([steps, held.size, held.objects])
    said = [[one.words, one.type, *_placed(one.file, place), one.name] for one in kinds]
    retained = 0 if call is None else call.retained
    return {**measured_again, "held": ways, "kinds": said, "retained": retained}


def _placed(file: str, place: Place) -> tuple[str, str]:
    return place(file) if file else ("library", "")


def _recorded(
    benchmark: Any, index: int, recording: AbstractContextManager[_Recorder[C]]
) -> tuple[dict[str, Any], C | None]:
    attempt = None
    if benchmark.setup_cache_key is not None:
        with without_notes():
            attempt = attempt_of(benchmark, index)
    with recording as kept:
        forked.witnesses.append(kept)
        try:
            if attempt is not None:
                value, wrong = measured_alone(benchmark, index, attempt)
            else:
                choose(benchmark, index)
                if benchmark.setup_cache_key is not None:
                    benchmark.set_cache(benchmark.do_setup_cache())
                value, wrong = measured(benchmark)
        finally:
            forked.witnesses.remove(kept)
    empty: dict[str, Any] = {"functions": [], "contexts": [], "waits": []}
    return {"value": value, "wrong": wrong, **empty}, _median(kept.calls)


def _median(calls: Sequence[C]) -> C | None:
    ordered = sorted(calls, key=lambda one: one.retained)
    return ordered[len(ordered) // 2] if ordered else None
