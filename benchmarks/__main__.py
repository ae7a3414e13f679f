"""Measure without asv, for authors of benchmarks and drivers.

``UNLADEN_TARGET=bare python -m benchmarks baseline.Run.track_makespan`` prints one line for each
parameter combination: series, parameters, value, and what is wrong with the outcome that was
measured. ``--json`` prints these four as one JSON array a line, ``--exact`` leaves out sampled
series, ``--question work.makespan`` all that do not answer this one of ``benchmarks.questions``,
``--least`` all but what a capability is asked at least: its package's ``LEAST``, or a makespan.
Every cell and every ``setup_cache`` runs in a process of its own, as in asv; ``--in-process`` runs
them here, for a debugger.

``--ties`` measures each exact figure of time, calls and outcomes in both orders of the timers that
are due at the same instant, and prints the cells whose figures differ, or of which one is wrong:
series, parameters, one figure, the other, and what is wrong with either. An exact figure must not
turn on such an order. How many do is said on standard error.

``--schedules K`` measures each of these in the canonical order and under K others that seeds
choose, and prints the cells whose figures differ: the lowest and the highest, the seeds, how few
late events are enough for it, and who overtook whom where. ``--schedule SEED`` measures under one
of these orders.

Exit code 0, 1 if a cell failed, its outcome is wrong or turns on the order, 2 if no series matches.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pickle
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, cast

from asv_runner.discovery import disc_benchmarks

from benchmarks.core.measured import (
    Figure,
    attempts_used,
    cells_of,
    choose,
    measured,
    measured_alone,
)
from benchmarks.core.notes import without_notes
from benchmarks.core.rows import Row, ScheduledRow
from benchmarks.core.scheduled_cells import ScheduledCell, cell_of, scheduled_cell
from benchmarks.core.schedules import tried
from benchmarks.core.ties import reversed_ties
from meters import addresses
from mocks.clock.schedules import Seeded, Trial

SUITE = Path(__file__).resolve().parent

LIMIT_S = 120
"""Seconds after which a cell or a ``setup_cache`` has failed, as in our ``asv.conf.json`` files."""

SEARCH_LIMIT_S = 7200
"""The same for a cell that is measured under many schedules, some hundred times."""

_AGAIN = "UNLADEN_STARTED_AGAIN"
"""Set when this command has started itself again: a kernel may refuse what it asks for."""


def main(arguments: list[str] | None = None) -> int:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("pattern", nargs="?", default="", help="regular expression for the series")
    parser.add_argument("--exact", action="store_true", help="exact series only")
    parser.add_argument("--question", metavar="MODULE.NAME", help="series that answer it only")
    parser.add_argument("--json", action="store_true", help="one JSON array a line")
    parser.add_argument("--least", action="store_true", help="the least a capability is asked only")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--in-process", action="store_true", help="no process for each cell")
    how.add_argument("--ties", action="store_true", help="figures that turn on an order by chance")
    how.add_argument("--schedules", type=_count, metavar="K", help="the same, of K orders")
    parser.add_argument("--schedule", type=int, metavar="SEED", help="in this order")
    options = parser.parse_args(arguments)
    if addresses.are_random() and _AGAIN not in os.environ:
        os.environ[_AGAIN] = "1"
        addresses.run_without_randomisation(sys.orig_argv[1:])
    call = _here if options.in_process else _in_child
    bad = matched = tied = 0
    is_search = options.ties or options.schedules is not None
    chosen = (
        one
        for one in _series(options.pattern)
        if _answers(one, options.question) and (not options.least or _is_least(one))
    )
    for row in _rows(chosen, options, call):
        matched += 1
        bad += row.is_bad
        tied += row.is_tied
        if not is_search or row.is_tied:
            print(row.as_json() if options.json else row)
            sys.stdout.flush()
    if not matched:
        asked = f" and answers {options.question}" if options.question else ""
        asked += " and is the least of its capability" if options.least else ""
        print(f"no series matches {options.pattern!r}{asked}", file=sys.stderr)
        return 2
    if is_search:
        what = "timers" if options.ties else "events"
        print(f"{tied} of {matched} cells turn on the order of {what}", file=sys.stderr)
    return 1 if bad or tied else 0


def _count(text: str) -> int:
    """How many schedules. Raises ``ValueError`` below 1."""
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


def _rows(
    chosen: Iterator[Any], options: argparse.Namespace, call: Call
) -> Iterator[Row | ScheduledRow]:
    if options.ties:
        return _both_orders(filter(_is_same_in_any_order, chosen), call)
    if options.schedules is not None:
        seeds = range(1, options.schedules + 1)
        return _many_orders(filter(_is_same_in_any_order, chosen), seeds, call)
    return _one_order(chosen, options.exact, options.schedule, call)


def _one_order(chosen: Iterator[Any], exact: bool, seed: int | None, call: Call) -> Iterator[Row]:
    caches: Caches = {}
    attempts: Attempts = {}
    for benchmark in chosen:
        if not exact or vars(benchmark)["kind"] == "exact":
            for index, parameters in enumerate(cells_of(benchmark)):
                number = None if seed is None else _attempt(benchmark, index, attempts, call)
                with _schedule(seed):
                    value, wrong = _value(benchmark, index, caches, call, number)
                yield Row(benchmark.name, parameters, (value,), (wrong,))


def _many_orders(chosen: Iterator[Any], seeds: range, call: Call) -> Iterator[ScheduledRow]:
    caches: dict[int | None, Caches] = {seed: {} for seed in (None, *seeds)}
    attempts: Attempts = {}
    for benchmark in chosen:
        for index, parameters in enumerate(cells_of(benchmark)):
            number = _attempt(benchmark, index, attempts, call)
            if benchmark.setup_cache_key is None or number is not None:
                cell = _scheduled(benchmark, index, seeds, number, call)
            else:
                cell = _scheduled_together(benchmark, index, seeds, caches, call)
            yield ScheduledRow(benchmark.name, parameters, cell)


def _attempt(benchmark: Any, index: int, attempts: Attempts, call: Call) -> int | None:
    """The attempt of its ``setup_cache`` that a cell comes from; ``None`` if there is none such."""
    key = benchmark.setup_cache_key
    if key is None:
        return None
    if key not in attempts:
        content = call(lambda: pickle.dumps(attempts_used(benchmark)), _limit(benchmark))
        attempts[key] = [] if content is None else pickle.loads(content)
    used = attempts[key]
    return used[index] if index < len(used) else None


def _scheduled(
    benchmark: Any, index: int, seeds: range, attempt: int | None, call: Call
) -> ScheduledCell | None:
    """A cell in many orders; ``attempt``: of its ``setup_cache``, if it has one."""

    def figure() -> Figure:
        if attempt is not None:
            return measured_alone(benchmark, index, attempt)
        choose(benchmark, index)
        return measured(benchmark)

    content = call(lambda: pickle.dumps(scheduled_cell(figure, seeds)), SEARCH_LIMIT_S)
    return None if content is None else cast(ScheduledCell, pickle.loads(content))


def _scheduled_together(
    benchmark: Any, index: int, seeds: range, caches: Mapping[int | None, Caches], call: Call
) -> ScheduledCell | None:
    """A cell whose ``setup_cache`` cannot measure it alone. It is not shrunk: each try would take
    as long as all that are measured with it."""
    figures: dict[int | None, Figure] = {}
    for seed, kept in caches.items():
        with _schedule(seed), without_notes():
            figures[seed] = _value(benchmark, index, kept, call)
    return cell_of(figures[None], {seed: figures[seed] for seed in seeds})


def _schedule(seed: int | None) -> AbstractContextManager[None]:
    """The order that a seed chooses, for a cell or a ``setup_cache``; ``None``: the usual one."""
    return nullcontext() if seed is None else tried(Trial(Seeded(seed)))


def _is_same_in_any_order(benchmark: Any) -> bool:
    """Sampled series, and those that count what the harness does too, are not; those that are about
    other orders try them by themselves."""
    declared = vars(benchmark)
    is_about_orders = declared["question"].startswith(_ABOUT_ORDERS)
    is_exact = declared["kind"] == "exact" and not is_about_orders
    return is_exact and declared["group"] in _SAME_IN_ANY_ORDER


def _both_orders(chosen: Iterator[Any], call: Call) -> Iterator[Row]:
    caches: Caches = {}
    reversed_caches: Caches = {}
    for benchmark in chosen:
        for index, parameters in enumerate(cells_of(benchmark)):
            one, wrong = _value(benchmark, index, caches, call)
            with reversed_ties():
                other, other_wrong = _value(benchmark, index, reversed_caches, call)
            yield Row(benchmark.name, parameters, (one, other), (wrong, other_wrong))


_SAME_IN_ANY_ORDER = ("virtual time", "calls", "outcome")
"""The groups of series whose exact figures must not turn on the order of simultaneous timers."""

_ABOUT_ORDERS = "races."
"""How the questions of such series begin."""


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


def _is_least(benchmark: Any) -> bool:
    """Whether it is what its capability is asked at least."""
    capability, _, name = benchmark.name.partition(".")
    least = getattr(importlib.import_module(f"benchmarks.{capability}"), "LEAST", None)
    return _answers(benchmark, _LEAST) if least is None else bool(name == least)


_LEAST = "work.makespan"
"""What every ``Workload`` can be asked."""

Call = Callable[[Callable[[], bytes], float], bytes | None]
"""Runs a function somewhere and gives its bytes; None if it failed, or took so many seconds."""

Caches = dict[str, bytes | None]
"""What each ``setup_cache`` gave, pickled; None if it failed."""


Attempts = dict[str, list[int | None]]
"""For each cell of a ``setup_cache``, the attempt that it comes from."""


def _value(
    benchmark: Any, index: int, caches: Caches, call: Call, attempt: int | None = None
) -> Figure:
    """The figure of one parameter combination; ``attempt``: of its ``setup_cache``, made alone."""
    choose(benchmark, index)
    key = benchmark.setup_cache_key
    if attempt is not None:
        text = call(
            lambda: json.dumps(measured_alone(benchmark, index, attempt)).encode(),
            _limit(benchmark),
        )
        return (None, "") if text is None else cast(Figure, tuple(json.loads(text)))
    if key is not None:
        if key not in caches:
            # Memory depends on what a process did before, so not even caches share one.
            caches[key] = call(lambda: pickle.dumps(benchmark.do_setup_cache()), _limit(benchmark))
        cache = caches[key]
        if cache is None:
            return None, ""
        benchmark.set_cache(pickle.loads(cache))
    text = call(lambda: json.dumps(measured(benchmark)).encode(), LIMIT_S)
    if text is None:
        return None, ""
    value, wrong = json.loads(text)
    return value, wrong


def _limit(benchmark: Any) -> float:
    """Seconds that its ``setup_cache`` may take."""
    return cast(float, benchmark.setup_cache_timeout or LIMIT_S)


def _here(run: Callable[[], bytes], limit_s: float) -> bytes:
    """``run`` in this process, where a debugger sees what it raises, and may take its time."""
    return run()


def _in_child(run: Callable[[], bytes], limit_s: float) -> bytes | None:
    """What ``run`` gives in a forked process. ``None`` if it raises (the traceback is printed), is
    killed, or is not done after ``limit_s``."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.setitimer(signal.ITIMER_REAL, limit_s)
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
