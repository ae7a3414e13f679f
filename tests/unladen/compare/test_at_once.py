"""What is done for several commits at the same time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from unladen.asv_bridge import processes
from unladen.compare.ab.at_once import at_once


def test_all_are_under_way_at_the_same_time() -> None:
    meeting = threading.Barrier(3)

    def meet(number: int) -> int:
        meeting.wait(60)  # raises in each if one is not there
        return number * number

    assert at_once(meet, [1, 2, 3]) == [1, 4, 9]


def test_nothing_is_done_for_none() -> None:
    assert at_once(abs, []) == []


def test_what_one_raises_ends_the_processes_of_the_others(tmp_path: Path) -> None:
    started = threading.Event()
    ends = []

    def wait(number: int) -> None:
        if number == 0:
            started.wait(60)
            raise KeyError("what went wrong")
        command = [sys.executable, "-c", "import time; time.sleep(600)"]
        child = processes.start(command, tmp_path, {**os.environ}, subprocess.DEVNULL)
        started.set()
        ends.append(child.wait(300))

    with pytest.raises(KeyError, match="what went wrong"):
        at_once(wait, [0, 1])
    assert ends == [-9]
