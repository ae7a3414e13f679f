"""The committed results of negotiations are consistent with themselves."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from committed_cells import FILES, cells_of


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.name[:8]}")
def test_a_plain_negotiation_lasts_as_long_as_its_phases(file: Path) -> None:
    cells = cells_of(file)
    phases = {
        point[0].strip("'"): value
        for (name, point), value in cells.items()
        if name == "negotiation.baseline.Phases.track_seconds" and value is not None
    }
    makespan = cells["negotiation.baseline.Run.track_makespan", ("'plan'",)]
    assert makespan is not None
    if math.isnan(makespan):
        assert all(map(math.isnan, phases.values()))
        return
    assert len(phases) == 4
    assert makespan == pytest.approx(sum(phases.values()), rel=1e-9)
    if file.parts[-3] != "parley":
        assert makespan == phases["formulation"] + phases["offers"] + phases["center"] == 3
