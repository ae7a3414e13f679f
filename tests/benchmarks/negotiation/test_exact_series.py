"""Exact series repeat to the digit, and the floor's are what the work says.

A commit measures the classes of series whose lock it changed, which it must when their code or
their floor changes (``test_series_lock.py``), and of the others a twelfth, each commit another one.
All are measured by ``make test-all``, where this file is named, and when it changes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import series_lock
from moving_sample import is_all_tried, tried_now
from rotation import ONE_IN
from series_lock import LOCKS, Entry
from suite import ROOT, Measured, agree, measure

from mocks.worlds.negotiation.script import Scenario

PART = 2 * ONE_IN
"""Of the classes that a commit did not change, it measures one in so many."""

# Most of it is to measure the floor, once for all of them.
pytestmark = [pytest.mark.slow, pytest.mark.every_commit]

STUBS = Path(__file__).parent / "stubs"
TOWOW = os.environ.get("UNLADEN_REPO_TOWOW")
SEEDS = ("0", "1", "random")

OLDEST, BUILDER, NEWEST = "7fbdf95", "ab84423", "34585e4"

LOOKED_AT = {
    "negotiation.baseline.Phases",
    "negotiation.baseline.Run",
    "negotiation.concurrency.Parallel",
    "negotiation.latency.Model",
}
"""The classes whose values some test here tells; they are measured at each commit."""


def assert_same(one: Measured, other: Measured) -> None:
    """The same to the digit, and wrong in the same words; peaks of traced memory within the
    tolerance that they state."""
    tolerances = {name: entry.tolerance for name, entry in series_now().items()}
    ones, others = one.comparable(), other.comparable()
    assert set(ones) == set(others)
    moved = [key for key in ones if not agree(ones[key], others[key], tolerances[key[0]])]
    assert moved == []
    assert one.wrong == other.wrong


@cache
def series_now() -> dict[str, Entry]:
    return series_lock.current_series()


def class_of(series: str) -> str:
    return series.rpartition(".")[0]


def of_classes(classes: Iterable[str]) -> str:
    """A pattern of the series of these classes."""
    return f"^({'|'.join(map(re.escape, sorted(classes)))})[.][^.]+$"


def exact_classes() -> set[str]:
    return {class_of(name) for name, one in series_now().items() if one.kind == "exact"}


def changed_classes() -> set[str]:
    """The classes of which this commit, or what is not committed, changed anything that is locked;
    without git or a parent, none."""
    changed = set()
    for file in LOCKS.glob("*.json"):
        path = file.relative_to(ROOT).as_posix()
        command = ["git", "-C", str(ROOT), "show", f"HEAD~1:{path}"]
        shown = subprocess.run(command, capture_output=True, text=True, check=False)
        before = json.loads(shown.stdout) if shown.returncode == 0 else None
        changed |= changed_in(before, json.loads(file.read_text()))
    locked = series_lock.load().series
    return changed | {
        class_of(name) for name, one in series_now().items() if locked.get(name) != one
    }


def changed_in(before: dict[str, Any] | None, now: dict[str, Any]) -> set[str]:
    """The classes of one lock file whose code, floor or values are not as they were."""
    if before is None:
        return set()
    if any(before[part] != now[part] for part in ("interpreter", "floor")):
        return {class_of(name) for name in now["series"]}
    moved = [
        cell.partition("(")[0]
        for part in ("series", "values")
        for cell, entry in now[part].items()
        if before[part].get(cell) != entry
    ]
    return {class_of(name) for name in moved}


@pytest.fixture(scope="module")
def bare(changed: list[str] | None) -> Measured:
    """What is measured of the floor at this commit."""
    own = Path(__file__).relative_to(ROOT).as_posix()
    if is_all_tried() or changed is None or own in changed:
        return measure("bare", hash_seed="0")
    classes = exact_classes()
    asked = LOOKED_AT | changed_classes() | tried_now(classes, -(-len(classes) // PART))
    return measure("bare", of_classes(asked & classes), hash_seed="0")


def test_the_floors_exact_series_repeat_in_any_process(bare: Measured) -> None:
    """Each commit measures another half of them again, in two processes; all are compared with the
    locked ones, which another process gave."""
    assert len(bare.values) > 200
    assert bare.returncode == 0, bare.errors
    classes = {class_of(name) for name, _ in bare.values}
    count = len(classes) if is_all_tried() else -(-len(classes) // 4)
    for seed in SEEDS[1:]:
        tried = tried_now((f"{name} {seed}" for name in classes), count)
        of_tried = of_classes(one.partition(" ")[0] for one in tried)
        again = measure("bare", of_tried, hash_seed=seed)
        assert_same(bare.matching(of_tried), again)


def test_the_floors_exact_values_are_the_locked_ones(bare: Measured) -> None:
    locked = series_lock.load()
    if locked.interpreter != series_lock.interpreter():
        pytest.skip(f"the values are locked for {locked.interpreter}")
    now = series_lock.values_of(bare)
    measured = {name for name, _ in bare.values}
    assert {cell.partition("(")[0] for cell in now} == measured
    for cell, value in locked.values.items():
        if cell.partition("(")[0] not in measured:
            continue
        # Importing numpy runs other bytecodes where it is installed in another way.
        if not cell.startswith("imports."):
            tolerance = locked.series[cell.partition("(")[0]].tolerance
            assert agree(now[cell], value, tolerance), (
                f"{cell} is {now[cell]}, was {value}: {series_lock.HOW}"
            )


def test_on_the_floor_nothing_fails_or_is_wrong_and_nothing_is_missing(
    bare: Measured,
) -> None:
    assert bare.wrong == {}
    own = bare.matching(r"^(negotiation|imports)[.]").comparable()
    gaps = [key for key, value in own.items() if value in (None, "n/a")]
    # Some faults cannot happen to the floor (test_faults_matrix.py says which), and it waits at
    # fewer places than there are ranks.
    assert {name for name, _ in gaps} <= {
        "negotiation.faults.Run.track_outcome",
        "negotiation.faults.Run.track_seconds_to_outcome",
        "negotiation.faults.Run.track_agents_lost",
        "negotiation.hotspots.Waits.track_beyond_critical_path",
        "negotiation.hotspots.Waits.track_seconds",
    }
    assert None not in bare.values.values()


def test_a_commit_measures_the_classes_whose_lock_it_changed() -> None:
    before = {
        "interpreter": "CPython",
        "floor": "aa",
        "series": {"talk.a.A.track_x": {"code": "1"}, "talk.b.B.track_y": {"code": "1"}},
        "values": {"talk.a.A.track_x('p')": 1, "talk.b.B.track_y()": 2},
    }
    assert changed_in(before, before) == set()
    assert changed_in(None, before) == set()
    code = {**before["series"], "talk.b.B.track_y": {"code": "2"}, "talk.c.C.track_z": {}}
    assert changed_in(before, {**before, "series": code}) == {"talk.b.B", "talk.c.C"}
    values = {**before["values"], "talk.a.A.track_x('p')": 3}
    assert changed_in(before, {**before, "values": values}) == {"talk.a.A"}
    for part in ("floor", "interpreter"):
        assert changed_in(before, {**before, part: "other"}) == {"talk.a.A", "talk.b.B"}


def test_the_floors_makespans_are_the_sums_of_its_waits(bare: Measured) -> None:
    phases = bare.of("negotiation.baseline.Phases.track_seconds")
    spans = {params[0]: value for params, value in phases.items()}
    assert spans == {"'formulation'": 1, "'confirmation'": 0, "'offers'": 1, "'center'": 1}
    rounds = {"plan": 1, "ask_one": 3, "ask_all": 3, "eager": 5, "sub_demand": 6, "discovery": 3}
    makespans = bare.of("negotiation.baseline.Run.track_makespan")
    assert makespans == {(repr(name),): 2 + waits for name, waits in rounds.items()}
    assert set(rounds) == {scenario.value for scenario in Scenario}


def test_the_floor_loses_nobody_and_mixes_nothing_up(bare: Measured) -> None:
    assert set(bare.of("negotiation.latency.Model.track_agents_lost").values()) == {0}
    assert set(bare.of("negotiation.concurrency.Parallel.track_crosstalk").values()) == {0}


def test_nothing_on_the_floor_turns_on_the_order_of_simultaneous_timers(
    bare: Measured,
) -> None:
    assert "by the order of timers" not in bare.errors


def test_efficiency_is_one_where_the_provider_has_no_limit(bare: Measured) -> None:
    efficiency = bare.of("negotiation.latency.Model.track_efficiency")
    for (_, _, slots), value in efficiency.items():
        assert value is not None
        assert (value == 1) == (slots == "'unlimited'")


def test_the_harness_spends_few_bytecodes_on_a_model_call() -> None:
    code = """
