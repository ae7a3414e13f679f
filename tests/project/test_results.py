"""The committed results: complete, explained, and consistent with themselves."""

from __future__ import annotations

import json
import math
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from unladen.store.records import Record, record_path

RESULTS = Path(__file__).resolve().parents[2] / "results"
FILES = sorted(
    file
    for file in RESULTS.glob("*/*/*.json")
    if file.name != "machine.json" and file.parent.name == "reference"
)

Cells = dict[tuple[str, tuple[str, ...]], float | None]


def cells_of(file: Path) -> Cells:
    """Every value of a results file, by series and parameters."""
    raw: dict[str, Any] = json.loads(file.read_text())
    cells: Cells = {}
    for name, row in raw["results"].items():
        entry = dict(zip(raw["result_columns"], row, strict=False))
        combinations = list(product(*entry["params"]))
        values = entry["result"] or [None] * len(combinations)
        cells |= {(name, point): v for point, v in zip(combinations, values, strict=True)}
    return cells


def test_all_commits_are_there() -> None:
    counts = Counter(file.parts[-3] for file in FILES)
    assert counts == {"towow": 34, "parley": 71, "bare": 1}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}-{file.name[:8]}")
def test_every_series_is_measured_and_every_gap_explained(file: Path) -> None:
    cells = cells_of(file)
    known = json.loads((file.parents[1] / "benchmarks.json").read_text())
    assert {name for name, _ in cells} == {name for name in known if name != "version"}
    record = Record.load(record_path(file))
    failed = {(failure.series, tuple(failure.params)) for failure in record.failed}
    missing = {(gap.series, tuple(gap.params)) for gap in record.not_applicable}
    assert all(failure.reason for failure in record.failed)
    assert all(gap.reason for gap in record.not_applicable)
    assert {key for key, value in cells.items() if value is None} == failed
    is_nan = {key for key, value in cells.items() if value is not None and math.isnan(value)}
    assert is_nan == missing


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
