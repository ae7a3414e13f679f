"""Measure without asv, for authors of benchmarks and drivers.

``UNLADEN_TARGET=bare python -m benchmarks baseline.Negotiation.track_makespan`` prints one line
for each parameter combination: series, parameters, value. ``--json`` prints one JSON array a line,
``--exact`` leaves out sampled series. Every cell runs in a process of its own, as in asv;
``--in-process`` runs them here, for a debugger.

Exit code 0, 1 if a cell failed, 2 if no series matches.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

from asv_runner.discovery import disc_benchmarks

from meters import addresses

SUITE = Path(__file__).resolve().parent

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
    caches: dict[str, Any] = {}
    failed = matched = 0
    for benchmark in _series(options.pattern, options.exact):
        for index, parameters in enumerate(
            product(*benchmark.params) if benchmark.params else [()]
        ):
            matched += 1
            run = _cell(benchmark, index, caches)
            value = run() if options.in_process else _in_child(run)
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


def _cell(benchmark: Any, index: int, caches: dict[str, Any]) -> Callable[[], Any]:
    """The measurement of one parameter combination; n/a is NaN, a failure raises."""
    if benchmark.params:
        benchmark.set_param_idx(index)
    key = benchmark.setup_cache_key
    if key is not None and key not in caches:
        caches[key] = benchmark.do_setup_cache()
    benchmark.set_cache(caches.get(key))

    def run() -> Any:
        if benchmark.do_setup():
            return math.nan
        try:
            result = benchmark.do_run()
        finally:
            benchmark.do_teardown()
        return result

    return run


def _in_child(run: Callable[[], Any]) -> Any:
    """What ``run`` gives in a forked process, ``None`` if it fails (its traceback is printed)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            os.write(writing, json.dumps(run()).encode())
            code = 0
        except BaseException:  # noqa: BLE001 - the child ends here, whatever happened
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


if __name__ == "__main__":
    sys.exit(main())
