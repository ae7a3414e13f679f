"""The names and parameters of the series of calls: results and labels hang on them."""

from __future__ import annotations

from typing import Any

import pytest

CONTRACT = {
    "baseline.Run": {
        "time_cpu", "track_bytecodes", "track_function_calls", "track_makespan",
        "track_messages_after_target", "track_retained_bytes", "track_sdk_bytecodes",
        "track_seconds_after_target", "track_traced_peak",
    },
}  # fmt: skip

PARAMETERS: dict[str, dict[str, list[object]]] = {}

pytestmark = pytest.mark.slow


def test_every_series_of_calls_is_there(discovered: dict[str, Any]) -> None:
    found: dict[str, set[str]] = {}
    for name in discovered:
        capability, _, rest = name.partition(".")
        if capability == "calls":
            class_name, _, function = rest.rpartition(".")
            found.setdefault(class_name, set()).add(function)
    assert found == CONTRACT


def test_every_series_of_calls_has_its_parameters(discovered: dict[str, Any]) -> None:
    for class_name, functions in CONTRACT.items():
        expected = PARAMETERS.get(class_name, {})
        for function in functions:
            series = discovered[f"calls.{class_name}.{function}"]
            assert series["param_names"] == list(expected), function
            assert series["params"] == [[repr(v) for v in vs] for vs in expected.values()]
