"""Whose work several figures are, each in a process that is forked from one that knows all
benchmarks: to start that is the greater part of what one figure costs.

``python -m benchmarks.attribute_many '[[SERIES, INDEX, HOW], ...]' [N]`` prints a line of JSON for
each, in their order: what ``benchmarks.attribute`` prints, or ``{"failed": TRACEBACK}``. ``HOW`` is
"", or how an option of that command is called, such as ``import-seconds``. ``N`` of them are
measured at a time, one by default.
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
from benchmarks.in_order import outputs_in_order


def main(arguments: Sequence[str]) -> int:
    """Measure, print."""
    wanted, at_once = arguments[0], int(arguments[1]) if len(arguments) > 1 else 1
    printing = os.dup(1)
    os.dup2(2, 1)  # whatever the SDK prints is no part of the answer
    with asking() as (kept, recorded):
        known = {one.name: one for one in disc_benchmarks(str(SUITE))}

        def measure(series: str, index: int, how: str) -> dict[str, Any]:
            benchmark = known.get(series)
            if benchmark is None or not 0 <= index < len(cells_of(benchmark)):
                raise LookupError(f"there is no {series} [{index}]")
            return answer(benchmark, index, how.replace("-", "_"), kept, recorded)

        works = [
            partial(_attempted, partial(measure, series, index, how))
            for series, index, how in json.loads(wanted)
        ]
        with os.fdopen(printing, "wb") as out:
            for done in outputs_in_order(works, at_once, instead=printing):
                failed = _line({"failed": f"its process ended with {done.status}"})
                out.write(done.content if done.status == 0 else failed)
    return 0


def _attempted(measure: Callable[[], dict[str, Any]]) -> bytes:
    try:
        return _line(measure())
    except Exception:  # noqa: BLE001 - told to whoever asked
        return _line({"failed": traceback.format_exc()})


def _line(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, separators=(",", ":")) + "\n").encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
