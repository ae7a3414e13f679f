"""How long ``unladen changes`` takes over a long history, its start included.

    python tests/unladen/time_changes.py --commits 1000 --series 500

makes up results (``synthetic_results.py``), runs the command in fresh processes, and prints the
wall and CPU time of each and the fastest one. ``--folder`` keeps the results, and uses them again.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from synthetic_results import add_sizes, write_history

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Timing:
    """One run of the command, in seconds."""

    wall: float
    cpu: float


def time_changes(folder: Path, options: Sequence[str] = ()) -> tuple[Timing, int]:
    """Run ``unladen changes --json`` on the folder; its times and the number of changes."""
    command = [sys.executable, "-m", "unladen", "--config", str(folder / "asv.conf.json")]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    used, start = _children(), time.perf_counter()
    done = subprocess.run(
        [*command, "changes", "--json", *options],
        cwd=folder,
        env=variables,
        check=True,
        stdout=subprocess.PIPE,
    )
    wall = time.perf_counter() - start
    return Timing(wall, _children() - used), len(json.loads(done.stdout)["changes"])


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the times."""
    parser = argparse.ArgumentParser(description="Time unladen changes over a long history.")
    add_sizes(parser)
    parser.add_argument("--runs", type=int, default=5, help="(default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where to keep the results made up")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.folder or Path(temporary, "synthetic")
        if not folder.exists():
            write_history(folder, args.commits, args.series, args.cells, args.seed)
        timings = []
        for number in range(args.runs):
            timing, changes = time_changes(folder)
            timings.append(timing)
            print(
                f"run {number + 1}: {timing.wall:.2f} s, {timing.cpu:.2f} s CPU, {changes} changes"
            )
    fastest = min(timings, key=lambda timing: timing.wall)
    print(
        f"unladen changes over {args.commits:,} commits x {args.series:,} series: "
        f"{fastest.wall:.2f} s (fastest of {args.runs}; {fastest.cpu:.2f} s CPU)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
