"""Figures of services do not turn on the order of what is due at the same instant, or say so."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest
from made_services import Choose
from suite import ROOT

from benchmarks.core.cells import value_of
from benchmarks.service import faults
from benchmarks.service.running import Running, fresh
from mocks.faults import Case, Outcome
from mocks.worlds.service.faults import CASES


def case(name: str) -> Case:
    return next(each for each in CASES if each.name == name)


@pytest.mark.slow
def test_time_outs_of_one_length_are_tried_in_both_orders(choose: Choose) -> None:
    choose("two time-outs of one length")
    found = faults.in_either_order(case("chat: hangs"))
    assert (found.first.seconds, found.last.seconds) == (29.0, 29.0)
    assert {found.first.outcome, found.last.outcome} == {Outcome.TYPED_ERROR, Outcome.CRASH}
    choose()
    alike = faults.in_either_order(case("chat: hangs"))
    assert alike.first == alike.last
    assert alike.first.outcome is Outcome.CRASH


@pytest.mark.slow
def test_what_ends_at_once_is_tried_in_one(choose: Choose) -> None:
    choose()
    found = faults.in_either_order(case("chat: 503"))
    assert found.first is found.last


@pytest.mark.slow
@pytest.mark.rotated
@pytest.mark.parametrize(
    "series", ["burst.Burst", "profiles.Load", "faults.Request", "request.Request", "freeze.Health"]
)
def test_no_figure_of_the_floor_turns_on_an_order(series: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--ties", f"^service.{series}[.]"],
        cwd=ROOT,
        env=os.environ | {"UNLADEN_TARGET": "bare", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr[-2000:]
    assert "0 of " in done.stderr.splitlines()[-1]


@pytest.mark.slow
def test_what_a_service_draws_by_chance_is_the_same_each_time(choose: Choose) -> None:
    def drawn() -> float:
        with Running():
            return random.random()

    choose()
    assert value_of(fresh(drawn)) == value_of(fresh(drawn))


@pytest.mark.slow
def test_a_service_stands_in_a_folder_of_its_own(choose: Choose) -> None:
    def stands() -> tuple[str, str]:
        with Running() as running:
            return os.getcwd(), str(running.world.folder.resolve())

    choose()
    where, folder = value_of(fresh(stands))
    assert where == folder != os.getcwd()
    assert not os.path.exists(folder)
