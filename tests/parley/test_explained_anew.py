"""Some of the explanations that are scored, measured again: what the labels name comes no later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from explained_anew import Checkouts, pair_at, stored_cell
from measured_history import Subject

from unladen.explain.run import explain_cell
from unladen.explain.sides import Sides
from unladen.labels.labels import Labels
from unladen.labels.score.explained import label_key, rank_of

pytestmark = pytest.mark.slow

SCORE = json.loads(Path(__file__).with_name("explained_score.json").read_text(encoding="utf-8"))

SMALL = {
    "140cb6c3": "Run.track_makespan",
    "53373835": "Run.track_bytecodes",
    "605ea91b": "Run.track_traced_peak",
    "5a139131": "Run.track_outcome",
    "e2c15f0a": "Run.track_agents_lost",
    "973f993e": "Burst.track_p95_first_token",
    "4b8f7680": "Request.track_own_bytecodes",
}
"""One or two of each kind of explanation, of those that are soon measured: a commit, and the end of
the name of a series."""


def case_of(commit: str, series: str) -> dict[str, Any]:
    (found,) = (
        case
        for case in SCORE["cases"]
        if case["commit"].startswith(commit) and case["series"].endswith(series)
    )
    return dict(found)


@pytest.mark.parametrize("commit", SMALL)
def test_what_the_labels_name_comes_as_early_as_it_was_scored(
    parley: Subject, labels: Labels, tmp_path: Path, commit: str
) -> None:
    case = case_of(commit, SMALL[commit])
    cell = stored_cell(case["series"], *case["parameters"])
    pair = pair_at(parley, case["commit"])
    figure = explain_cell(Sides(Checkouts(parley, pair, tmp_path)), (0, 1), pair, cell)
    label = labels.of(pair.after.subject)
    assert label is not None
    rank = rank_of(figure.causes, map(label_key, label.functions))
    assert 0 < rank <= case["rank"], figure.causes[:4]
