"""The names and parameters of the series of calls: results and labels hang on them."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.calls.messages import QUANTITIES
from mocks.worlds.calls.ends import ENDS, KINDS
from mocks.worlds.calls.faults import CASES

CONTRACT = {
    "baseline.Run": {
        "time_cpu", "track_bytecodes", "track_function_calls", "track_makespan",
        "track_messages_after_target", "track_retained_bytes", "track_sdk_bytecodes",
        "track_seconds_after_target", "track_traced_peak",
    },
    "messages.Messages": {
        "time_cpu", "track_bytes_taken", "track_makespan", "track_memory_rises",
        "track_retained_bytes", "track_sdk_bytecodes", "track_traced_peak",
    },
    "messages.Margin": {"track_bytes_taken", "track_function_calls", "track_sdk_bytecodes"},
    "messages.Growth": {
        "track_exponent", "track_fit_error", "track_largest_local_exponent",
    },
    "concurrency.Parallel": {
        "sample_cpu_per_run", "sample_loop_lag", "track_crosstalk", "track_makespan",
        "track_peak_in_flight",
    },
    "concurrency.Races": {"track_crosstalk", "track_messages_lost", "track_outcomes"},
    "cancel.Cancel": {
        "track_left_in_flight", "track_messages_after", "track_outcome", "track_sdk_bytecodes",
        "track_seconds_to_end",
    },
    "cancellation.Run": {
        "track_hangs", "track_left_behind", "track_points", "track_seconds_to_end",
        "track_swallowed",
    },
    "ends.Stream": {"track_outcome", "track_sdk_bytecodes", "track_seconds"},
    "ends.Callables": {"track_outcome", "track_seconds"},
    "faults.Run": {"track_messages_lost", "track_outcome", "track_seconds_to_outcome"},
    "scopes.One": {"sample_cpu", "track_bytecodes", "track_traced_peak", "track_used_again"},
    "hotspots.Work": {"track_bytecodes", "track_bytecodes_with_libraries"},
    "hotspots.Waits": {"track_beyond_critical_path", "track_seconds"},
    "memory.Leak": {
        "track_results_alive", "track_retained_bytes", "track_retained_objects",
    },
}  # fmt: skip

RANKS = ["all", "1", "2", "3", "4", "5"]

PARAMETERS: dict[str, dict[str, list[Any]]] = {
    "messages.Messages": {"messages": [1, 10, 100, 1000, 10_000]},
    "messages.Growth": {"quantity": list(QUANTITIES)},
    "concurrency.Parallel": {"calls": [1, 3, 5, 10, 20, 50, 100]},
    "cancel.Cancel": {
        "way": ["task", "group", "scope", "time-out", "request"],
        "calls": [1, 50],
    },
    "ends.Stream": {"end": [case.name for case in ENDS]},
    "ends.Callables": {"kind": [case.name for case in KINDS]},
    "faults.Run": {"fault": [case.name for case in CASES]},
    "hotspots.Work": {"rank": RANKS},
    "hotspots.Waits": {"rank": RANKS},
    "memory.Leak": {"mix": ["plain", "faults", "cancelled"]},
}

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
