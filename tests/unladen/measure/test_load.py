"""Whether the machine is busy, and waiting until it is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from unladen.measure import machine_load
from unladen.measure.machine_load import Load, LoadWatch, Patience, current_load

BUSY = Load(0.9, 0.0, 8.0, 2)
QUIET = Load(0.05, 0.0, 1.0, 2)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the kernel says."""
    monkeypatch.setattr(machine_load, "PRESSURE", tmp_path / "cpu")
    monkeypatch.setattr(machine_load, "STATISTICS", tmp_path / "stat")
    monkeypatch.setattr(os, "getloadavg", lambda: (3.5, 0.0, 0.0))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return tmp_path


def say(machine: Path, seconds: float, recent: float, stolen: int = 0, idle: int = 0) -> None:
    (machine / "cpu").write_text(
        f"some avg10={recent:.2f} avg60=0.00 avg300=0.00 total={int(seconds * 1e6)}\n"
        "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"
    )
    (machine / "stat").write_text(f"cpu  10 0 10 {idle} 0 0 0 {stolen} 0 0\ncpu0 1 2 3\n")


def test_a_span_of_time(machine: Path) -> None:
    times = iter([100.0, 110.0])
    say(machine, 50, 0)
    watch = LoadWatch(lambda: next(times))
    say(machine, 54, 0, stolen=30, idle=70)
    found = watch.load()
    assert found == Load(0.4, 0.3, 3.5, 2)
    assert found.is_busy
    assert str(found) == (
        "processes waited for a CPU 40 % of the time, the hypervisor took 30 %, load 3.5 on 2 cores"
    )


def test_now(machine: Path) -> None:
    say(machine, 50, recent=12.5)
    assert current_load() == Load(0.125, 0.0, 3.5, 2)


def test_without_what_linux_says_the_load_average_counts(machine: Path) -> None:
    assert LoadWatch().load() == Load(None, 0.0, 3.5, 2)
    assert current_load().is_busy  # 2.5 processes beside our own, on 2 cores
    assert not Load(None, 0.0, 1.2, 2).is_busy
    assert str(current_load()) == "load 3.5 on 2 cores"


def test_this_machine_says_something() -> None:
    found = LoadWatch().load()
    assert found.waiting is None or 0 <= found.waiting <= 1
    assert found.cores >= 1


def test_it_is_waited_until_the_machine_is_quiet() -> None:
    looks, told, slept = iter([BUSY, BUSY, QUIET]), [], []
    patience = Patience(60, told.append, lambda: next(looks), slept.append)
    patience.wait()
    assert (patience.waited, len(slept)) == (2.0, 2)
    assert [line.partition(": ")[0] for line in told] == ["waiting for a quiet machine"]
    assert "processes waited" in told[0]


def test_it_is_waited_for_a_limited_time_in_all() -> None:
    slept: list[float] = []
    patience = Patience(3, lambda text: None, lambda: BUSY, slept.append)
    patience.wait()
    patience.wait()
    assert patience.waited == 3.0
    assert len(slept) == 3


def test_a_quiet_machine_is_not_waited_for() -> None:
    patience = Patience(60, lambda text: None, lambda: QUIET, pytest.fail)
    patience.wait()
    assert patience.waited == 0.0
