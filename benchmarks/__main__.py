"""Measure without asv, for authors of benchmarks and drivers.

``UNLADEN_TARGET=bare python -m benchmarks baseline.Run.track_makespan`` prints one line for each
parameter combination: series, parameters, value, and what is wrong with the outcome that was
measured. ``--json`` prints these four as one JSON array a line, ``--exact`` leaves out sampled
series, ``--question work.makespan`` all that do not answer this one of ``benchmarks.questions``.
Every cell and every ``setup_cache`` runs in a process of its own, as in asv; ``--in-process`` runs
them here, for a debugger.

``--ties`` measures each exact figure of time, calls and outcomes in both orders of the timers that
are due at the same instant, and prints the cells whose figures differ, or of which one is wrong:
series, parameters, one figure, the other, and what is wrong with either. An exact figure must not
turn on such an order. How many do is said on standard error.

Exit code 0, 1 if a cell failed, its outcome is wrong or turns on the order, 2 if no series matches.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import pickle
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from asv_runner.discovery import disc_benchmarks

from benchmarks.core.notes import hearing
from benchmarks.core.ties import SAME_S, reversed_ties
from meters import addresses

SUITE = Path(__file__).resolve().parent

LIMIT_S = 120
"""Seconds after which a cell or a ``setup_cache`` has failed, as in our ``asv.conf.json`` files."""

_AGAIN = "UNLADEN_STARTED_AGAIN"
"""Set when this command has started itself again: a kernel may refuse what it asks for."""


def main(arguments: list[str] | None = None) -> int:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("pattern", nargs="?", default="", help="regular expression for the series")
    parser.add_argument("--exact", action="store_true", help="exact series only")
    parser.add_argument("--question", metavar="MODULE.NAME", help="series that answer it only")
    parser.add_argument("--json", action="store_true", help="one JSON array a line")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--in-process", action="store_true", help="no process for each cell")
    how.add_argument("--ties", action="store_true", help="figures that turn on an order by chance")
    options = parser.parse_args(arguments)
    if addresses.are_random() and _AGAIN not in os.environ:
        os.environ[_AGAIN] = "1"
        addresses.run_without_randomisation(sys.orig_argv[1:])
    call = _here if options.in_process else _in_child
    measure = _both_orders if options.ties else _one_order
    bad = matched = tied = 0
    chosen = (one for one in _series(options.pattern) if _answers(one, options.question))
    for row in measure(chosen, options.exact, call):
        matched += 1
        bad += row.is_bad
        tied += row.is_tied
        if not options.ties or row.is_tied:
            print(row.as_json() if options.json else row)
            sys.stdout.flush()
    if not matched:
        asked = f" and answers {options.question}" if options.question else ""
        print(f"no series matches {options.pattern!r}{asked}", file=sys.stderr)
        return 2
    if options.ties:
        print(f"{tied} of {matched} cells turn on the order of timers", file=sys.stderr)
    return 1 if bad or tied else 0


@dataclass(frozen=True, slots=True)
class Row:
    """A series, one of its parameter combinations, its value, or its values in both orders; and
    for each what is wrong with it, empty if nothing is."""

    series: str
    parameters: tuple[str, ...]
    values: tuple[Any, ...]
    wrong: tuple[str, ...]

    @property
    def is_bad(self) -> bool:
        """Whether a measurement failed, or its outcome is wrong."""
        return None in self.values or any(self.wrong)

    @property
    def is_tied(self) -> bool:
        """Whether the values differ, or only one of them is wrong."""
        if bool(self.wrong[0]) != bool(self.wrong[-1]):
            return True
        one, other = self.values[0], self.values[-1]
        if isinstance(one, int | float) and isinstance(other, int | float):
            return not (abs(one - other) <= SAME_S or (math.isnan(one) and math.isnan(other)))
        return bool(one != other)

    def as_json(self) -> str:
        """The row as a JSON array."""
        return json.dumps([self.series, list(self.parameters), *self.values, *self.wrong])

    def __str__(self) -> str:
        values = " or ".join(
            f"{value} (WRONG: {wrong})" if wrong else str(value)
            for value, wrong in zip(self.values, self.wrong, strict=True)
        )
        return f"{self.series}({', '.join(self.parameters)}) {values}"


def _one_order(chosen: Iterator[Any], exact: bool, call: Call) -> Iterator[Row]:
    caches: Caches = {}
    for benchmark in chosen:
        if not exact or vars(benchmark)["kind"] == "exact":
            for index, parameters in enumerate(_cells(benchmark)):
                value, wrong = _value(benchmark, index, caches, call)
                yield Row(benchmark.name, parameters, (value,), (wrong,))


def _both_orders(chosen: Iterator[Any], exact: bool, call: Call) -> Iterator[Row]:
    """Sampled series, and those that count what the harness does too, are left out."""
    caches: Caches = {}
    reversed_caches: Caches = {}
    for benchmark in chosen:
        declared = vars(benchmark)
        if declared["kind"] != "exact" or declared["group"] not in _SAME_IN_ANY_ORDER:
            continue
        for index, parameters in enumerate(_cells(benchmark)):
            one, wrong = _value(benchmark, index, caches, call)
            with reversed_ties():
                other, other_wrong = _value(benchmark, index, reversed_caches, call)
            yield Row(benchmark.name, parameters, (one, other), (wrong, other_wrong))


_SAME_IN_ANY_ORDER = ("virtual time", "calls", "outcome")
"""The groups of series whose exact figures must not turn on the order of simultaneous timers."""


def list_series() -> dict[str, dict[str, str | float]]:
    """Version, kind and tolerance of every series, by name."""
    return {
        benchmark.name: {
            "version": benchmark.version,
            "kind": benchmark.kind,
            "tolerance": benchmark.tolerance,
        }
        for benchmark in disc_benchmarks(str(SUITE))
    }


def _series(pattern: str) -> Iterator[Any]:
    return (each for each in disc_benchmarks(str(SUITE)) if re.search(pattern, each.name))


def _answers(benchmark: Any, question: str | None) -> bool:
    return question is None or vars(benchmark)["question"] == question


def _cells(benchmark: Any) -> Iterator[tuple[str, ...]]:
    return product(*benchmark.params) if benchmark.params else iter([()])


Call = Callable[[Callable[[], bytes]], bytes | None]
"""Runs a function somewhere and gives its bytes; None if it failed."""

Caches = dict[str, bytes | None]
"""What each ``setup_cache`` gave, pickled; None if it failed."""


def _value(benchmark: Any, index: int, caches: Caches, call: Call) -> tuple[Any, str]:
    """The value of one parameter combination; n/a is NaN, a failure None. And what is wrong with
    it, empty if nothing is."""
    if benchmark.params:
        benchmark.set_param_idx(index)
    key = benchmark.setup_cache_key
    if key is not None:
        if key not in caches:
            # Memory depends on what a process did before, so not even caches share one.
            caches[key] = call(lambda: pickle.dumps(benchmark.do_setup_cache()))
        cache = caches[key]
        if cache is None:
            return None, ""
        benchmark.set_cache(pickle.loads(cache))
    text = call(lambda: json.dumps(_measured(benchmark)).encode())
    if text is None:
        return None, ""
    value, wrong = json.loads(text)
    return value, wrong


def _measured(benchmark: Any) -> tuple[Any, str]:
    with hearing() as heard:
        if benchmark.do_setup():
            return math.nan, ""
        try:
            value = benchmark.do_run()
        finally:
            benchmark.do_teardown()
    return value, heard.wrong


def _here(run: Callable[[], bytes]) -> bytes:
    """``run`` in this process, where a debugger sees what it raises."""
    return run()


def _in_child(run: Callable[[], bytes]) -> bytes | None:
    """What ``run`` gives in a forked process. ``None`` if it raises (the traceback is printed), is
    killed, or is not done after ``LIMIT_S``."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(LIMIT_S)
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(run())
            code = 0
        except BaseException:  # noqa: BLE001 - the child ends here, whatever happened
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    _, status = os.waitpid(child, 0)
    return content if status == 0 else None


if __name__ == "__main__":
    sys.exit(main())
