"""A gate on a machine that is busy for real: two processes a core."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_project import AT_ONCE, TinyProject, empty_history

from unladen.compare.gate.model import REGRESSION, UNDECIDED

pytestmark = [pytest.mark.slow, pytest.mark.rotated(name="longest", one_in=4)]

GATES = int(os.environ.get("UNLADEN_BUSY_GATES", 1))
BUSY = int(os.environ.get("UNLADEN_BUSY_PROCESSES", 2 * (os.cpu_count() or 1)))
"""How many processes to start: none on a machine that is as busy as that already."""

BENCHMARKS = """
import time

class Work:
    params = [1, 2, 4]
    param_names = ["size"]
    timer = time.process_time
    repeat, number, rounds, warmup_time = 5, 1, 1, 0.0

    def time_cpu(self, size):
        import tiny
        tiny.work(size)

    time_cpu.kind = "sampled"
    time_cpu.unit = "seconds"
"""

CODE = "def work(size):\n    return sum(n * n for n in range({} * size))\n"


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """Two processes a core that do nothing but count."""
    command = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(command) for _ in range(BUSY)]
    try:
        yield
    finally:
        for process in others:
            process.kill()
            process.wait()


@pytest.fixture
def slower(
    tmp_path: Path, shared: TinyProject, first_run: subprocess.CompletedProcess[str]
) -> TinyProject:
    """Two commits, the second of which does 28 % more."""
    assert first_run.returncode == 3, first_run.stdout + first_run.stderr
    history = empty_history(tmp_path / "clone")
    for day, (name, amount) in enumerate((("fast", 10_000), ("slow", 12_800)), 1):
        history.commit(name, {"lib/tiny/__init__.py": CODE.format(amount)}, day)
    copied = shared.copy(tmp_path / "project")
    (copied.folder / "benchmarks" / "work.py").write_text(BENCHMARKS)
    return TinyProject(copied.folder, history, copied.home)


def test_28_percent_more_cpu_is_found_or_not_judged(slower: TinyProject) -> None:
    commits = slower.history.commits.values()
    options = [*AT_ONCE, "--budget", "8", "--json", "-"]
    with busy():
        for _ in range(GATES):
            done = slower.unladen("--target", "tiny", "gate", *commits, *options)
            assert done.returncode in (REGRESSION, UNDECIDED), done.stdout + done.stderr
            result = json.loads(done.stdout)
            print(f"exit {done.returncode}: {result['verdict']}; {result['load']}")
            assert result["judged"] == (done.returncode == REGRESSION)
            assert result["load"]["busy"]
