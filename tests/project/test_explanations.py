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

from unladen.labels.explanations import Explanation, explain, explanations_of
from unladen.project import targets
from unladen.project.project import Project
from unladen.report.commit_results import load_commit_results

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = ("gateway", "insight")


@cache
def project(target: str) -> Project:
    found = targets.load_project(targets.find(target))
    return replace(found, results_dir=ROOT / "results" / target)


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
    for explanation in explanations_of(project(target)):
        for place in explanation.where:
            assert place in touched(clone, explanation, place), f"{explanation.commit}: {place}"


def touched(clone: str, explanation: Explanation, place: str) -> set[str]:
    """``place`` if the commit changes that file and, if a line is named, adds that line or takes it
    away."""
    file, _, line = place.partition(":")
    command = ["git", "-C", clone, "diff", "-U0", "--no-renames"]
    sides = [f"{explanation.commit}^1", explanation.commit]
    shown = subprocess.run(
        [*command, *sides, "--", file], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    hunks = re.findall(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", shown, re.MULTILINE)
    lines = {
        number
        for hunk in hunks
        for begin, count in (hunk[:2], hunk[2:])
        for number in range(int(begin), int(begin) + int(count or 1))
    }
    return {place} if shown and (not line or int(line) in lines) else set()
