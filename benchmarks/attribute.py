"""Whose work one figure is: what ``unladen explain`` asks a process of the SDK.

``python -m benchmarks.attribute SERIES INDEX`` measures one parameter combination again, with the
calling contexts of all that it counts, and prints one JSON object: ``value`` (NaN for n/a),
``wrong`` (what is wrong with the outcome, or ""), ``functions``, ``contexts`` and ``waits``. With
``--whole`` it counts the benchmark function as a whole, for a series that counts no bytecodes.

A function is ``[origin, file, name]``. ``origin``: ``own`` (the SDK's), ``asyncio``,
``library``, or ``harness`` (what measures, mocks and drives it). A context is ``[caller, function,
line of the caller, entered, resumed, {line: bytecodes}, {C function: calls}]``; callers and
functions by their number, -1 for no caller. A wait of the critical path is ``[context, line, start,
end]``, -1 and 0 where it is of no code of the SDK's, in seconds since the first began; of the last
block that was counted. ``parts``, of a figure that counts statements, model calls and the like:
each ``[text, [[file, function, line], ...], times]``, the SDK's functions above it, innermost
first; they add up to the figure, or there are none.

With ``--trace`` it counts the whole benchmark, and gives in order what it did: ``steps``, each
``[context, line]`` of the SDK's that ran, and ``order``, their numbers one after the other, of the
first 200,000; ``raised``, exceptions that came up in the SDK's code, ``[context, line, type,
times]``; and ``calls``, those to the model, ``[role, agent, outcome, place]``, the place as in
``parts``. Without it these are empty.

With ``--sites`` it counts nothing, and gives ``sites`` besides: what the last ``memory.traced``
call retains, each ``[[[origin, file, line], ...], bytes]``, the most recent call first; and
``retained``, how much that is.

With ``--imports`` or ``--import-seconds`` it gives ``imports`` alone
(``benchmarks.attribute_imports``).

Exit code 0, 1 if the cell failed (the traceback is printed), 2 if there is no such cell.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import re
import sys
import sysconfig
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path, PurePath
from types import CodeType
from typing import Any

from asv_runner.discovery import disc_benchmarks

from benchmarks.attribute_imports import with_imports
from benchmarks.core import counted, forked, telling, unseen
from benchmarks.core.counted import Counted
from benchmarks.core.measured import (
    Figure,
    attempts_used,
    cells_of,
    choose,
    measured,
    measured_alone,
)
from benchmarks.core.notes import without_notes
from benchmarks.core.recorded import Forks, Printed, recorded_in_forks
from benchmarks.core.rooms import ROOMS, ROOT
from benchmarks.core.subject import package_path
from benchmarks.core.telling import place_of, told
from meters import allocation_sites, bytecodes
from meters.attribution import Context, Recording, line_at, recording
from meters.critical_path import Wait
from meters.traces import Trace

SUITE = Path(__file__).resolve().parent

UNCOUNTED = tuple(str(one.__file__) for one in (forked, telling, counted, unseen))
"""Files whose frames are not counted: one polls, the others are not there but for this command."""

DRIVER = "UNLADEN_TARGET_DIR"
"""Names the folder of a driver that lies elsewhere, as in ``unladen.measure.variables``."""


def _places() -> list[tuple[str, str, str]]:
    """Folders, whose files they hold, and the folder from which these are named."""
    rooms = [os.path.realpath(ROOT / room) for room in ROOMS]
    driver = [os.path.realpath(os.environ[DRIVER])] if DRIVER in os.environ else []
    packages = {os.path.realpath(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    standard = os.path.realpath(sysconfig.get_path("stdlib"))
    return [
        *((folder, "harness", os.path.dirname(folder)) for folder in (*rooms, *driver)),
        *((folder, "library", folder) for folder in sorted(packages)),
        (os.path.dirname(os.path.realpath(asyncio.__file__)), "asyncio", standard),
        (standard, "library", standard),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attribute", description=__doc__)
    parser.add_argument("series")
    parser.add_argument("index", type=int)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--whole", action="store_true", help="count the benchmark as a whole")
    how.add_argument("--trace", action="store_true", help="the same, and what runs in order")
    how.add_argument("--sites", action="store_true", help="where retained memory was allocated")
    how.add_argument("--imports", action="store_true", help="what imports what, in bytecodes")
    how.add_argument("--import-seconds", action="store_true", help="the same, in CPU seconds")
    options = parser.parse_args(arguments)
    answer = os.dup(1)
    os.dup2(2, 1)  # whatever the SDK prints is no part of the answer
    is_whole = options.whole or options.trace
    is_own = cache(lambda file: bool(package_path(file)))
    with (
        recording(is_own, skip=UNCOUNTED, is_traced=options.trace) as kept,
        recorded_in_forks(kept, partial(as_json, kept)) as recorded,
        told(_own_function, _marks(kept)) if is_whole else nullcontext(),
    ):
        # Inside, so that modules of benchmarks import the counter that keeps contexts.
        found = [one for one in disc_benchmarks(str(SUITE)) if one.name == options.series]
        if not found or not 0 <= options.index < len(cells_of(found[0])):
            print(f"there is no {options.series} [{options.index}]", file=sys.stderr)
            return 2
        if options.imports or options.import_seconds:
            data = with_imports(found[0], options.index, place, is_timed=options.import_seconds)
        elif options.sites:
            data = {**with_sites(found[0], options.index), **recorded.all()}
        else:
            data = attributed(found[0], options.index, recorded, whole=is_whole)
    with os.fdopen(answer, "w") as out:
        out.write(json.dumps(data, separators=(",", ":")) + "\n")
    return 0


def _marks(kept: Recording) -> Callable[[object], object]:
    """What a trace is told of model calls, if there is one."""
    return (lambda call: None) if kept.trace is None else kept.trace.marks.append


def attributed(benchmark: Any, index: int, recorded: Forks, *, whole: bool) -> dict[str, Any]:
    """One combination of a benchmark, measured with its contexts. Raises what it raises."""
    attempt = None
    if benchmark.setup_cache_key is not None:
        with without_notes():
            attempt = attempts_used(benchmark)[index]
        recorded.forget()
    value, wrong = _figure(benchmark, index, attempt, whole)
    return {"value": value, "wrong": wrong, **recorded.all(), "parts": _parts(value)}


def _parts(value: object) -> list[list[Any]]:
    """What a number that was counted is a number of, in an order that is the same each time."""
    parts = value.parts.items() if isinstance(value, Counted) else ()
    return sorted([text, list(map(list, place)), times] for (text, place), times in parts)


def with_sites(benchmark: Any, index: int) -> dict[str, Any]:
    """One combination of a benchmark, measured with the sites of what it retains; none of a
    benchmark whose figures come from a ``setup_cache``. Raises what it raises."""
    if benchmark.setup_cache_key is not None:
        return {"value": math.nan, "wrong": "", "sites": [], "retained": 0}
    choose(benchmark, index)
    plain = benchmark.do_run
    seen: list[allocation_sites.Sites] = []

    def run() -> Any:
        with allocation_sites.recording() as kept:
            value = plain()
        seen.append(kept)
        return value

    benchmark.do_run = run
    value, wrong = measured(benchmark)
    listed = [
        [[[*place(file), line] for file, line in frames], size]
        for kept in seen
        for frames, size in kept.grown().items()
    ]
    retained = sum(kept.retained for kept in seen)
    return {"value": value, "wrong": wrong, "sites": sorted(listed), "retained": retained}


def _figure(benchmark: Any, index: int, attempt: int | None, whole: bool) -> Figure:
    if attempt is not None:
        alone = _counted(measured_alone) if whole else measured_alone
        return alone(benchmark, index, attempt)
    choose(benchmark, index)
    if benchmark.setup_cache_key is not None:
        benchmark.set_cache(benchmark.do_setup_cache())
    if whole:
        benchmark.do_run = _counted(benchmark.do_run)
    return measured(benchmark)


def _counted(call: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any) -> Any:
        with bytecodes.BytecodeCounter():
            return call(*arguments)

    return run


_UNNAMED = re.compile(r"(?:\.<locals>)?\.?<(?!locals>|module>).*")
"""The end of the name of a comprehension, a generator expression or a lambda."""


@dataclass(frozen=True, slots=True)
class _Function:
    origin: str
    file: str
    name: str


def as_json(kept: Recording) -> Printed:
    """The contexts of a recording, callers first."""
    functions: dict[_Function, int] = {}
    contexts: list[list[Any]] = []
    waits: list[list[float]] = []
    numbers: dict[int, int] = {}
    for tree in kept.trees:
        for context in tree.contexts:
            numbers[id(context)] = len(contexts)
            contexts.append(_row(context, numbers, functions))
        waits = _waits(tree.waits(), numbers)
    listed = [[one.origin, one.file, one.name] for one in functions]
    trace = kept.trace or Trace(kept.is_own)
    raised = trace.raised.items()
    return {
        "functions": listed,
        "contexts": contexts,
        "waits": waits,
        "steps": [[numbers[id(context)], line] for context, line in trace.places],
        "order": trace.order.tolist(),
        "raised": [
            [numbers[id(where)], line, name, times] for (where, line, name), times in raised
        ],
        "calls": [
            [call.role, call.agent, call.outcome, list(map(list, place_of(call)))]
            for call in trace.marks
        ],
    }


def _waits(path: Sequence[Wait[tuple[Context, int]]], numbers: dict[int, int]) -> list[list[float]]:
    began = path[0].start if path else 0.0
    found = []
    for wait in path:
        place = (-1, 0) if wait.place is None else (numbers[id(wait.place[0])], wait.place[1])
        times = (round(instant - began, 9) for instant in (wait.start, wait.end))
        found.append([*place, *times])
    return found


def _row(context: Context, numbers: dict[int, int], functions: dict[_Function, int]) -> list[Any]:
    caller = context.caller
    function = function_of(context.code)
    return [
        -1 if caller is None else numbers[id(caller)],
        functions.setdefault(function, len(functions)),
        0 if caller is None else line_at(caller.code, context.offset),
        context.entered,
        context.resumed,
        dict(sorted(context.lines().items())),
        dict(sorted(context.c_calls.items())),
    ]


def function_of(code: CodeType) -> _Function:
    """The function that ``code`` is; what has no name of its own belongs to the one around it."""
    origin, file = place(code.co_filename)
    name = _UNNAMED.sub("", code.co_qualname) or "<module>"
    return _Function(origin, file, name)


_PLACES = _places()


def _own_function(code: CodeType) -> tuple[str, str] | None:
    if not package_path(code.co_filename):
        return None
    found = function_of(code)
    return found.file, found.name


@cache
def place(file: str) -> tuple[str, str]:
    """Whose a file is, and how it is called wherever the SDK and its environment lie."""
    if own := package_path(file):
        return "own", own
    if file.startswith("<"):
        return "library", file
    path = os.path.realpath(file)
    for folder, origin, base in _PLACES:
        if path.startswith(folder + os.sep):
            return origin, PurePath(path).relative_to(base).as_posix()
    return "library", os.path.basename(path)


if __name__ == "__main__":
    sys.exit(main())
