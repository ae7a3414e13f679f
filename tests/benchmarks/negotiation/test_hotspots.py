"""The hot spots of the floor: what they do and wait adds up, and repeat."""

from __future__ import annotations

import math
import re

import pytest
from suite import Measured, measure

PLACE = re.compile(r"floor/negotiation\.py:\d+ in Floor\.\w+")


@pytest.fixture(scope="module")
def measured() -> Measured:
    found = measure("bare", r"^negotiation\.(hotspots|baseline\.Run\.track_makespan)")
    assert found.returncode == 0, found.errors[-2000:]
    return found


def test_work_falls_with_the_rank(measured: Measured) -> None:
    for series in ("track_bytecodes", "track_bytecodes_with_libraries"):
        found = measured.of(f"negotiation.hotspots.Work.{series}")
        whole = found["'all'",]
        parts = [found[f"'{rank}'",] or 0 for rank in range(1, 6)]
        assert parts == sorted(parts, reverse=True)
        assert whole is not None
        assert whole / 2 < sum(parts) <= whole


def test_the_waits_are_the_makespan(measured: Measured) -> None:
    seconds = measured.of("negotiation.hotspots.Waits.track_seconds")
    makespans = measured.of("negotiation.baseline.Run.track_makespan")
    for scenario in ("plan", "ask_all", "sub_demand"):
        name = repr(scenario)
        assert seconds[name, "'all'"] == makespans[name,]
    plan = [seconds["'plan'", f"'{rank}'"] or 0 for rank in range(1, 6)]
    assert sum(value for value in plan if not math.isnan(value)) == seconds["'plan'", "'all'"]


def test_the_floor_wastes_no_time(measured: Measured) -> None:
    beyond = measured.of("negotiation.hotspots.Waits.track_beyond_critical_path").values()
    assert {value for value in beyond if value is not None and not math.isnan(value)} == {0.0}


def test_every_value_is_noted_with_its_place(measured: Measured) -> None:
    notes = [line for line in measured.errors.splitlines() if line.startswith("unladen-note: ")]
    assert len(notes) == sum(
        value is not None and not math.isnan(value)
        for (series, _), value in measured.values.items()
        if series.startswith("negotiation.hotspots.")
    )
    assert sum(PLACE.search(note) is not None for note in notes) == len(notes) - 8  # "n places"


@pytest.mark.slow
def test_it_repeats_with_another_hash_seed(measured: Measured) -> None:
    again = measure("bare", r"^negotiation\.hotspots", hash_seed="7")
    first = {key: v for key, v in measured.comparable().items() if ".hotspots." in key[0]}
    assert again.comparable() == first
