"""The names and parameters of the series of agents: results and labels hang on them."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.agent.guardrails import Checked
from benchmarks.agent.leftovers import Way
from mocks.worlds.agent.faults import CASES
from targets.protocols.agent import Keeping

CONTRACT = {
    "approval.Run": {
        "track_function_calls", "track_makespan", "track_model_calls", "track_retained_bytes",
        "track_sdk_bytecodes",
    },
    "baseline.Run": {
        "time_cpu", "track_bytecodes", "track_function_calls", "track_makespan",
        "track_model_calls", "track_retained_bytes", "track_sdk_bytecodes", "track_traced_peak",
    },
    "baseline.Made": {"track_function_calls", "track_sdk_bytecodes"},
    "baseline.Kept": {"track_retained_bytes"},
    "baseline.Structured": {"track_function_calls", "track_makespan", "track_sdk_bytecodes"},
    "tools.Turns": {
        "track_function_calls", "track_makespan", "track_retained_bytes", "track_sdk_bytecodes",
    },
    "tools.Growth": {"track_exponent", "track_largest_local_exponent"},
    "tools.AtOnce": {"track_function_calls", "track_makespan", "track_sdk_bytecodes"},
    "kinds.Kinds": {
        "track_longest_blocking", "track_outcome", "track_seconds", "track_strange_contexts",
        "track_tools_at_once",
    },
    "leftovers.Early": {
        "track_seconds_to_end", "track_tasks_left", "track_ticks_after_end", "track_tools_running",
    },
    "streaming.Words": {
        "track_first_piece", "track_makespan", "track_pieces", "track_sdk_bytecodes",
        "track_traced_peak",
    },
    "streaming.Margin": {"track_function_calls", "track_sdk_bytecodes"},
    "streaming.Early": {"track_calls_left", "track_tasks_left", "track_words_after_stop"},
    "concurrency.Parallel": {
        "sample_cpu_per_run", "track_crosstalk", "track_makespan", "track_peak_in_flight",
    },
    "concurrency.Races": {"track_crosstalk", "track_outcomes", "track_words_lost"},
    "cancellation.Run": {
        "track_hangs", "track_left_behind", "track_points", "track_seconds_to_end",
        "track_swallowed",
    },
    "memory.Leak": {"track_results_alive", "track_retained_bytes", "track_retained_objects"},
    "adapter.Run": {
        "track_adapter_bytecodes", "track_bytes_received", "track_bytes_sent",
        "track_function_calls", "track_makespan", "track_requests", "track_sdk_bytecodes",
    },
    "adapter.AtOnce": {"track_connections_opened", "track_makespan"},
    "faults.Run": {"track_outcome", "track_seconds_to_outcome", "track_words_lost"},
    "guardrails.Run": {
        "track_function_calls", "track_makespan", "track_model_calls", "track_sdk_bytecodes",
        "track_tasks_left", "track_tools_called",
    },
    "stores.Turns": {
        "track_function_calls", "track_function_calls_of_all", "track_retained_bytes",
        "track_rows_changed", "track_sdk_bytecodes", "track_seconds", "track_statements",
        "track_stored_bytes", "track_turns_forgotten",
    },
    "stores.Growth": {"track_each_turn_adds", "track_exponent"},
    "stores.Large": {"track_bytes_left", "track_retained_bytes", "track_stored_bytes"},
    "teams.HandOver": {
        "track_function_calls", "track_makespan", "track_model_calls", "track_retained_bytes",
        "track_sdk_bytecodes",
    },
    "teams.Asking": {
        "track_function_calls", "track_makespan", "track_model_calls", "track_retained_bytes",
        "track_sdk_bytecodes",
    },
    "timeouts.Limit": {
        "track_left", "track_outcome", "track_seconds_late", "track_ticks_after_end",
    },
    "tracing.Run": {
        "track_function_calls", "track_makespan", "track_retained_bytes", "track_sdk_bytecodes",
        "track_spans",
    },
    "tokens.Turns": {
        "track_efficiency", "track_largest_prompt", "track_prompt_tokens", "track_reply_tokens",
    },
    "tokens.Growth": {"track_exponent"},
    "growth.Cpu": {"sample_exponent"},
    "hotspots.Work": {"track_bytecodes", "track_bytecodes_with_libraries"},
    "hotspots.Waits": {"track_beyond_critical_path", "track_seconds"},
}  # fmt: skip

PARAMETERS: dict[str, dict[str, list[Any]]] = {
    "approval.Run": {"calls": [1, 5]},
    "baseline.Made": {"agents": [1, 100]},
    "baseline.Kept": {"agents": [1, 100, 1000]},
    "baseline.Structured": {"items": [1, 50]},
    "tools.Turns": {"turns": [1, 5, 20, 80]},
    "tools.Growth": {
        "quantity": ["sdk_bytecodes", "function_calls", "retained_bytes", "makespan"],
    },
    "tools.AtOnce": {"calls": [1, 5, 20]},
    "kinds.Kinds": {"tool": ["look", "read", "fail", "tick"]},
    "leftovers.Early": {"way": [way.value for way in Way]},
    "streaming.Words": {"words": [200, 1000]},
    "concurrency.Parallel": {"runs": [1, 10, 50]},
    "memory.Leak": {"mix": ["plain", "faults", "cancelled"]},
    "adapter.Run": {"turns": [0, 5]},
    "adapter.AtOnce": {"runs": [1, 20]},
    "faults.Run": {"fault": [case.name for case in CASES]},
    "guardrails.Run": {"check": [check.value for check in Checked]},
    "stores.Turns": {"kept": [one.value for one in Keeping], "turns": [1, 5, 25]},
    "stores.Growth": {
        "kept": [one.value for one in Keeping],
        "quantity": ["sdk_bytecodes", "function_calls"],
    },
    "stores.Large": {"kept": [one.value for one in Keeping]},
    "teams.HandOver": {"hand_overs": [1, 5]},
    "teams.Asking": {"agents": [1, 5]},
    "timeouts.Limit": {"what": ["a tool", "the model"]},
    "tracing.Run": {"tracing": ["off", "on"]},
    "tokens.Turns": {"turns": [1, 5, 20]},
    "tokens.Growth": {"quantity": ["prompt_tokens", "reply_tokens", "largest_prompt"]},
    "growth.Cpu": {"of": ["turns", "streamed words"]},
    "hotspots.Work": {"rank": ["all", "1", "2", "3", "4", "5"]},
    "hotspots.Waits": {"rank": ["all", "1", "2", "3", "4", "5"]},
}

pytestmark = pytest.mark.slow


def test_every_series_of_agents_is_there_with_its_parameters(discovered: dict[str, Any]) -> None:
    found: dict[str, set[str]] = {}
    for name, series in discovered.items():
        capability, _, rest = name.partition(".")
        if capability == "agent":
            class_name, _, function = rest.rpartition(".")
            found.setdefault(class_name, set()).add(function)
            expected = PARAMETERS.get(class_name, {})
            assert series["param_names"] == list(expected), name
            assert series["params"] == [[repr(v) for v in vs] for vs in expected.values()], name
    assert found == CONTRACT
