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
block that was counted. ``holds``: of locks that something later on the path waited for, each
``[context, line, context, line, start, [wait, ...]]``: where who held it had asked for it, where it
was made, since when both it was held and waited for, and the numbers of the waits that passed until
it was given free. ``parts``, of a figure that counts statements, model calls and the like:
each ``[text, [[file, function, line], ...], times]``, the SDK's functions above it, innermost
first; they add up to the figure, or there are none.

With ``--trace`` it counts the whole benchmark, and gives in order what it did: ``steps``, each
``[context, line]`` of the SDK's that ran, and ``order``, their numbers one after the other, of the
first 200,000; ``raised``, exceptions that came up in the SDK's code, ``[context, line, type,
times]``; and ``calls``, those to the model, ``[role, agent, outcome, place]``, the place as in
``parts``. Without it these are empty.

With ``--calls`` it counts the function calls that the figure counts, and "bytecodes" are calls:
where a function is entered or resumed, or calls one of C.

With ``--sites`` or ``--holders`` it counts nothing, and says where what is retained was allocated,
or what holds it (``benchmarks.attribute_memory``), or with ``--peak`` what is alive at the peak
(``benchmarks.attribute_peak``); with ``--imports`` or ``--import-seconds``, what
imports what (``benchmarks.attribute_imports``).

Exit code 0, 1 if the cell failed (the traceback is printed), 2 if there is no such cell.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from asv_runner.discovery import disc_benchmarks

from benchmarks.attribute_imports import with_imports
from benchmarks.attribute_memory import with_holders, with_sites
from benchmarks.attribute_peak import with_peak
from benchmarks.attribute_printed import as_json, own_function, place
from benchmarks.core import counted, forked, telling, unseen
from benchmarks.core.counted import Counted
from benchmarks.core.measured import cells_of, figure_of, sole_attempt
from benchmarks.core.recorded import Forks, recorded_in_forks
from benchmarks.core.subject import package_path
from benchmarks.core.telling import told
from meters import bytecodes
from meters.recorded_blocks import Recording, recording
from meters.traces import Trace
from mocks.clock import await_chain

SUITE = Path(__file__).resolve().parent

UNCOUNTED = tuple(str(one.__file__) for one in (forked, telling, counted, unseen))
"""Files whose frames are not counted: one polls, the others are not there but for this command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attribute", description=__doc__)
    parser.add_argument("series")
    parser.add_argument("index", type=int)
    options_of = parser.add_mutually_exclusive_group()
    options_of.add_argument("--whole", action="store_true", help="count the benchmark as a whole")
    options_of.add_argument("--trace", action="store_true", help="the same, and what runs in order")
    options_of.add_argument("--calls", action="store_true", help="count its function calls")
    options_of.add_argument(
        "--sites", action="store_true", help="where retained memory was allocated"
    )
    options_of.add_argument("--holders", action="store_true", help="what holds retained memory")
    options_of.add_argument("--peak", action="store_true", help="what is alive at its peak")
    options_of.add_argument(
        "--imports", action="store_true", help="what imports what, in bytecodes"
    )
    options_of.add_argument(
        "--import-seconds", action="store_true", help="the same, in CPU seconds"
    )
    options = parser.parse_args(arguments)
    named = ("whole", "trace", "calls", "sites", "holders", "peak", "imports", "import_seconds")
    how = next((name for name in named if getattr(options, name)), "")
    printing = os.dup(1)
    os.dup2(2, 1)  # whatever the SDK prints is no part of the answer
    with asking() as (kept, recorded):
        found = [one for one in disc_benchmarks(str(SUITE)) if one.name == options.series]
        if not found or not 0 <= options.index < len(cells_of(found[0])):
            print(f"there is no {options.series} [{options.index}]", file=sys.stderr)
            return 2
        data = answer(found[0], options.index, how, kept, recorded)
    with os.fdopen(printing, "w") as out:
        out.write(json.dumps(data, separators=(",", ":")) + "\n")
    return 0


@contextmanager
def asking() -> Iterator[tuple[Recording, Forks]]:
    """Within the block, whose work a figure is can be asked. Benchmarks are discovered inside, so
    that their modules import the counter that keeps contexts."""
    is_own = cache(lambda file: bool(package_path(file)))
    with (
        recording(is_own, skip=UNCOUNTED, frames=await_chain) as kept,
        recorded_in_forks(kept, partial(as_json, kept)) as recorded,
    ):
        yield kept, recorded


def answer(
    benchmark: Any, index: int, how: str, kept: Recording, recorded: Forks
) -> dict[str, Any]:
    """One combination of a benchmark. ``how``: "", or as an option is called. Raises what it
    raises."""
    if how in ("imports", "import_seconds"):
        return with_imports(benchmark, index, place, is_timed=how == "import_seconds")
    if how == "peak":
        return with_peak(benchmark, index, place)
    if how in ("sites", "holders"):
        return (with_sites if how == "sites" else with_holders)(benchmark, index, place)
    kept.is_of_calls = how == "calls"
    if how in ("", "calls"):
        return attributed(benchmark, index, recorded, whole=False)
    if how == "trace":
        kept.trace = Trace(kept.is_own)
    marks = [] if kept.trace is None else [kept.trace.marks.append]
    with told(own_function, *marks):
        return attributed(benchmark, index, recorded, whole=True)


def attributed(benchmark: Any, index: int, recorded: Forks, *, whole: bool) -> dict[str, Any]:
    """One combination of a benchmark, measured with its contexts. Raises what it raises."""
    attempt = sole_attempt(benchmark, index)
    if benchmark.setup_cache_key is not None:
        recorded.forget()
    value, wrong = figure_of(benchmark, index, attempt, _counted if whole else None)
    return {"value": value, "wrong": wrong, **recorded.all(), "parts": _parts(value)}


def _parts(value: object) -> list[list[Any]]:
    """What a number that was counted is a number of, in an order that is the same each time."""
    parts = value.parts.items() if isinstance(value, Counted) else ()
    return sorted([text, list(map(list, place)), times] for (text, place), times in parts)


def _counted(call: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any) -> Any:
        with bytecodes.BytecodeCounter():
            return call(*arguments)

    return run


if __name__ == "__main__":
    sys.exit(main())
