"""The names and parameters of the series of services: results and labels hang on them."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.service.capacity import PROVIDERS
from benchmarks.service.freeze import DISTURBANCES
from mocks.worlds.service.faults import CASES

LOAD = {
    "track_authentication_errors", "track_broken_off", "track_client_connections_left",
    "track_crosstalk", "track_longest_gap", "track_model_calls_left",
    "track_model_connections_left", "track_model_refusals", "track_network_errors",
    "track_not_stored", "track_other_connections_left", "track_p50_latency",
    "track_p95_first_token", "track_p95_latency", "track_quota_errors", "track_recovery",
    "track_requests", "track_server_errors", "track_sessions_left", "track_time_outs",
    "track_wrong",
}  # fmt: skip

CONTRACT = {
    "request.Request": {
        "track_bytes", "track_connections_opened", "track_events", "track_executor_calls",
        "track_latency", "track_longest_gap", "track_model_calls", "track_outside_calls",
        "track_own_bytecodes", "track_sql_statements", "track_ssl_contexts",
        "track_time_to_first_token",
    },
    "request.Kept": {"sample_bytes"},
    "burst.Burst": {
        "track_crosstalk", "track_database_lock_waits", "track_failed", "track_makespan",
        "track_model_calls",
        "track_p50_latency", "track_p95_first_token", "track_p95_latency", "track_refused",
        "track_wrong",
    },
    "profiles.Load": LOAD,
    "profiles.Kept": {"sample_bytes"},
    "races.Races": {"track_crosstalk", "track_outcomes", "track_requests_lost"},
    "capacity.Capacity": {"track_calls_per_request", "track_p95_latency", "track_users"},
    "freeze.Health": {"track_next_user_failed", "track_outcome", "track_slowest_check"},
    "faults.Request": {"track_outcome", "track_seconds_to_outcome"},
    "process.Start": {"sample_cpu", "sample_memory", "sample_seconds"},
    "process.Request": {"sample_cpu"},
    "process.Stream": {"sample_first_bytes", "sample_first_data", "sample_given_up"},
    "process.End": {"sample_ending", "sample_processes_left"},
    "process.Left": {
        "sample_broken_off", "sample_client_connections", "sample_database_connections",
        "sample_model_connections", "sample_not_stored", "sample_open_transactions",
        "sample_sessions",
    },
    "process.Workers": {"sample_memory", "sample_throughput"},
    "process.Conversations": {"sample_lost"},
}  # fmt: skip

PARAMETERS = {
    "request.Request": {"kind": ["chat", "stream", "blocked", "health", "work"]},
    "request.Kept": {"kind": ["chat", "stream"]},
    "burst.Burst": {"kind": ["chat", "stream"], "users": [1, 10, 20, 50, 100]},
    "profiles.Load": {"profile": ["baseline", "ramp", "soak", "spike"]},
    "profiles.Kept": {},
    "races.Races": {"kind": ["chat", "stream"]},
    "capacity.Capacity": {"provider": list(PROVIDERS)},
    "freeze.Health": {"disturbance": list(DISTURBANCES)},
    "faults.Request": {"fault": [case.name for case in CASES]},
    "process.Start": {},
    "process.Request": {"kind": ["chat", "stream", "blocked", "health", "work"]},
    "process.Stream": {},
    "process.End": {"life": ["unused", "after requests", "4 workers"]},
    "process.Left": {},
    "process.Workers": {"workers": [1, 4]},
    "process.Conversations": {"workers": [1, 4]},
}


@pytest.fixture(scope="module")
def own(discovered: dict[str, Any]) -> dict[str, Any]:
    """What asv finds for the capability, by the series' names after that of the capability."""
    found = {name: series for name, series in discovered.items() if name.startswith("service.")}
    return {name.removeprefix("service."): series for name, series in found.items()}


def test_asv_finds_exactly_the_series_of_the_contract(own: dict[str, Any]) -> None:
    names = {f"{group}.{series}" for group, members in CONTRACT.items() for series in members}
    assert set(own) == names


def test_the_parameters_are_those_of_the_contract(own: dict[str, Any]) -> None:
    for name, series in own.items():
        expected = PARAMETERS[name.rpartition(".")[0]]
        assert series["param_names"] == list(expected)
        assert series["params"] == [[repr(v) for v in values] for values in expected.values()]


def test_the_least_that_is_asked_of_a_service_is_one_request(own: dict[str, Any]) -> None:
    asked = {name for name, series in own.items() if series["question"] == "work.makespan"}
    assert asked == {"request.Request.track_latency"}


def test_no_name_of_a_fault_is_too_long() -> None:
    assert all(len(case.name) <= 40 for case in CASES)
    assert len({case.name for case in CASES}) == len(CASES)
