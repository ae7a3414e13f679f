"""The explanations of the real services' histories: every step has one, every one a step, and what
it names is in its commit."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from unladen.labels.explanations import explain, explanations_of
from unladen.project import targets
from unladen.project.project import Project
from unladen.report.commit_results import load_commit_results

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = ("autobmad", "gateway", "insight", "loom")


@cache
def project(target: str) -> Project:
    found = targets.load_project(targets.find(target))
    return replace(found, results_dir=ROOT / "results" / target)


@pytest.mark.slow
@pytest.mark.parametrize("target", EXPLAINED)
def test_every_step_has_an_explanation_and_every_explanation_a_step(target: str) -> None:
    results = load_commit_results(project(target), machine="reference")
    found = explain(results.history, results.explanations)
    untold = {(one.commit.short, one.series.name, one.cell) for one in found.untold}
    assert untold == set()
    assert found.idle == []
    assert len(found.told) == len(results.explanations)


@pytest.mark.parametrize("target", EXPLAINED)
def test_each_line_that_an_explanation_names_is_one_that_its_commit_touches(target: str) -> None:
    clone = os.environ.get(f"UNLADEN_REPO_{target.upper()}")
    if not clone:
        pytest.skip(f"no clone of {target} is named")
    untouched = [
        (explanation.commit, place)
        for explanation in explanations_of(project(target))
        for place in explanation.where
        if not is_touched(clone, explanation.commit, *place.partition(":")[::2])
    ]
    assert untouched == []


def is_touched(clone: str, commit: str, file: str, line: str) -> bool:
    """Whether a commit changes that file and, if a line is named, adds it or takes it away."""
    command = ["git", "-C", clone, "diff", "-U0", "--no-renames", f"{commit}^1", commit, "--", file]
    shown = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    sides = re.findall(r"^@@ -(\d+(?:,\d+)?) \+(\d+(?:,\d+)?) @@", shown, re.MULTILINE)
    ranges = [side.partition(",") for hunk in sides for side in hunk]
    lines = {n for at, _, count in ranges for n in range(int(at), int(at) + int(count or 1))}
    return bool(shown) and (not line or int(line) in lines)
