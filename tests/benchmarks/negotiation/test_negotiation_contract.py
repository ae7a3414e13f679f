"""The names and parameters of the series of negotiations: results and labels hang on them."""

from __future__ import annotations

from typing import Any

import pytest
from suite import measure

from benchmarks.negotiation.limits import PROVIDERS
from mocks.worlds.negotiation.faults import CASES

CONTRACT = {
    "baseline.Run": {
        "peakrss_run", "time_cpu", "track_bytecodes", "track_events",
        "track_function_calls", "track_makespan", "track_model_calls", "track_peak_in_flight",
        "track_retained_bytes", "track_sdk_bytecodes", "track_traced_peak",
    },
    "baseline.Phases": {"track_bytecodes", "track_seconds"},
    "scaling.Agents": {
        "time_cpu", "track_makespan", "track_retained_bytes", "track_sdk_bytecodes",
        "track_traced_peak",
    },
    "scaling.Growth": {
        "track_exponent", "track_fit_error", "track_largest_local_exponent",
    },
    "concurrency.Parallel": {
        "sample_cpu_per_run", "sample_loop_lag", "track_crosstalk", "track_makespan",
        "track_peak_in_flight",
    },
    "concurrency.Races": {"track_agents_lost", "track_crosstalk", "track_outcomes"},
    "latency.Model": {"track_agents_lost", "track_efficiency", "track_makespan"},
    "faults.Run": {"track_agents_lost", "track_outcome", "track_seconds_to_outcome"},
    "cancellation.Run": {
        "track_hangs", "track_left_behind", "track_points", "track_seconds_to_end",
        "track_swallowed",
    },
    "limits.Provider": {
        "track_agents_lost", "track_calls_wasted", "track_makespan", "track_runs_failed",
        "track_seconds_above_limit",
    },
    "limits.Capacity": {
        "track_longest_call", "track_longest_offer_wait", "track_p95_makespan", "track_runs",
    },
    "memory.Leak": {
        "track_results_alive", "track_retained_bytes", "track_retained_objects",
    },
    "memory.Waiting": {"track_bytes"},
    "memory.Pressure": {"track_outcome"},
    "live.Run": {
        "track_calls", "track_cost", "track_seconds", "track_tokens_in", "track_tokens_out",
    },
    "hotspots.Work": {"track_bytecodes", "track_bytecodes_with_libraries"},
    "hotspots.Waits": {"track_beyond_critical_path", "track_seconds"},
}  # fmt: skip

PARAMETERS = {
    "baseline.Run": {
        "scenario": ["plan", "ask_one", "ask_all", "eager", "sub_demand", "discovery"]
    },
    "baseline.Phases": {"phase": ["formulation", "confirmation", "offers", "center"]},
    "scaling.Agents": {"agents": [5, 10, 20, 50, 100, 1000]},
    "scaling.Growth": {
        "quantity": [
            "makespan", "model_calls", "events", "bytecodes", "sdk_bytecodes", "function_calls",
            "retained_bytes",
        ]
    },
    "concurrency.Parallel": {"negotiations": [1, 2, 5, 10, 20, 50]},
    "concurrency.Races": {},
    "latency.Model": {
        "latency_s": [0.07, 0.23, 1.1, 5.3],
        "negotiations": [1, 5, 20],
        "slots": ["unlimited", "20", "5"],
    },
    "faults.Run": {"fault": [case.name for case in CASES]},
    "cancellation.Run": {
        "scenario": ["plan", "ask_one", "ask_all", "sub_demand", "discovery"]
    },
    "limits.Provider": {
        "requests_per_minute": [60, 120, 200],
        "slots": [5, 20],
        "hint": ["retry-after", "none"],
        "negotiations": [1, 5, 10, 20],
    },
    "limits.Capacity": {"provider": list(PROVIDERS)},
    "memory.Leak": {"mix": ["plain", "faults", "cancelled"]},
    "memory.Waiting": {},
    "memory.Pressure": {},
    "live.Run": {"scenario": ["plan"]},
    "hotspots.Work": {"rank": ["all", "1", "2", "3", "4", "5"]},
    "hotspots.Waits": {
        "scenario": ["plan", "ask_all", "sub_demand"],
        "rank": ["all", "1", "2", "3", "4", "5"],
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def own(discovered: dict[str, Any]) -> dict[str, Any]:
    """What asv finds for the capability, by the series' names after that of the capability."""
    begins = "negotiation."
    found = {name: series for name, series in discovered.items() if name.startswith(begins)}
    return {name.removeprefix(begins): series for name, series in found.items()}


def test_asv_finds_exactly_the_series_of_the_contract(own: dict[str, Any]) -> None:
    names = {f"{group}.{series}" for group, members in CONTRACT.items() for series in members}
    assert set(own) == names


def test_the_parameters_are_those_of_the_contract(own: dict[str, Any]) -> None:
    for name, series in own.items():
        expected = PARAMETERS[name.rpartition(".")[0]]
        assert series["param_names"] == list(expected)
        assert series["params"] == [[repr(v) for v in values] for values in expected.values()]


@pytest.mark.slow
def test_series_can_be_chosen_by_the_question_that_they_answer() -> None:
    arguments = ("--question", "work.makespan", r"^negotiation\.")
    done = measure("bare", *arguments)
    assert {name for name, _ in done.values} == {"negotiation.baseline.Run.track_makespan"}
    none = measure("bare", "--question", "work.speed")
    assert none.returncode == 2
    assert none.errors.endswith("no series matches '' and answers work.speed\n")
