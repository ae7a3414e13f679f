"""Whose model calls those of a negotiation are."""

from __future__ import annotations

from attributing import attributed


def test_model_calls_are_told_by_their_role() -> None:
    found = attributed("negotiation.baseline.Run.track_model_calls", 0, "--whole")
    assert sum(times for _, _, times in found["parts"]) == found["value"]
    roles = {text: (place[0][1], times) for text, place, times in found["parts"]}
    assert roles["offer"] == ("Floor._offer", 5)
    assert roles["formulation"] == ("Floor.negotiate", 1)
