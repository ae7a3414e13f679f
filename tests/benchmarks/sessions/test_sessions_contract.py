"""The names and parameters of the series of sessions: results and labels hang on them."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.sessions.operations import ALONE
from benchmarks.sessions.work import Operation

EXPECTED = {
    "operations.Operations.sample_cpu",
    "operations.Held.track_retained_bytes",
    "operations.Operations.track_rows_written",
    "operations.Operations.track_sdk_bytecodes",
    "operations.Operations.track_seconds",
    "operations.Operations.track_statements",
}


@pytest.mark.slow
def test_the_series_of_sessions_and_their_parameters(discovered: dict[str, Any]) -> None:
    found = {
        name.removeprefix("sessions."): series
        for name, series in discovered.items()
        if name.startswith("sessions.")
    }
    assert set(found) == EXPECTED
    for name, series in found.items():
        expected = ALONE if ".Held." in name else Operation
        assert series["param_names"] == ["operation"]
        assert series["params"] == [[repr(operation.value) for operation in expected]]
