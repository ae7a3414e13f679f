"""How many cores there are, in a container too."""

from __future__ import annotations

from pathlib import Path

import pytest

from unladen.measure import cores as module
from unladen.measure.cores import cores


@pytest.fixture(autouse=True)
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        module.os, "sched_getaffinity", lambda process: set(range(8)), raising=False
    )


@pytest.mark.parametrize(
    ("limit", "there_are"),
    [("max 100000\n", 8), ("200000 100000\n", 2), ("50000 100000\n", 1), ("900000 100000\n", 8),
     ("150000 100000\n", 1), ("no limit\n", 8)],
)  # fmt: skip
def test_a_container_with_less_time_has_fewer(tmp_path: Path, limit: str, there_are: int) -> None:
    quota = tmp_path / "cpu.max"
    quota.write_text(limit)
    assert cores(quota) == there_are


def test_without_containers_all_are_there(tmp_path: Path) -> None:
    assert cores(tmp_path / "none") == 8
