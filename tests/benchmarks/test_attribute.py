"""Recordings of figures that several processes measured."""

from __future__ import annotations

from benchmarks.core.recorded import Printed, together


def test_recordings_of_several_processes_are_one() -> None:
    first: Printed = {
        "functions": [["own", "a.py", "a"], ["own", "a.py", "b"]],
        "contexts": [[-1, 0, 0, 1, 0, {1: 2}, {}], [0, 1, 3, 1, 0, {4: 5}, {}]],
        "waits": [[1, 4, 0.0, 1.0]],
        "holds": [],
        "steps": [[0, 1], [1, 4]],
        "order": [0, 1, 0],
        "raised": [[1, 4, "KeyError", 1]],
        "calls": [["offer", "", "ok", []]],
    }
    second: Printed = {
        "functions": [["own", "a.py", "b"], ["library", "c.py", "c"]],
        "contexts": [[-1, 0, 0, 2, 0, {4: 6}, {}], [0, 1, 4, 1, 0, {7: 8}, {"len": 1}]],
        "waits": [[-1, 0, 0.0, 2.0], [1, 7, 2.0, 3.0]],
        "holds": [[1, 6, -1, 0, 1.0, [0]]],
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
        "holds": [[3, 6, -1, 0, 1.0, [0]]],
        "steps": [[0, 1], [1, 4], [3, 7]],
        "order": [0, 1, 0, 2, 2],
        "raised": [[1, 4, "KeyError", 1], [2, 4, "KeyError", 2]],
        "calls": [["offer", "", "ok", []], ["offer", "", "Timeout", []]],
    }
    nothing: Printed = {
        "functions": [],
        "contexts": [],
        "waits": [],
        "holds": [],
        "steps": [],
        "order": [],
        "raised": [],
        "calls": [],
    }
    assert together([first, nothing]) == first
