"""uv is looked for by one thread at a time, whoever asks for it at once."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from unladen.measure import package_index

THREADS = 8


@pytest.fixture(autouse=True)
def _not_found_yet() -> Iterator[None]:
    package_index._found_uv.cache_clear()
    yield
    package_index._found_uv.cache_clear()


def test_threads_that_ask_at_once_look_for_it_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looking: list[int] = []
    side_by_side: list[int] = []
    all_there = threading.Barrier(THREADS)

    def find() -> str:
        looking.append(1)
        side_by_side.append(len(looking))
        time.sleep(0.02)  # gives the others the time to come in between
        looking.pop()
        return "/somewhere/uv"

    def answer(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 0, command[0], "")

    def ask(_: int) -> str:
        all_there.wait(60)
        return package_index.run_uv(["--version"]).stdout

    monkeypatch.setattr(package_index, "find_uv_bin", find)
    monkeypatch.setattr(package_index, "_index_variables", dict)
    monkeypatch.setattr(subprocess, "run", answer)
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(ask, range(THREADS)))
    assert found == ["/somewhere/uv"] * THREADS
    assert side_by_side == [1]
