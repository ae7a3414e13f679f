"""Forked processes give what they give in the order in which they are named."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from benchmarks.in_order import outputs_in_order


def wait_for(file: Path, content: bytes) -> bytes:
    """Give ``content`` once the file is there, which another process makes."""
    while not file.exists():
        os.sched_yield()
    return content


def make(file: Path, content: bytes) -> bytes:
    file.touch()
    return content


def test_the_first_comes_first_though_it_ends_last(tmp_path: Path) -> None:
    file = tmp_path / "made"
    long = b"x" * 300_000
    works = [partial(wait_for, file, b"first"), partial(make, file, long), lambda: b"third"]
    found = list(outputs_in_order(works, 2))
    assert [one.content for one in found] == [b"first", long, b"third"]
    assert [one.status for one in found] == [0, 0, 0]


def test_a_process_that_dies_takes_no_other_with_it() -> None:
    def dies() -> bytes:
        os._exit(3)

    found = list(outputs_in_order([dies, lambda: b"well"], 1))
    assert [(one.content, one.status) for one in found] == [(b"", 3), (b"well", 0)]
