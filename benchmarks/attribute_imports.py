"""What ``benchmarks.attribute`` says of a figure of the SDK's import.

``imports`` lists what was loaded, the root first: ``[above, name, [origin, file, line, function],
file, amount, modules]``. ``above``: the number of what asked for it, -1 for none; then where the
code is that asked (null: asked for by name); ``file``: its own, if it is the SDK's, or "";
``amount``: bytecodes, or CPU seconds; ``modules``: how many came with it.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from benchmarks.core.measured import choose, measured
from benchmarks.core.subject import require_sdk, target
from meters import import_tree
from meters.import_tree import Loaded

RUNS = 5
"""Imports of which the CPU seconds are the median, by module."""


def with_imports(
    benchmark: Any, index: int, place: Callable[[str], tuple[str, str]], *, is_timed: bool
) -> dict[str, Any]:
    """One combination of a benchmark that measures the SDK's import, and what that loads.
    ``place``: whose a file is, and how it is called. Raises what it raises."""
    require_sdk()
    names = target().imports
    if is_timed:
        loaded = _medians([import_tree.timed(names, warm=True) for _ in range(RUNS)])
        value: Any = sum(one.amount for one in loaded)
        wrong = ""
    else:
        loaded = import_tree.counted(names, warm=True)
        choose(benchmark, index)
        value, wrong = measured(benchmark)
    rows = [_row(one, place) for one in loaded]
    empty: dict[str, Any] = {"functions": [], "contexts": [], "waits": []}
    return {"value": value, "wrong": wrong, **empty, "imports": rows}


def _row(one: Loaded, place: Callable[[str], tuple[str, str]]) -> list[Any]:
    file, line, function = one.importer
    importer = [*place(file), line, function] if file else None
    origin, own = place(one.file) if one.file else ("", "")
    is_own = origin == "own"
    return [one.above, one.name, importer, own if is_own else "", one.amount, len(one.added)]


def _medians(runs: Sequence[Sequence[Loaded]]) -> list[Loaded]:
    """What the first run loads, each with the median of what all took for it."""
    amounts = [{(one.above, one.name): one.amount for one in run} for run in runs]
    return [
        replace(one, amount=statistics.median(run.get((one.above, one.name), 0) for run in amounts))
        for one in runs[0]
    ]
