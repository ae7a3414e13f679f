"""Measure without asv, for authors of benchmarks and drivers.

``UNLADEN_TARGET=bare python -m benchmarks baseline.Negotiation.track_makespan`` prints one line
for each parameter combination: series, parameters, value. ``--json`` prints one JSON array a line,
``--exact`` leaves out sampled series. Every cell and every ``setup_cache`` runs in a process of its
own, as in asv; ``--in-process`` runs them here, for a debugger.

Exit code 0, 1 if a cell failed, 2 if no series matches.
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
from itertools import product
from pathlib import Path
from typing import Any

from asv_runner.discovery import disc_benchmarks

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
    parser.add_argument("--json", action="store_true", help="one JSON array a line")
    parser.add_argument("--in-process", action="store_true", help="no process for each cell")
    options = parser.parse_args(arguments)
    if addresses.are_random() and _AGAIN not in os.environ:
        os.environ[_AGAIN] = "1"
        addresses.run_without_randomisation(sys.orig_argv[1:])
    call = _here if options.in_process else _in_child
    caches: dict[str, bytes | None] = {}
    failed = matched = 0
    for benchmark in _series(options.pattern, options.exact):
        for index, parameters in enumerate(
            product(*benchmark.params) if benchmark.params else [()]
        ):
            matched += 1
            value = _value(benchmark, index, caches, call)
            failed += value is None
            row = [benchmark.name, list(parameters), value]
            print(json.dumps(row) if options.json else f"{row[0]}({', '.join(parameters)}) {value}")
            sys.stdout.flush()
    if not matched:
        print(f"no series matches {options.pattern!r}", file=sys.stderr)
        return 2
    return 1 if failed else 0


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


def _series(pattern: str, exact: bool) -> Iterator[Any]:
    for benchmark in disc_benchmarks(str(SUITE)):
        wanted = re.search(pattern, benchmark.name) is not None
        if wanted and not (exact and vars(benchmark)["kind"] != "exact"):
            yield benchmark


Call = Callable[[Callable[[], bytes]], bytes | None]
"""Runs a function somewhere and gives its bytes; None if it failed."""


def _value(benchmark: Any, index: int, caches: dict[str, bytes | None], call: Call) -> Any:
    """The value of one parameter combination; n/a is NaN, a failure None."""
    if benchmark.params:
        benchmark.set_param_idx(index)
    key = benchmark.setup_cache_key
    if key is not None:
        if key not in caches:
            # Memory depends on what a process did before, so not even caches share one.
            caches[key] = call(lambda: pickle.dumps(benchmark.do_setup_cache()))
        cache = caches[key]
        if cache is None:
            return None
        benchmark.set_cache(pickle.loads(cache))
    text = call(lambda: json.dumps(_measured(benchmark)).encode())
    return None if text is None else json.loads(text)


def _measured(benchmark: Any) -> Any:
    if benchmark.do_setup():
        return math.nan
    try:
        return benchmark.do_run()
    finally:
        benchmark.do_teardown()


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
