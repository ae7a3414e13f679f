"""One run of each scenario: what ``unladen check --run`` asks a process of the SDK.

``python -m benchmarks.scenarios REGEX`` measures a scenario of each benchmark class whose exact
series match: one for each of its parameters' words, the smallest of its numbers. It prints a JSON
object a line: ``scenario``; ``figures``, by series the value (NaN for n/a, null if it failed), what
is wrong with its outcome, and its tolerance; ``reason``, why it has none; ``events``, ``places``,
``threads`` and ``escapes``, what was hit (``benchmarks.core.hits``).

Left out are classes that need many runs, and those whose figures are of several scenarios; how
many these are the last line says, ``{"left_out": N}``. ``--hash-seed N`` measures with the order of
sets that it chooses, ``--busy`` beside a process that computes without end.

``--all`` measures all cells of all classes, as a run does; what was hit is not told then.

Exit code 0, 2 if no series matches.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from asv_runner.discovery import disc_benchmarks

from benchmarks.core import forked
from benchmarks.core.cells import Broken, picking
from benchmarks.core.every_cell import every_cell
from benchmarks.core.hits import Hits, counting_hits
from benchmarks.core.measured import attempts_asked, cells_of, choose, measured
from meters import addresses

SUITE = Path(__file__).resolve().parent

LIMIT_S = 120.0
"""Real seconds after which a scenario has failed."""

MANY = ("leak.", "races.", "cancellation.", "limits.", "capacity.", "pressure.")
"""How questions begin that take many runs."""

_SEED = "PYTHONHASHSEED"


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scenarios", description=__doc__)
    parser.add_argument("pattern", help="regular expression for the series")
    parser.add_argument("--hash-seed", default="", metavar="N", help="of this process")
    parser.add_argument("--busy", action="store_true", help="beside a busy process")
    parser.add_argument("--all", action="store_true", help="all cells")
    options = parser.parse_args(arguments)
    if options.hash_seed and os.environ.get(_SEED) != options.hash_seed:
        os.environ[_SEED] = options.hash_seed
        addresses.run_without_randomisation(sys.orig_argv[1:])
    classes = _classes(options.pattern)
    if not classes:
        print(f"no series matches {options.pattern!r}", file=sys.stderr)
        return 2
    left_out = 0
    with _busy(options.busy):
        for tried in _every_one(classes) if options.all else map(list, map(_scenarios, classes)):
            left_out += not tried
            for row in tried:
                print(json.dumps(row))
                sys.stdout.flush()
    print(json.dumps({"left_out": left_out}))
    return 0


@contextmanager
def _busy(is_busy: bool) -> Iterator[None]:
    """Beside a process that computes without end, if there is to be one."""
    if not is_busy:
        yield
        return
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _classes(pattern: str) -> list[list[Any]]:
    """The exact series that match, by their classes."""
    found: dict[str, list[Any]] = {}
    for benchmark in disc_benchmarks(str(SUITE)):
        if vars(benchmark)["kind"] == "exact" and re.search(pattern, benchmark.name):
            found.setdefault(benchmark.name.rpartition(".")[0], []).append(benchmark)
    return list(found.values())


def _every_one(classes: Sequence[Sequence[Any]]) -> Iterator[list[dict[str, Any]]]:
    """The rows of each class."""
    tolerances = {one.name: one.tolerance for members in classes for one in members}
    for name, cells in every_cell(classes):
        yield [
            {
                "scenario": f"{name}({', '.join(cell)})",
                "figures": {each: [*found, tolerances[each]] for each, found in figures.items()},
                "reason": reason,
                "events": {},
                "places": {},
                "threads": 0,
                "escapes": {},
            }
            for cell, (figures, reason) in cells.items()
        ]


def _scenarios(members: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """A row for each scenario of a class; none where the class is left out."""
    first = members[0]
    if any(vars(one)["question"].startswith(MANY) for one in members):
        return
    wanted = [_scenario_values(values) for values in first.params]
    for index, cell in enumerate(cells_of(first)):
        if any(value not in values for value, values in zip(cell, wanted, strict=True)):
            continue
        attempt = None
        if first.setup_cache_key is not None:
            asked = forked.in_child(partial(attempts_asked, first, index), limit_s=LIMIT_S)
            if isinstance(asked, Broken) or len(asked.value) != 1:
                return
            (attempt,) = asked.value
        row = _row(members, index, attempt)
        if row is None:
            return
        yield row


def _scenario_values(values: Sequence[str]) -> Sequence[str]:
    """Of a parameter that is a number, or a rank, the first; of one that is a word each. As asv
    spells them."""
    return [v for n, v in enumerate(values) if n == 0 or (v[0] in "'\"" and not v[1:-1].isdigit())]


def _row(members: Sequence[Any], index: int, attempt: int | None) -> dict[str, Any] | None:
    """What is printed of a scenario; None if its figures need more than that."""
    first = members[0]
    name = first.name.rpartition(".")[0]
    cell = cells_of(first)[index]
    made = forked.in_child(partial(_figures, members, index, attempt), limit_s=LIMIT_S)
    hits = Hits()
    reason = ""
    if isinstance(made, Broken):
        reason = made.reason.strip().rpartition("\n")[2]
        value = float("nan") if made.unavailable else None
        figures = {one.name: [value, "", one.tolerance] for one in members}
    elif made.value is None:
        return None
    else:
        figures, reason, witnessed = made.value
        hits.learn(witnessed)
    return {
        "scenario": f"{name}({', '.join(cell)})",
        "figures": figures,
        "reason": reason,
        "events": dict(hits.events),
        "places": dict(hits.places),
        "threads": hits.threads,
        "escapes": dict(hits.escapes),
    }


def _figures(
    members: Sequence[Any], index: int, attempt: int | None
) -> tuple[dict[str, Any], str, Any] | None:
    """By series the value, what is wrong with it, and its tolerance; why one has none; what was
    hit. All of one run of the ``setup_cache``, where there is one; None if they ask for more."""
    figures: dict[str, Any] = {}
    reason = ""
    with counting_hits() as hits, picking(attempt) as picked:
        cache = None if attempt is None else members[0].do_setup_cache()
        for one in members:
            choose(one, index)
            if cache is not None:
                one.set_cache(cache)
            try:
                value, wrong = measured(one)
            except Exception as error:  # noqa: BLE001 - whatever an SDK raises is told
                value, wrong = None, ""
                reason = f"{type(error).__name__}: {error}".strip().rpartition("\n")[2]
            figures[one.name] = [value, wrong, one.tolerance]
    if attempt is not None and picked.asked - {attempt}:
        return None
    return figures, reason, hits.witnessed()


if __name__ == "__main__":
    sys.exit(main())
