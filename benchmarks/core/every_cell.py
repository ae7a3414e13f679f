"""All cells of benchmark classes as a run measures them: what a ``setup_cache`` gives is measured
once for all that read it, and what has none in a process for each figure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from benchmarks.core import forked
from benchmarks.core.cells import Attempt, Broken
from benchmarks.core.measured import Figure, cells_of, choose, measured

CACHE_LIMIT_S = 3600.0
"""Real seconds after which a ``setup_cache`` has failed."""

LIMIT_S = 300.0
"""The same of the cells of a class that read one, and of any other cell."""

Cells = Mapping[tuple[str, ...], tuple[Mapping[str, Figure], str]]
"""By parameter combination its figures, by series, and why one has none: the last line of what was
raised; "" if none failed."""


def every_cell(classes: Sequence[Sequence[Any]]) -> Iterator[tuple[str, Cells]]:
    """Each class by its name: of its series, that of their cells."""
    caches: dict[str, Attempt[Any]] = {}
    for members in classes:
        first = members[0]
        key = first.setup_cache_key
        if key is not None and key not in caches:
            caches[key] = forked.in_child(first.do_setup_cache, limit_s=CACHE_LIMIT_S)
        cells = _alone(members) if key is None else _read(members, caches[key])
        yield first.name.rpartition(".")[0], cells


def _alone(members: Sequence[Any]) -> Cells:
    found = {}
    for index, cell in enumerate(cells_of(members[0])):
        figures, reasons = {}, []
        for one in members:
            made = forked.in_child(partial(_figure, one, index), limit_s=LIMIT_S)
            figures[one.name], reason = _told(made)
            reasons.append(reason)
        found[cell] = figures, "".join(dict.fromkeys(reasons))
    return found


def _read(members: Sequence[Any], cache: Attempt[Any]) -> Cells:
    made = cache
    if not isinstance(cache, Broken):
        made = forked.in_child(partial(_from, members, cache.value), limit_s=LIMIT_S)
    if not isinstance(made, Broken):
        found: Cells = made.value
        return found
    figure, reason = _told(made)
    return {cell: ({one.name: figure for one in members}, reason) for cell in cells_of(members[0])}


def _from(members: Sequence[Any], cache: Any) -> Cells:
    found = {}
    for index, cell in enumerate(cells_of(members[0])):
        figures: dict[str, Figure] = {}
        reason = ""
        for one in members:
            one.set_cache(cache)
            try:
                figures[one.name] = _figure(one, index)
            except Exception as error:  # noqa: BLE001 - whatever an SDK raises is told
                figures[one.name] = None, ""
                reason = f"{type(error).__name__}: {error}".strip().rpartition("\n")[2]
        found[cell] = figures, reason
    return found


def _figure(one: Any, index: int) -> Figure:
    choose(one, index)
    return measured(one)


def _told(made: Attempt[Figure]) -> tuple[Figure, str]:
    """A figure, and why there is none."""
    if not isinstance(made, Broken):
        return made.value, ""
    if made.unavailable:
        return (math.nan, ""), ""
    return (None, ""), made.reason.strip().rpartition("\n")[2]
