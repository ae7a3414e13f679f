"""What commits did is kept from one command to the next, as long as it is true."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from made_history import series
from made_suite import forget_code

from unladen.asv_bridge.environments import Ended
from unladen.compare.ab.cells import Cell
from unladen.explain.kept_sides import KeptSides
from unladen.explain.measuring_code import MeasuringCode
from unladen.explain.sides import Sides
from unladen.project.driver_digest import DriverDigests
from unladen.store.caches import DAYS

WORK = Cell(series("cap.m.C.track_work", unit="bytecodes"), 0)
OTHER = Cell(series("cap.m.C.track_other", unit="bytecodes"), 0)
COMMITS = ["a" * 40, "b" * 40]


def printed(value: float) -> str:
    functions = [["own", "sdk/a.py", "f"]]
    contexts = [[-1, 0, 0, 1, 0, {"2": 5}, {}]]
    said = {"functions": functions, "contexts": contexts, "waits": []}
    return json.dumps({"value": value, "wrong": "", **said})


@pytest.fixture
def kept(tmp_path: Path) -> KeptSides:
    suite = MeasuringCode(tmp_path / "suite", tmp_path / "suite" / "targets" / "sdk")
    (suite.root / "benchmarks" / "cap").mkdir(parents=True)
    (suite.root / "benchmarks" / "cap" / "m.py").write_text("x = 1")
    forget_code()
    conditions = {"python": "3.11.7"}
    return KeptSides(tmp_path / "explained", conditions, DriverDigests("driver"), suite)


class Counting:
    """In place of processes: each answer has another value, or is that it failed."""

    def __init__(self, failing: bool = False) -> None:
        self.asked = 0
        self._failing = failing

    def ended(self, side: int, arguments: Sequence[str]) -> Ended:
        self.asked += 1
        if self._failing:
            return Ended(json.dumps({"failed": "KeyError: 'no'"}), "", 0)
        return Ended(printed(self.asked), "", 0)


def value(kept: KeptSides, runner: Counting, side: int = 0, cell: Cell = WORK) -> object:
    found = Sides(runner, COMMITS, kept).did(side, cell, is_whole=False)
    return found if isinstance(found, str) else found.value


def test_a_commit_is_asked_once_by_all_commands(kept: KeptSides) -> None:
    runner = Counting()
    assert [value(kept, runner), value(kept, runner)] == [1, 1]
    assert value(kept, runner, side=1) == 2
    assert value(kept, runner, cell=OTHER) == 3
    assert runner.asked == 3


def test_what_is_kept_is_not_asked_for_with_the_rest(kept: KeptSides) -> None:
    runner = Counting()
    value(kept, runner)
    value(kept, runner, cell=OTHER)
    sides = Sides(runner, COMMITS, kept)
    sides.prepare(0, [WORK, OTHER])
    assert runner.asked == 2


@pytest.mark.parametrize(
    "other",
    [
        {"conditions": {"python": "3.11.8"}},
        {"driver": DriverDigests("another")},
        {"driver": DriverDigests("driver", {"cap": "another"})},
    ],
)
def test_under_other_conditions_it_is_measured_again(
    kept: KeptSides, other: dict[str, object]
) -> None:
    runner = Counting()
    value(kept, runner)
    assert value(replace(kept, **other), runner) == 2  # type: ignore[arg-type]
    assert value(kept, runner) == 1


def test_another_version_of_a_series_is_measured_again(kept: KeptSides) -> None:
    runner = Counting()
    value(kept, runner)
    newer = Cell(replace(WORK.series, version="another"), 0)
    assert value(kept, runner, cell=newer) == 2


def test_a_failure_is_not_kept(kept: KeptSides) -> None:
    assert value(kept, Counting(failing=True)) == "KeyError: 'no'"
    assert value(kept, Counting()) == 1


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08"])
def test_a_damaged_file_is_made_anew(
    kept: KeptSides, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    runner = Counting()
    value(kept, runner)
    (file,) = kept.folder.iterdir()
    file.write_bytes(content)
    assert value(kept, runner) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "is damaged" in line
    assert value(kept, runner) == 2


def test_where_nothing_can_be_kept_a_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    suite = MeasuringCode(tmp_path, tmp_path / "targets" / "sdk")
    kept = KeptSides(tmp_path / "file" / "folder", {}, DriverDigests(), suite)
    runner = Counting()
    assert [value(kept, runner), value(kept, runner)] == [1, 2]
    assert "XDG_CACHE_HOME" in capsys.readouterr().err


def test_what_nobody_uses_is_removed(kept: KeptSides) -> None:
    runner = Counting()
    for cell in (WORK, OTHER):
        value(kept, runner, cell=cell)
    old, new = kept.folder.iterdir()
    long_ago = new.stat().st_mtime - (DAYS + 1) * 86_400
    os.utime(old, (long_ago, long_ago))
    kept.remove_unused()
    assert list(kept.folder.iterdir()) == [new]


def test_other_code_of_the_suite_that_measures_it_is_another(kept: KeptSides) -> None:
    runner = Counting()
    value(kept, runner)
    (kept.suite.root / "benchmarks" / "cap" / "m.py").write_text("x = 2")
    assert value(replace(kept, suite=as_it_is(kept.suite)), runner) == 2


def as_it_is(code: MeasuringCode) -> MeasuringCode:
    forget_code()
    return replace(code)
