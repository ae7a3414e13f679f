"""The names and parameters of the series of turns: results and labels hang on them."""

from __future__ import annotations

from typing import Any

import pytest

from mocks.worlds.turns.orders import Order

CONTRACT = {
    "users.AtOnce": {
        "track_crosstalk", "track_makespan", "track_peak_in_flight", "track_turns_failed",
    },
    "users.Users": {
        "track_makespan", "track_rows_written", "track_statements", "track_turns_lost",
    },
    "users.Work": {"track_sdk_bytecodes"},
    "users.Growth": {"track_exponent", "track_largest_local_exponent"},
    "users.Cost": {"sample_cpu_per_turn"},
    "order.Wanted": {"track_outcome"},
    "order.Ended": {"track_seconds"},
    "journey.Journey": {
        "sample_cpu_per_turn", "sample_retained_bytes", "sample_stored_bytes", "track_model_calls",
        "track_rows_written", "track_sdk_bytecodes", "track_seconds", "track_statements",
        "track_turns_found",
    },
    "provider.Batch": {
        "track_connections_opened", "track_peak_in_flight", "track_sdk_bytecodes", "track_seconds",
    },
    "provider.Tokens": {"track_miscounted_tokens"},
    "counters.Exposed": {"track_wrong_totals"},
}  # fmt: skip

MANY = {"users": [1, 5, 20, 100], "turns": [1, 5, 10]}
WANTED = {"wanted": [order.value for order in Order]}

PARAMETERS: dict[str, dict[str, list[Any]]] = {
    "users.AtOnce": {"turns": [1, 3, 5, 10, 20, 100]},
    "users.Users": MANY,
    "users.Work": MANY,
    "users.Growth": {"quantity": ["statements", "bytecodes"]},
    "order.Wanted": WANTED,
    "order.Ended": WANTED,
    "provider.Batch": {"calls": [1, 10]},
    "provider.Tokens": {"calls": [1, 10]},
}

pytestmark = pytest.mark.slow


def test_every_series_of_turns_is_there(discovered: dict[str, Any]) -> None:
    found: dict[str, set[str]] = {}
    for name in discovered:
        capability, _, rest = name.partition(".")
        if capability == "turns" and not rest.startswith("tokens."):
            class_name, _, function = rest.rpartition(".")
            found.setdefault(class_name, set()).add(function)
    assert found == CONTRACT


def test_every_series_of_turns_has_its_parameters(discovered: dict[str, Any]) -> None:
    for class_name, functions in CONTRACT.items():
        expected = PARAMETERS.get(class_name, {})
        for function in functions:
            series = discovered[f"turns.{class_name}.{function}"]
            assert series["param_names"] == list(expected), function
            assert series["params"] == [[repr(v) for v in vs] for vs in expected.values()]
