"""Whose work several figures are, each in a process that is forked from one that knows all
benchmarks: to start that is the greater part of what one figure costs.

``python -m benchmarks.attribute_many '[[SERIES, INDEX, HOW], ...]'`` prints a line of JSON for
each, in their order: what ``benchmarks.attribute`` prints, or ``{"failed": TRACEBACK}``. ``HOW`` is
"", or how an option of that command is called, such as ``import-seconds``.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from asv_runner.discovery import disc_benchmarks

from benchmarks.attribute import SUITE, answer, asking
from benchmarks.core.measured import cells_of


def main(arguments: Sequence[str]) -> int:
    """Measure, print."""
    (wanted,) = arguments
    printing = os.dup(1)
    os.dup2(2, 1)  # whatever the SDK prints is no part of the answer
    with asking() as (kept, recorded):
        known = {one.name: one for one in disc_benchmarks(str(SUITE))}

        def measure(series: str, index: int, how: str) -> dict[str, Any]:
            benchmark = known.get(series)
            if benchmark is None or not 0 <= index < len(cells_of(benchmark)):
                raise LookupError(f"there is no {series} [{index}]")
            return answer(benchmark, index, how.replace("-", "_"), kept, recorded)

        for series, index, how in json.loads(wanted):
            status = _in_child(partial(measure, series, index, how), printing)
            if status != 0:
                _print(printing, {"failed": f"its process ended with {status}"})
    return 0


def _in_child(measure: Callable[[], dict[str, Any]], printing: int) -> int:
    """Have a forked process measure and print; what it ended with."""
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            _print(printing, _attempted(measure))
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)  # no finalizers: they would close what is the parent's
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _attempted(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return measure()
    except Exception:  # noqa: BLE001 - told to whoever asked
        return {"failed": traceback.format_exc()}


def _print(printing: int, data: dict[str, Any]) -> None:
    content = (json.dumps(data, separators=(",", ":")) + "\n").encode()
    while content:
        content = content[os.write(printing, content) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
