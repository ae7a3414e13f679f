"""Scenarios of a driver, each run once: what repeats under another hash seed, and what is hit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from suite import ROOT

DRIVER = """
from targets.bare import driver
from targets.bare.agent import _Sdk
from targets.protocol import Target
from targets.protocols.agent import Agent

WORDS = {str(number) for number in range(1000)}

class Sdk(_Sdk):
    async def run(self, agent, asked):
        for word in WORDS:
            if word == "7":
                return await super().run(agent, asked)

TARGET = Target(name="moody", imports=("floor",), capabilities=[Agent(open=Sdk)])
"""


def scenarios(
    pattern: str, *options: str, target: str = "bare", folder: Path | None = None
) -> list[dict[str, Any]]:
    """What is printed of them, by a process of their own."""
    elsewhere = {} if folder is None else {"UNLADEN_TARGET_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scenarios", pattern, *options],
        cwd=ROOT,
        env={**os.environ, "UNLADEN_TARGET": target, **elsewhere},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_a_scenario_is_of_each_word_and_of_the_smallest_number() -> None:
    *kinds, last = scenarios(r"^agent\.(kinds|tools|cancellation)\.", "--busy")
    assert [one["scenario"].removeprefix("agent.") for one in kinds] == [
        "kinds.Kinds('look')", "kinds.Kinds('read')", "kinds.Kinds('fail')", "kinds.Kinds('tick')",
        "tools.Turns(1)", "tools.AtOnce(1)",
    ]  # fmt: skip
    # Cancellations at each point, and growth, which is of all sizes.
    assert last == {"left_out": 2}
    look, read, *_ = kinds
    # Two runs of two requests each, of which the second is measured.
    assert (look["places"], look["threads"], look["escapes"]) == ({"agent": 4}, 0, {})
    assert read["threads"] == 6
    assert look["figures"]["agent.kinds.Kinds.track_seconds"] == [2.504, "", 0.0]


@pytest.mark.slow
def test_what_goes_by_the_order_of_a_set_is_seen_under_another_seed(tmp_path: Path) -> None:
    (tmp_path / "driver.py").write_text(DRIVER)

    def figures(seed: str) -> dict[str, Any]:
        asked = (r"^agent\.baseline\.Run\.", "--hash-seed", seed)
        one, _ = scenarios(*asked, target="moody", folder=tmp_path)
        found: dict[str, Any] = one["figures"]
        return found

    one, same, other = figures("1"), figures("1"), figures("2")
    assert one == same
    assert one["agent.baseline.Run.track_bytecodes"] != other["agent.baseline.Run.track_bytecodes"]
    assert one["agent.baseline.Run.track_makespan"] == other["agent.baseline.Run.track_makespan"]


def test_what_matches_nothing_is_told() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        scenarios(r"^nothing\.")
    assert (failed.value.returncode, failed.value.stdout) == (2, "")


@pytest.mark.slow
def test_all_cells_are_what_a_run_measures() -> None:
    *rows, last = scenarios(r"^agent\.(kinds|tokens|baseline\.(Run|Made))", "--all")
    told = {one["scenario"].removeprefix("agent."): one["figures"] for one in rows}
    assert last == {"left_out": 0}
    assert {"baseline.Run()", "baseline.Made(100)", "tokens.Turns(20)"} <= told.keys()
    assert "tokens.Growth('prompt_tokens')" in told
    assert told["kinds.Kinds('look')"]["agent.kinds.Kinds.track_seconds"] == [2.504, "", 0.0]
    assert told["baseline.Run()"]["agent.baseline.Run.track_model_calls"] == [1, "", 0.0]
