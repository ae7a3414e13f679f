"""What is told of commits of the sample SDK is the same text whatever order sets have."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from explained_anew import Checkouts, pair_called, stored_cell
from measured_history import Subject

from unladen.compare.ab.cells import Cell
from unladen.explain.as_json import as_json
from unladen.explain.kinds import (
    COUNTED,
    IMPORTS,
    OUTCOMES,
    PEAK,
    RETAINED,
    WAITS,
    WORK,
    kind_of,
)
from unladen.explain.run import CommitPair, ExplainedPair, explain_cell
from unladen.explain.sides import Sides
from unladen.explain.text import render

pytestmark = pytest.mark.slow

SEEDS = (1, 2, 3)
RUN = "negotiation.baseline.Run.track_"
PLAN = "'plan'"

TOLD: Mapping[str, Sequence[tuple[str, ...]]] = {
    "Keep a transcript of every negotiation": [
        (f"{RUN}sdk_bytecodes", PLAN),
        (f"{RUN}retained_bytes", PLAN),
        (f"{RUN}traced_peak", PLAN),
        ("imports.Import.track_bytecodes",),
    ],
    "Let the center check its plan": [(f"{RUN}makespan", PLAN), (f"{RUN}model_calls", PLAN)],
    "Say so when an agent will make no offer": [
        ("negotiation.faults.Run.track_outcome", "'offer: hangs'")
    ],
}
"""By the subject of a commit, small figures that it changes: one of each kind of explanation."""


@pytest.mark.parametrize("subject", TOLD)
def test_under_three_hash_seeds(parley: Subject, tmp_path: Path, subject: str) -> None:
    pair = pair_called(parley, subject)
    cells = [stored_cell(*one) for one in TOLD[subject]]
    found = [explained(parley, pair, cells, tmp_path / str(seed), seed) for seed in SEEDS]
    assert all(one.work or one.imports for one in found[0].figures), found[0]
    texts = [render(one, everything=True) for one in found]
    assert len(texts[0].splitlines()) > 20 * len(cells)
    assert texts[0] == texts[1] == texts[2]
    as_texts = [json.dumps(as_json(one)) for one in found]
    assert as_texts[0] == as_texts[1] == as_texts[2]


def explained(
    parley: Subject, pair: CommitPair, cells: list[Cell], folder: Path, seed: int
) -> ExplainedPair:
    sides = Sides(Checkouts(parley, pair, folder, seed))
    for side in (0, 1):
        sides.prepare(side, cells)
    return ExplainedPair(
        parley.target, pair, [explain_cell(sides, (0, 1), pair, cell) for cell in cells]
    )


def test_all_kinds_are_among_them() -> None:
    kinds = {kind_of(stored_cell(*one).series) for figures in TOLD.values() for one in figures}
    assert kinds == {WORK, WAITS, COUNTED, OUTCOMES, RETAINED, PEAK, IMPORTS}
