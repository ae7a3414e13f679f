"""Whose model calls those of a negotiation are."""

from __future__ import annotations

import pytest
from attributing import attributed, attributed_together


def test_model_calls_are_told_by_their_role() -> None:
    found = attributed("negotiation.baseline.Run.track_model_calls", 0, "--whole")
    assert sum(times for _, _, times in found["parts"]) == found["value"]
    roles = {text: (place[0][1], times) for text, place, times in found["parts"]}
    assert roles["offer"] == ("Floor._offer", 5)
    assert roles["formulation"] == ("Floor.negotiate", 1)


@pytest.mark.slow
def test_of_several_figures_each_is_what_it_is_alone() -> None:
    work = "negotiation.baseline.Run.track_bytecodes"
    calls = "negotiation.baseline.Run.track_model_calls"
    faults = "negotiation.faults.Run.track_outcome"
    first, second, lost, third = attributed_together(
        (calls, 0, "whole"),
        (work, 0, ""),
        ("negotiation.baseline.Run.track_x", 0, ""),
        (faults, 3, "trace"),
    )
    assert first == attributed(calls, 0, "--whole")
    assert second == attributed(work, 0)
    assert "there is no negotiation.baseline.Run.track_x [0]" in lost["failed"]
    assert third == attributed(faults, 3, "--trace")
    assert third["order"]
    assert first["parts"]
    assert not second["parts"]
