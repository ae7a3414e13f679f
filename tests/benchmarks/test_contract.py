"""The names, parameters and attributes of the series that other tools rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from benchmarks.core.series import Direction, Group, Kind
from benchmarks.negotiation.limits import PROVIDERS
from mocks.worlds.negotiation.faults import CASES

ROOT = Path(__file__).resolve().parents[2]

CONTRACT = {
    "negotiation.baseline.Run": {
        "peakrss_run", "time_cpu", "track_bytecodes", "track_events",
        "track_function_calls", "track_makespan", "track_model_calls", "track_peak_in_flight",
        "track_retained_bytes", "track_sdk_bytecodes", "track_traced_peak",
    },
    "negotiation.baseline.Phases": {"track_bytecodes", "track_seconds"},
    "negotiation.scaling.Agents": {
        "time_cpu", "track_makespan", "track_retained_bytes", "track_sdk_bytecodes",
        "track_traced_peak",
    },
    "negotiation.scaling.Growth": {
        "track_exponent", "track_fit_error", "track_largest_local_exponent",
    },
    "negotiation.concurrency.Parallel": {
        "sample_cpu_per_run", "sample_loop_lag", "track_crosstalk", "track_makespan",
        "track_peak_in_flight",
    },
    "negotiation.latency.Model": {"track_agents_lost", "track_efficiency", "track_makespan"},
    "imports.Import": {"sample_cpu", "track_bytecodes", "track_modules"},
    "negotiation.faults.Run": {"track_agents_lost", "track_outcome", "track_seconds_to_outcome"},
    "negotiation.cancellation.Run": {
        "track_hangs", "track_left_behind", "track_points", "track_seconds_to_end",
        "track_swallowed",
    },
    "negotiation.limits.Provider": {
        "track_agents_lost", "track_calls_wasted", "track_makespan", "track_runs_failed",
        "track_seconds_above_limit",
    },
    "negotiation.limits.Capacity": {
        "track_longest_call", "track_longest_offer_wait", "track_p95_makespan", "track_runs",
    },
    "negotiation.memory.Leak": {
        "track_results_alive", "track_retained_bytes", "track_retained_objects",
    },
    "negotiation.memory.Waiting": {"track_bytes"},
    "negotiation.memory.Pressure": {"track_outcome"},
    "negotiation.live.Run": {
        "track_calls", "track_cost", "track_seconds", "track_tokens_in", "track_tokens_out",
    },
    "negotiation.hotspots.Work": {"track_bytecodes", "track_bytecodes_with_libraries"},
    "negotiation.hotspots.Waits": {"track_beyond_critical_path", "track_seconds"},
}  # fmt: skip

PARAMETERS = {
    "negotiation.baseline.Run": {
        "scenario": ["plan", "ask_one", "ask_all", "eager", "sub_demand", "discovery"]
    },
    "negotiation.baseline.Phases": {"phase": ["formulation", "confirmation", "offers", "center"]},
    "negotiation.scaling.Agents": {"agents": [5, 10, 20, 50, 100, 1000]},
    "negotiation.scaling.Growth": {
        "quantity": [
            "makespan", "model_calls", "events", "bytecodes", "sdk_bytecodes", "function_calls",
            "retained_bytes",
        ]
    },
    "negotiation.concurrency.Parallel": {"negotiations": [1, 2, 5, 10, 20, 50]},
    "negotiation.latency.Model": {
        "latency_s": [0.07, 0.23, 1.1, 5.3],
        "negotiations": [1, 5, 20],
        "slots": ["unlimited", "20", "5"],
    },
    "imports.Import": {},
    "negotiation.faults.Run": {"fault": [case.name for case in CASES]},
    "negotiation.cancellation.Run": {
        "scenario": ["plan", "ask_one", "ask_all", "sub_demand", "discovery"]
    },
    "negotiation.limits.Provider": {
        "requests_per_minute": [60, 120, 200],
        "slots": [5, 20],
        "hint": ["retry-after", "none"],
        "negotiations": [1, 5, 10, 20],
    },
    "negotiation.limits.Capacity": {"provider": list(PROVIDERS)},
    "negotiation.memory.Leak": {"mix": ["plain", "faults", "cancelled"]},
    "negotiation.memory.Waiting": {},
    "negotiation.memory.Pressure": {},
    "negotiation.live.Run": {"scenario": ["plan"]},
    "negotiation.hotspots.Work": {"rank": ["all", "1", "2", "3", "4", "5"]},
    "negotiation.hotspots.Waits": {
        "scenario": ["plan", "ask_all", "sub_demand"],
        "rank": ["all", "1", "2", "3", "4", "5"],
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def discovered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What asv's own discovery finds, by series."""
    found = tmp_path_factory.mktemp("discovery") / "found.json"
    subprocess.run(
        [sys.executable, "-m", "asv.benchmark", "discover", "benchmarks", str(found)],
        cwd=ROOT,
        env=os.environ | {"UNLADEN_TARGET": "bare"},
        check=True,
    )
    return {series["name"]: series for series in json.loads(found.read_text())}


def test_asv_finds_exactly_the_series_of_the_contract(discovered: dict[str, Any]) -> None:
    names = {f"{group}.{series}" for group, members in CONTRACT.items() for series in members}
    assert set(discovered) == names


def test_the_parameters_are_those_of_the_contract(discovered: dict[str, Any]) -> None:
    for name, series in discovered.items():
        expected = PARAMETERS[name.rpartition(".")[0]]
        assert series["param_names"] == list(expected)
        assert series["params"] == [[repr(v) for v in values] for values in expected.values()]


def test_every_series_says_what_it_is(discovered: dict[str, Any]) -> None:
    for name, series in discovered.items():
        assert series["kind"] in get_args(Kind), name
        assert series["direction"] in get_args(Direction), name
        assert series["group"] in get_args(Group), name
        assert series["unit"], name
        assert 0 <= series["tolerance"] <= 0.01, name
        may_move = name.endswith("track_traced_peak") or name == "imports.Import.track_bytecodes"
        assert (series["tolerance"] > 0) == may_move, name
        assert series["version"].isdigit(), f"{name} has no explicit version"


def test_sampled_series_are_those_that_a_clock_or_the_system_measures(
    discovered: dict[str, Any],
) -> None:
    # One live negotiation is paid for, so that its figures are single ones, though no exact ones.
    live = {name for name, series in discovered.items() if series["group"] == "live"}
    assert {discovered[name]["kind"] for name in live} == {"sampled"}
    sampled = {name for name, series in discovered.items() if series["kind"] == "sampled"} - live
    noisy = ("time_", "sample_", "peakrss_")
    assert sampled == {name for name in discovered if name.rpartition(".")[2].startswith(noisy)}


def test_asvs_own_memory_benchmarks_are_not_used(discovered: dict[str, Any]) -> None:
    assert {series["type"] for series in discovered.values()} == {
        "track", "time", "sample", "peakrss",
    }  # fmt: skip
