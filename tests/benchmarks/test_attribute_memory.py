"""Memory that is retained in forked processes is told of, seen in a process of its own: all that is
alive is looked through, which in one that runs many tests takes minutes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).with_name("memory_in_forks.py")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_memory_in_forked_processes() -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-q", "-o", "addopts=", str(TESTS)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "UNLADEN_TEST_ALL": "1"},
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