from benchmarks.core.harness import Harness
from benchmarks.negotiation.workload import Negotiations
from meters.bytecodes import BytecodeCounter
with Harness(Negotiations(100)) as harness:
    harness.checked()
    harness.prepare()
    with BytecodeCounter() as counter:
        harness.run()
    parts = ("/mocks/", "/benchmarks/", "driver.py", "<string>")
    ours = sum(n for file, n in counter.by_file().items() if any(part in file for part in parts))
    print(ours / len(harness.calls))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"UNLADEN_TARGET": "bare"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert 50 < float(done.stdout) < 260


@pytest.mark.skipif(not TOWOW, reason="UNLADEN_REPO_TOWOW names no clone of Towow")
@pytest.mark.parametrize("commit", [OLDEST, BUILDER, NEWEST])
def test_towows_exact_series_repeat_in_any_process(tmp_path: Path, commit: str) -> None:
    assert TOWOW
    archive = subprocess.run(
        ["git", "-C", TOWOW, "archive", commit, "backend/towow"], check=True, capture_output=True
    )
    subprocess.run(["tar", "-x", "-C", tmp_path], input=archive.stdout, check=True)
    path = (tmp_path / "backend", STUBS)
    first, second, third = (measure("towow", hash_seed=seed, path=path) for seed in SEEDS)
    assert_same(first, second)
    assert_same(first, third)
    plan = first.of("negotiation.baseline.Run.track_makespan")["'plan'",]
    assert plan == sum(first.of("negotiation.baseline.Phases.track_seconds").values())  # type: ignore[arg-type]
    assert plan == 3
