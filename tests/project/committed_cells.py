"""The committed results, read for tests."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

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
