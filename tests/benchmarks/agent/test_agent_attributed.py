"""Whose the function calls of a figure are: they are as many as without being asked."""

from __future__ import annotations

from typing import Any

import pytest
from attributing import attributed, plain_value

SERIES = "agent.tools.Turns.track_function_calls"


def calls_of(printed: dict[str, Any]) -> int:
    return sum(sum(lines.values()) for _, _, _, _, _, lines, _ in printed["contexts"])


@pytest.mark.slow
@pytest.mark.parametrize("how", ["--calls", "--whole"])
def test_calls_are_as_many_as_without_being_asked(how: str) -> None:
    found = attributed(SERIES, 1, how)
    assert found["value"] == plain_value(SERIES, 1) > 1000
    if how == "--calls":
        assert calls_of(found) == found["value"]


@pytest.mark.slow
def test_it_is_the_same_in_every_process() -> None:
    one, other = (attributed(SERIES, 0, "--calls", hash_seed=str(seed)) for seed in (1, 2))
    assert one == other
