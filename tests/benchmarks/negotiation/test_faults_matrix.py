"""The matrix of a commit: exact, quiet, complete, and what it must be on the floor."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from suite import ROOT, Measured, measure

from benchmarks.core.notes import NOTE_MARK
from mocks.faults import Outcome
from mocks.worlds.negotiation.faults import CASES

pytestmark = pytest.mark.slow

STUBS = Path(__file__).parent / "stubs"
TOWOW = os.environ.get("UNLADEN_REPO_TOWOW")

FLOOR = {
    "formulation: hangs": Outcome.HANG,
    "formulation: empty": Outcome.DATA_LOST,
    "offer: 503": Outcome.CRASH,
    "offer: empty": Outcome.SILENT,
    "offer: late": Outcome.RECOVERED,
    "center: not JSON, every call": Outcome.HANG,
    "center: bad arguments": Outcome.CRASH,
    "encoder: not a number": Outcome.SILENT,
    "confirmation: never": Outcome.HANG,
    "confirmation: early": Outcome.RECOVERED,
}


@pytest.fixture(scope="module")
def bare() -> list[Measured]:
    return [measure("bare", "negotiation.faults", hash_seed=seed) for seed in ("0", "random")]


def outcomes(measured: Measured) -> dict[str, float | None]:
    """Outcome code by fault."""
    found = measured.of("negotiation.faults.Run.track_outcome")
    return {params[0].strip("'"): value for params, value in found.items()}


def notes(measured: Measured) -> list[str]:
    lines = [line for line in measured.errors.splitlines() if line.startswith(NOTE_MARK)]
    return [json.loads(line.removeprefix(NOTE_MARK)) for line in lines]


def test_the_matrix_repeats_in_any_process(bare: list[Measured]) -> None:
    one, other = bare
    assert one.returncode == 0, one.errors
    assert one.comparable() == other.comparable()
    assert notes(one) == notes(other)


def test_the_floor_has_no_robustness(bare: list[Measured]) -> None:
    found = outcomes(bare[0])
    assert {name: found[name] for name in FLOOR} == FLOOR
    assert set(found) == {case.name for case in CASES}


def test_nothing_fails_and_a_case_without_meaning_says_why(bare: list[Measured]) -> None:
    assert None not in bare[0].values.values()
    unavailable = [name for name, value in outcomes(bare[0]).items() if math.isnan(value or 0)]
    assert {name.partition(":")[0] for name in unavailable} == {
        "formulation", "offer", "all offers", "center", "discovery", "custom tool", "encoder",
        "detector", "profile source", "event pusher",
    }  # fmt: skip
    assert "the SDK reads it as plain text, not as JSON" in bare[0].errors


def test_a_hang_has_no_seconds_but_a_proof(bare: list[Measured]) -> None:
    seconds = bare[0].of("negotiation.faults.Run.track_seconds_to_outcome")
    lost = bare[0].of("negotiation.faults.Run.track_agents_lost")
    for name, outcome in outcomes(bare[0]).items():
        has_none = math.isnan(seconds[repr(name),] or 0)
        assert has_none == (outcome == Outcome.HANG or math.isnan(outcome or 0)), name
        if outcome == Outcome.HANG:
            assert lost[repr(name),] == 5
    assert "asv: skipped: Unavailable('proved at 0 virtual seconds" in bare[0].errors


def test_a_fault_prints_nothing_and_leaves_nothing_open(bare: list[Measured]) -> None:
    for line in bare[0].errors.splitlines():
        assert line.startswith((NOTE_MARK, "asv: skipped: "))
    text = "\n".join(notes(bare[0]))
    assert "left open" not in text
    assert str(ROOT) not in text
    assert "Task-" not in text


def test_benchmarks_json_carries_codes_and_expectations(tmp_path: Path) -> None:
    found = tmp_path / "found.json"
    subprocess.run(
        [sys.executable, "-m", "asv.benchmark", "discover", "benchmarks", str(found)],
        cwd=ROOT,
        env=os.environ | {"UNLADEN_TARGET": "bare"},
        check=True,
    )
    series: dict[str, Any] = {each["name"]: each for each in json.loads(found.read_text())}
    outcome = series["negotiation.faults.Run.track_outcome"]
    assert outcome["codes"] == [each.word for each in Outcome]
    assert outcome["expected"]["center: 503"] == ["recovered"]
    assert outcome["about"] == {case.name: case.about for case in CASES}
    assert set(outcome["expected"]) == {case.name for case in CASES}
    assert "expected" not in series["negotiation.faults.Run.track_agents_lost"]


@pytest.mark.skipif(not TOWOW, reason="UNLADEN_REPO_TOWOW names no clone of Towow")
@pytest.mark.parametrize(
    ("commit", "expected"),
    [
        ("7fbdf95", {"formulation: hangs": Outcome.HANG, "center: hangs": Outcome.HANG}),
        ("ab84423", {"custom tool: raises": Outcome.TYPED_ERROR}),
        (
            "34585e4",
            {
                "formulation: hangs": Outcome.REPORTED,
                "center: hangs": Outcome.SILENT,
                "center: bad arguments": Outcome.DATA_LOST,
                "event pusher: hangs": Outcome.HANG,
                "confirmation: early": Outcome.REPORTED,
                "confirmation: never": Outcome.RECOVERED,
            },
        ),
    ],
)
def test_towows_matrix_at_some_commits(
    tmp_path: Path, commit: str, expected: dict[str, Outcome]
) -> None:
    assert TOWOW
    archive = subprocess.run(
        ["git", "-C", TOWOW, "archive", commit, "backend/towow"], check=True, capture_output=True
    )
    subprocess.run(["tar", "-x", "-C", tmp_path], input=archive.stdout, check=True)
    path = (tmp_path / "backend", STUBS)
    one, other = (
        measure("towow", "negotiation.faults.Run", hash_seed=seed, path=path) for seed in ("0", "1")
    )
    assert one.comparable() == other.comparable()
    assert notes(one) == notes(other)
    assert None not in one.values.values()
    found = outcomes(one)
    assert {name: found[name] for name in expected} == expected
