"""How long ``unladen changes`` takes over a long history, its start included.

    python tests/unladen/time_changes.py --commits 1000 --series 500

makes up results (``synthetic_results.py``), runs the command in fresh processes, each time without
and with what the one before has kept of what it read, and prints wall and CPU time and memory of
each, and the least of each. ``--folder`` keeps the results, and uses them again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
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
    """One run of the command: seconds, and the most memory that it had, in MB."""

    wall: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        return f"{self.cpu:.2f} s CPU, {self.wall:.2f} s, {self.memory:.0f} MB"


def time_changes(
    folder: Path, options: Sequence[str] = (), *, forgets: bool = False
) -> tuple[Timing, int]:
    """Run ``unladen changes --json`` on the folder; its times and the number of changes.
    ``forgets``: without what was kept of what was read."""
    caches = folder / "caches"
    if forgets:
        shutil.rmtree(caches, ignore_errors=True)
    command = [sys.executable, "-m", "unladen", "--config", str(folder / "asv.conf.json")]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(caches)}
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [*command, "changes", "--json", *options], cwd=folder, env=variables, stdout=output
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
        wall = time.perf_counter() - start
        output.seek(0)
        changes = len(json.load(output)["changes"])
    return Timing(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000), changes


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
        timings: dict[str, list[Timing]] = {"first": [], "again": []}
        for number in range(args.runs):
            for what, found in timings.items():
                timing, changes = time_changes(folder, forgets=what == "first")
                found.append(timing)
                print(f"run {number + 1}, {what}: {timing}, {changes} changes")
    print(f"unladen changes over {args.commits:,} commits x {args.series:,} series:")
    for what, found in timings.items():
        least = min(found, key=lambda timing: timing.cpu)
        print(f"  {what}: {least} (least CPU of {args.runs})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
