"""Runs at once under 50 schedules: a race is counted, told, and found by the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from suite import ROOT, Measured, measure, project_with_driver

RACES = "negotiation.concurrency.Races.track_"

RACY = """
import asyncio
from dataclasses import replace
import targets.bare.driver  # puts the floor on the path
from targets.bare.negotiation import _Negotiator
from targets.protocol import Target
from targets.protocols.negotiation import Negotiation


class Racy(_Negotiator):
    is_begun = is_over = False

    async def negotiate(self, demand):
        done = await super().negotiate(demand)
        RACE
        return done


TARGET = Target(name="racy", imports=("floor",), capabilities=[Negotiation(open=Racy)])
"""

RACE = """
        if self.is_begun and not self.is_over:
            MISTAKE
            return done
        await asyncio.sleep(0)
        self.is_begun = True
        for _ in range(3):
            await asyncio.sleep(0)
        self.is_over = True
"""
"""Who comes while the first is at it is treated wrongly; those that come in the same pass of the
loop, as all do in the canonical order, do not see each other."""


def racing(folder: Path, mistake: str) -> Path:
    return project_with_driver(
        folder, "racy", RACY.replace("        RACE\n", RACE).replace("MISTAKE", mistake)
    )


def values(done: Measured) -> dict[str, float | None]:
    found = {name: v for (name, _), v in done.values.items() if name.startswith(RACES)}
    return {name.removeprefix(RACES): value for name, value in found.items()}


def notes(done: Measured) -> list[str]:
    marks = [line for line in done.errors.splitlines() if line.startswith("unladen-note: ")]
    return [json.loads(line.partition(" ")[2]) for line in marks]


@pytest.mark.slow
def test_the_floor_has_no_race() -> None:
    done = measure("bare", "negotiation.concurrency.Races")
    assert values(done) == {"outcomes": 0, "agents_lost": 0, "crosstalk": 0}
    assert notes(done) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mistake", "least", "told"),
    [
        ("done.offers.popitem()", {"agents_lost": 1}, "with parts lost"),
        (
            'done = replace(done, plan=done.plan + " #d99999")',
            {"crosstalk": 1},
            "with another run's items",
        ),
        ("done = replace(done, plan='')", {}, "wrong"),
        ('raise LookupError("gone")', {"agents_lost": 5}, "LookupError"),
        (
            "await asyncio.get_running_loop().create_future()",
            {"agents_lost": 50},
            "hangs",
        ),
    ],
    ids=["lost", "foreign", "wrong", "error", "hang"],
)
def test_a_race_is_counted_and_told(
    tmp_path: Path, mistake: str, least: dict[str, int], told: str
) -> None:
    root = racing(tmp_path, mistake)
    done = measure("racy", "negotiation.concurrency.(Races|Parallel.track_crosstalk)", root=root)
    found = values(done)
    assert found["outcomes"] == 1
    for name in ("agents_lost", "crosstalk"):
        value = found[name]
        assert value is not None
        assert value >= least.get(name, 0)
        assert (value > 0) == (name in least)
    first, second, *_ = notes(done)[0].splitlines()
    assert f" {told}" in f" {first}"
    assert " instead of 10 right: seed " in first
    assert first.endswith(("late event is enough", "late events are enough"))
    assert second.startswith("at 3 s run ")
    # No other series shows it: in the canonical order all ten end in one pass of the loop.
    assert done.of("negotiation.concurrency.Parallel.track_crosstalk")["10",] == 0
    assert not done.wrong


TIED = """
import asyncio
from mocks.clock.schedules import event_at
import targets.bare.driver  # puts the floor on the path
from targets.bare.negotiation import _Negotiator
from targets.protocol import Target
from targets.protocols.negotiation import Negotiation


class Tied(_Negotiator):
    async def negotiate(self, demand):
        loop = asyncio.get_running_loop()
        winner = loop.create_future()
        for seconds in (3, 4, 5):
            event_at(loop, loop.time() + 2, self._win, winner, seconds)
        await asyncio.sleep(await winner)
        return await super().negotiate(demand)

    @staticmethod
    def _win(winner, seconds):
        if not winner.done():
            winner.set_result(seconds)


TARGET = Target(name="racy", imports=("floor",), capabilities=[Negotiation(open=Tied)])
"""


def command(root: Path, *arguments: str, target: str = "racy") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=root,
        env=os.environ | {"UNLADEN_TARGET": target, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_any_exact_cell_can_be_measured_under_schedules_and_one_replayed(tmp_path: Path) -> None:
    root = project_with_driver(tmp_path, "racy", TIED)
    pattern = "negotiation.baseline.Run.track_(makespan|model_calls|bytecodes)"
    done = command(root, "--schedules", "20", "--json", pattern)
    assert done.returncode == 1, done.stderr
    rows = {(name, tuple(at)): cell for name, at, cell in map(json.loads, done.stdout.splitlines())}
    makespan = rows.pop(("negotiation.baseline.Run.track_makespan", ("'plan'",)))
    assert (makespan["canonical"], makespan["values"][:2]) == (8.0, [8.0, 9.0])
    # The first run, which warms up, ends at 8 s.
    assert "one late event is enough\nat 10 s run 2 at driver.py:" in makespan["race"]
    # Calls do not turn on it, and bytecodes are not asked about.
    assert {name for name, _ in rows} == {"negotiation.baseline.Run.track_makespan"}
    assert f"{len(rows) + 1} of " in done.stderr

    seed = str(makespan["seeds"][0])
    makespans = "negotiation.baseline.Run.track_makespan"
    replayed = command(root, "--schedule", seed, "--json", makespans)
    _, at, value, wrong = json.loads(replayed.stdout.splitlines()[0])
    assert (at, wrong) == (["'plan'"], "")
    assert value in (9.0, 10.0)
    usual = command(root, "--json", makespans)
    assert json.loads(usual.stdout.splitlines()[0])[2] == 8.0


@pytest.mark.slow
def test_a_number_of_schedules_is_one_or_more() -> None:
    for count in ("0", "-1", "many"):
        done = command(ROOT, "--schedules", count, target="bare")
        assert done.returncode == 2
        assert "--schedules" in done.stderr
    assert command(ROOT, "--schedules", "2", "--ties", target="bare").returncode == 2


@pytest.mark.slow
def test_cells_that_are_measured_together_have_an_order_each(tmp_path: Path) -> None:
    """A seed means the same for one cell as for all of them."""
    root = project_with_driver(tmp_path, "racy", TIED)
    pattern = "latency.Model.track_makespan"
    all_of_them = command(root, "--schedule", "1", "--json", pattern)
    usual = command(root, "--json", pattern)
    one, other = (
        {tuple(at): value for _, at, value, _ in map(json.loads, done.stdout.splitlines())}
        for done in (all_of_them, usual)
    )
    assert one.keys() == other.keys()
    assert any(one[at] != other[at] for at in one)
    assert "by the order of timers" not in all_of_them.stderr
    assert "by the order of timers" in usual.stderr
