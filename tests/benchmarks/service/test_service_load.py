"""The command that plays a load virtually."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from suite import ROOT

COMMAND = [sys.executable, "-m", "benchmarks.service.load"]


def play(*options: str, target: str = "bare", seed: str = "0") -> subprocess.CompletedProcess[str]:
    """The command in a process with that hash seed."""
    environment = {**os.environ, "UNLADEN_TARGET": target, "PYTHONHASHSEED": seed}
    return subprocess.run(
        [*COMMAND, *options],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_load_is_the_same_to_the_byte_whatever_the_hash_seed() -> None:
    options = ("--profile", "spike", "--users", "10", "--duration", "45", "--limit", "40")
    first, *others = [play(*options, seed=seed) for seed in ("0", "1", "7")]
    assert first.returncode == 0, first.stderr
    assert [other.stdout for other in others] == [first.stdout] * 2
    lines = [json.loads(line) for line in first.stdout.splitlines()]
    assert (lines[0]["t"], lines[0]["limit_per_minute"]) == ("plan", 40)
    assert lines[-1]["t"] == "end"
    rows = [line for line in lines if line["t"] == "row"]
    assert len(rows) > 15
    assert sum(row["calls"] for row in rows) == lines[-1]["facts"]["model_calls"]
    assert [row["ended"] for row in rows] == sorted(row["ended"] for row in rows)
    present = [line["users"] for line in lines if line["t"] == "users"]
    assert (max(present), present[-1]) == (10, 0)
    assert "recovery_s" in lines[-1]["facts"]


@pytest.mark.slow
def test_another_seed_is_another_load() -> None:
    one, other = (play("--users", "2", "--duration", "10", "--seed", seed) for seed in "12")
    assert one.stdout != other.stdout


@pytest.mark.slow
def test_an_open_load_counts_from_when_a_request_is_due() -> None:
    done = play("--profile", "steady", "--duration", "20", "--limit", "200")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    due = [row["due"] for row in rows if row["t"] == "row"]
    assert len(due) > 60
    assert max(due) < 20


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--profile", "peak"], "there is no profile 'peak'"),
        (["--users", "0"], "--users"),
        (["--mix", "talk=1"], "--mix"),
        (["--think", "5", "1"], "think times go from a shorter"),
    ],
)
def test_what_is_wrong_with_the_options_is_one_line(options: list[str], said: str) -> None:
    done = play(*options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_a_service_that_cannot_be_had_is_said_in_one_line() -> None:
    done = play(target="parley")
    assert (done.returncode, done.stdout) == (3, "")
    assert "parley" in done.stderr
    assert done.stderr.count("\n") == 1
