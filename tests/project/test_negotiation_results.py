"""The committed results of negotiations are consistent with themselves."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from committed_cells import FILES, cells_of

SERIES = "negotiation.baseline.Run.track_makespan"
NEGOTIATING = {
    file.parts[-3] for file in FILES if f'"{SERIES}"' in file.read_text(encoding="utf-8")
}
"""The targets that negotiate: all their commits are asked."""


def test_there_are_results_of_negotiations() -> None:
    assert {"bare", "parley", "towow"} <= NEGOTIATING


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if file.parts[-3] in NEGOTIATING],
    ids=lambda file: f"{file.parts[-3]}-{file.name[:8]}",
)
def test_a_plain_negotiation_lasts_as_long_as_its_phases(file: Path) -> None:
    cells = cells_of(file)
    phases = {
        point[0].strip("'"): value
        for (name, point), value in cells.items()
        if name == "negotiation.baseline.Phases.track_seconds" and value is not None
    }
    makespan = cells[SERIES, ("'plan'",)]
    assert makespan is not None
    if math.isnan(makespan):
        assert all(map(math.isnan, phases.values()))
        return
    assert len(phases) == 4
    assert makespan == pytest.approx(sum(phases.values()), rel=1e-9)
    if file.parts[-3] != "parley":
        assert makespan == phases["formulation"] + phases["offers"] + phases["center"] == 3
