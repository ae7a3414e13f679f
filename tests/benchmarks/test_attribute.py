"""A figure is measured again with whose work it is, wherever its benchmark measures it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from suite import ROOT

from benchmarks.core.recorded import Printed, together


def attributed(series: str, index: int, *how: str, hash_seed: str = "random") -> dict[str, Any]:
    """What the command prints of a figure of the floor."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.attribute", series, str(index), *how],
        cwd=ROOT,
        env={"UNLADEN_TARGET": "bare", "PYTHONPATH": "", "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def own_bytecodes(printed: dict[str, Any]) -> int:
    """Those of the SDK's own files."""
    return sum(
        sum(lines.values())
        for _, function, _, _, _, lines, _ in printed["contexts"]
        if printed["functions"][function][0] == "own"
    )


@pytest.mark.parametrize(
    ("series", "index"),
    [
        ("sessions.operations.Operations.track_sdk_bytecodes", 1),
        ("turns.journey.Journey.track_sdk_bytecodes", 0),
        ("service.request.Request.track_own_bytecodes", 0),
        ("recall.store.Store.track_own_bytecodes", 0),
    ],
)
def test_what_a_forked_process_counts_adds_up_to_its_figure(series: str, index: int) -> None:
    found = attributed(series, index)
    assert found["value"] == own_bytecodes(found) > 0
    assert found["parts"] == []


def test_statements_are_told_by_their_text_and_by_who_executes_them() -> None:
    found, again = (
        attributed("turns.journey.Journey.track_statements", 0, "--whole", hash_seed=seed)
        for seed in ("1", "2")
    )
    assert found["parts"] == again["parts"]
    times = Counter({text: times for text, _, times in found["parts"]})
    assert times.total() == found["value"] == 12
    assert times["INSERT INTO turns VALUES (?...)"] == 10
    where = {text: [name for _, name, _ in place] for text, place, _ in found["parts"]}
    assert where["INSERT INTO turns VALUES (?...)"] == [
        "Turns._keep",
        "Turns._work",
        "Turns.submit",
    ]


def test_what_a_thread_executes_is_done_by_who_gave_it_to_the_thread() -> None:
    found = attributed("service.request.Request.track_sql_statements", 0, "--whole")
    ((text, place, times),) = found["parts"]
    assert (text, times, found["value"]) == ("INSERT INTO said VALUES (?...)", 1, 1)
    assert [name for _, name, _ in place] == ["Service._keep", "Service._chat"]


def test_model_calls_are_told_by_their_role() -> None:
    found = attributed("negotiation.baseline.Run.track_model_calls", 0, "--whole")
    assert sum(times for _, _, times in found["parts"]) == found["value"]
    roles = {text: (place[0][1], times) for text, place, times in found["parts"]}
    assert roles["offer"] == ("Floor._offer", 5)
    assert roles["formulation"] == ("Floor.negotiate", 1)


def test_of_an_outcome_what_was_done_is_told_in_order() -> None:
    found = attributed("calls.faults.Run.track_outcome", 2, "--trace")
    assert {name for _, _, name, _ in found["raised"]} == {"RateLimited"}
    assert "RateLimited" in [outcome for _, _, outcome, _ in found["calls"]]
    assert len(found["steps"]) == len({tuple(step) for step in found["steps"]})
    assert set(found["order"]) == set(range(len(found["steps"])))
    own = {found["functions"][found["contexts"][one][1]][0] for one, _ in found["steps"]}
    assert own == {"own"}


def test_recordings_of_several_processes_are_one() -> None:
    first: Printed = {
        "functions": [["own", "a.py", "a"], ["own", "a.py", "b"]],
        "contexts": [[-1, 0, 0, 1, 0, {1: 2}, {}], [0, 1, 3, 1, 0, {4: 5}, {}]],
        "waits": [[1, 4, 0.0, 1.0]],
        "steps": [[0, 1], [1, 4]],
        "order": [0, 1, 0],
        "raised": [[1, 4, "KeyError", 1]],
        "calls": [["offer", "", "ok", []]],
    }
    second: Printed = {
        "functions": [["own", "a.py", "b"], ["library", "c.py", "c"]],
        "contexts": [[-1, 0, 0, 2, 0, {4: 6}, {}], [0, 1, 4, 1, 0, {7: 8}, {"len": 1}]],
        "waits": [[-1, 0, 0.0, 2.0], [1, 7, 2.0, 3.0]],
        "steps": [[1, 7]],
        "order": [0, 0],
        "raised": [[0, 4, "KeyError", 2]],
        "calls": [["offer", "", "Timeout", []]],
    }
    assert together([first, second]) == {
        "functions": [["own", "a.py", "a"], ["own", "a.py", "b"], ["library", "c.py", "c"]],
        "contexts": [
            [-1, 0, 0, 1, 0, {1: 2}, {}],
            [0, 1, 3, 1, 0, {4: 5}, {}],
            [-1, 1, 0, 2, 0, {4: 6}, {}],
            [2, 2, 4, 1, 0, {7: 8}, {"len": 1}],
        ],
        "waits": [[-1, 0, 0.0, 2.0], [3, 7, 2.0, 3.0]],
        "steps": [[0, 1], [1, 4], [3, 7]],
        "order": [0, 1, 0, 2, 2],
        "raised": [[1, 4, "KeyError", 1], [2, 4, "KeyError", 2]],
        "calls": [["offer", "", "ok", []], ["offer", "", "Timeout", []]],
    }
    nothing: Printed = {
        "functions": [],
        "contexts": [],
        "waits": [],
        "steps": [],
        "order": [],
        "raised": [],
        "calls": [],
    }
    assert together([first, nothing]) == first
