"""What holds the memory that commits of the sample SDK keep, and let go, measured again: whoever
touches that comes first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from explained_anew import Checkouts, pair_called
from measured_history import Subject

from unladen.compare.ab.cells import Cell
from unladen.explain.as_json import as_json
from unladen.explain.code import Key
from unladen.explain.run import CommitPair, ExplainedFigure, ExplainedPair, explain_cell
from unladen.explain.sides import Sides
from unladen.explain.text import render
from unladen.store.series import SeriesInfo

pytestmark = pytest.mark.slow

SERIES = "negotiation.baseline.Run.track_retained_bytes"
CELL = Cell(
    SeriesInfo(
        name=SERIES,
        kind="exact",
        unit="bytes",
        group="memory",
        higher_is_better=False,
        tolerance=0.0,
        version="2",
        axes={"strategy": ("plan",)},
        explain="retained",
    ),
    0,
)
KEEPS = "Keep a transcript of every negotiation"
DROPS = "Drop the transcript of a negotiation that is over"
HOLDER = "parley.transcripts.Transcripts._exchanges (dict)"


def explained(parley: Subject, pair: CommitPair, folder: Path) -> ExplainedFigure:
    return explain_cell(Sides(Checkouts(parley, pair, folder)), (0, 1), pair, CELL)


@pytest.mark.parametrize(
    ("subject", "function", "sign"),
    [(KEEPS, "Transcripts.add", 1), (DROPS, "Transcripts.drop", -1)],
)
def test_who_keeps_and_who_drops_comes_first(
    parley: Subject, tmp_path: Path, subject: str, function: str, sign: int
) -> None:
    pair = pair_called(parley, subject)
    figure = explained(parley, pair, tmp_path)
    assert figure.causes[0] == Key("parley/transcripts.py", function)
    explanation = ExplainedPair(parley.target, pair, [figure])
    (data,) = as_json(explanation)["figures"]
    held = data["holders"]
    first = held["causes"][0]
    assert first["function"] == function
    assert sign * first["change"] > 5_000
    assert {part["holder"] for part in first["parts"]} == {HOLDER}
    assert first["parts"][0]["way"] == ["list", "Exchange.prompt (str)"]
    parts = sum(one["change"] for one in held["causes"])
    assert parts + held["left_over"] == held["after"] - held["before"]
    assert abs(held["left_over"]) < 0.03 * abs(held["after"] - held["before"])
    types = {one["type"]: one for one in held["types"]}
    assert sorted(types["parley.transcripts.Exchange"]["objects"])[0] == 0
    lines = render(explanation).splitlines()
    assert f"1 {function}  parley/transcripts.py" in lines[5]
    assert "Transcripts._exchanges (dict) > list > Exchange.prompt (str): " in lines[6]


def test_what_is_told_is_the_same_in_every_process(parley: Subject, tmp_path: Path) -> None:
    pair = pair_called(parley, DROPS)
    command = ("-m", "benchmarks.attribute", SERIES, "0", "--holders")
    told = [
        Checkouts(parley, pair, tmp_path / str(seed), seed).ended(0, command) for seed in (1, 2, 3)
    ]
    assert all(one.exit_code == 0 for one in told), told[0].errors
    assert len(json.loads(told[0].output)["held"]) > 5
    assert told[0].output == told[1].output == told[2].output
