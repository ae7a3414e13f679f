"""What comes of a fault of a call, told in order."""

from __future__ import annotations

from attributing import attributed


def test_of_an_outcome_what_was_done_is_told_in_order() -> None:
    found = attributed("calls.faults.Run.track_outcome", 2, "--trace")
    assert {name for _, _, name, _ in found["raised"]} == {"RateLimited"}
    assert "RateLimited" in [outcome for _, _, outcome, _ in found["calls"]]
    assert len(found["steps"]) == len({tuple(step) for step in found["steps"]})
    assert set(found["order"]) == set(range(len(found["steps"])))
    own = {found["functions"][found["contexts"][one][1]][0] for one, _ in found["steps"]}
    assert own == {"own"}
