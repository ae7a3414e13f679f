"""The committed score of explanations goes with the labels, and with what the documents say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import measured_history
import pytest
from measured_history import ROOT

from unladen.labels.labels import Label, Labels
from unladen.labels.score.explained import NEAR, label_key, rank_of

FILE = Path(__file__).with_name("explained_score.json")
"""As ``unladen score --explain --json`` prints it."""


@pytest.fixture(scope="module")
def score() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def label_of(labels: Labels) -> Mapping[str, Label]:
    """Labels by the hash of their commit."""
    commits = measured_history.parley().commits
    found = {commit.hash: labels.of(commit.subject) for commit in commits}
    return {hash_: label for hash_, label in found.items() if label is not None}


def test_ranks_are_those_of_the_functions_that_labels_name(
    score: dict[str, Any], label_of: Mapping[str, Label]
) -> None:
    for case in score["cases"]:
        wanted = map(label_key, label_of[case["commit"]].functions)
        causes = [label_key(text) for text in case["causes"]]
        assert case["rank"] == rank_of(causes, wanted), case


def test_every_commit_with_functions_is_scored(
    score: dict[str, Any], label_of: Mapping[str, Label], labels: Labels
) -> None:
    scored = {label_of[case["commit"]].subject for case in score["cases"]}
    named = {label.subject for label in labels.commits if label.functions}
    assert scored | set(score["left_out"]) == named
    assert not scored & set(score["left_out"])


def test_the_documents_say_what_was_scored(score: dict[str, Any]) -> None:
    ranks = [case["rank"] for case in score["cases"]]
    first, near = ranks.count(1), sum(0 < rank <= NEAR for rank in ranks)
    assert (score["first"], score["among_first_three"]) == (first, near)
    assert all(score["silent"].values())
    for name in ("README.md", "docs/explain.md"):
        said = " ".join((ROOT / name).read_text(encoding="utf-8").split())
        assert f"{first} of {len(ranks)}" in said, name
        assert f"{near} of {len(ranks)}" in said, name
        assert f"{len(score['silent'])} of {len(score['silent'])}" in said, name
