"""Exact figures do not turn on the order of what is due at the same instant, or say so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from suite import ROOT, measure, project_with_driver

TOWOW = os.environ.get("UNLADEN_REPO_TOWOW")
STUBS = Path(__file__).parent / "stubs"

TIED = """
import asyncio
import targets.bare.driver  # puts the floor on the path
from targets.bare.negotiation import _Negotiator
from targets.protocol import Target
from targets.protocols.negotiation import Negotiation


class Tied(_Negotiator):
    \"\"\"Waits three seconds more, or four: two timers of one instant race.\"\"\"

    async def negotiate(self, demand):
        loop = asyncio.get_running_loop()
        winner = loop.create_future()
        for seconds in (3, 4):
            loop.call_later(2, self._win, winner, seconds)
        await asyncio.sleep(await winner)
        return await super().negotiate(demand)

    @staticmethod
    def _win(winner, seconds):
        if not winner.done():
            winner.set_result(seconds)


TARGET = Target(name="tied", imports=("floor",), capabilities=[Negotiation(open=Tied)])
"""


def ties(target: str, *arguments: str, root: Path = ROOT, path: str = "") -> tuple[int, list[str]]:
    """Exit code and rows of ``python -m benchmarks --ties``."""
    environment = os.environ | {"UNLADEN_TARGET": target, "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--ties", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "cells turn on the order" in done.stderr, done.stderr[-2000:]
    return done.returncode, done.stdout.splitlines()


PLAIN = "baseline|concurrency"
"""The series that do not measure both orders themselves (those of ``scaling`` and ``cancellation``
run the same negotiations)."""


@pytest.mark.slow
def test_no_figure_of_the_floor_turns_on_an_order() -> None:
    assert ties("bare", PLAIN) == (0, [])


@pytest.mark.slow
@pytest.mark.parametrize("commit", ["main", "main~9"])
def test_no_figure_of_the_sample_sdk_turns_on_an_order(tmp_path: Path, commit: str) -> None:
    built = [sys.executable, "-m", "unladen", "--target", "parley", "patches", "build"]
    done = subprocess.run(built, cwd=ROOT, capture_output=True, text=True, check=True)
    _, _, repository = done.stdout.strip().partition(" ")
    unpack(repository, commit, "src", tmp_path)
    assert ties("parley", PLAIN, path=str(tmp_path / "src")) == (0, [])


@pytest.mark.skipif(not TOWOW, reason="UNLADEN_REPO_TOWOW names no clone of Towow")
@pytest.mark.parametrize("commit", ["7fbdf95", "34585e4"])
def test_no_figure_of_towow_turns_on_an_order(tmp_path: Path, commit: str) -> None:
    assert TOWOW
    unpack(TOWOW, commit, "backend/towow", tmp_path)
    _, rows = ties("towow", PLAIN, path=os.pathsep.join([f"{tmp_path}/backend", str(STUBS)]))
    assert rows == []


def unpack(repository: str, commit: str, path: str, folder: Path) -> None:
    """Write a commit's files below ``path`` to a folder."""
    git = ["git", "-C", repository, "archive", commit, path]
    archive = subprocess.run(git, check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)


@pytest.mark.slow
def test_a_figure_that_turns_on_an_order_is_found(tmp_path: Path) -> None:
    root = project_with_driver(tmp_path, "tied", TIED)
    series = "negotiation.baseline.Run.track_(makespan|model_calls|bytecodes)"
    code, rows = ties("tied", series, "--json", root=root)
    assert code == 1
    found = [json.loads(row) for row in rows]
    assert found[0] == ["negotiation.baseline.Run.track_makespan", ["'plan'"], 8.0, 9.0, "", ""]
    assert {name for name, *_ in found} == {"negotiation.baseline.Run.track_makespan"}


@pytest.mark.slow
def test_where_both_orders_are_measured_the_worse_counts_and_both_are_noted(tmp_path: Path) -> None:
    root = project_with_driver(tmp_path, "tied", TIED)
    done = measure("tied", "negotiation.latency.Model", root=root)
    cell = ("1.1", "1", "'unlimited'")
    assert done.of("negotiation.latency.Model.track_makespan")[cell] == 6 + 3.3
    assert done.of("negotiation.latency.Model.track_efficiency")[cell] == round(3.3 / 9.3, 9)
    assert "8.3 or 9.3, by the order of timers due at the same instant" in done.errors
    assert "0.397590361 or 0.35483871, by the order" in done.errors
    assert done.of("negotiation.latency.Model.track_agents_lost")[cell] == 0
    assert "0 or 0" not in done.errors
    code, rows = ties("tied", "negotiation.latency.Model", root=root)
    assert (code, rows) == (0, [])
