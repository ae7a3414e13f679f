"""Results made up for whole histories are what asv and we write ourselves."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from asv.results import Results
from synthetic_results import MACHINE, Truth, write_history
from time_changes import time_changes

from unladen.changes.exact import find_exact_changes
from unladen.changes.host import score
from unladen.history.history import History
from unladen.history.loading import load_history
from unladen.history.series_history import CODES
from unladen.history.source import choose_source
from unladen.project.project import read_project
from unladen.repo.repository import open_repository
from unladen.store.series import Status


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 commits with 31 values; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("synthetic") / "made"
    write_history(folder, commits=40, series=31, seed=5)
    return folder


@pytest.fixture(scope="module")
def truth(folder: Path) -> Truth:
    return Truth(**json.loads((folder / "truth.json").read_text()))


@pytest.fixture(scope="module")
def history(folder: Path) -> History:
    project = read_project(folder / "asv.conf.json")
    source = choose_source("synthetic", folder / "results").source
    return load_history(project, open_repository(project), source)


@pytest.mark.slow
def test_they_are_as_many_as_was_asked_for(history: History, truth: Truth) -> None:
    assert [commit.hash for commit in history.commits] == truth.hashes
    assert len(truth.hashes) == 40
    assert all(history.measured)
    assert sum(len(one.series.cells) for one in history.series) == 31
    assert history.remarks == []
    kinds = [one.series.kind for one in history.series]
    assert (kinds.count("exact"), kinds.count("sampled")) == (5, 2)


def test_asv_reads_them(folder: Path, truth: Truth) -> None:
    files = sorted((folder / "results" / MACHINE).glob("*-*.json"))
    loaded = [Results.load(str(file), MACHINE) for file in files]
    assert {one.commit_hash for one in loaded} == set(truth.hashes)
    assert all(one.get_all_result_keys() for one in loaded)


def test_exact_steps_are_where_they_were_put(history: History, truth: Truth) -> None:
    exact = {one.series.name for one in history.series if one.series.kind == "exact"}
    put = {e["commit"] for e in truth.events if e["kind"] == "step" and e["series"] in exact}
    found = {change.commit.hash for change in find_exact_changes(history)}
    assert put
    assert {truth.hashes[commit] for commit in put} <= found


def test_failures_and_gaps_are_there(tmp_path: Path) -> None:
    truth = write_history(tmp_path / "made", commits=8, series=200)
    kinds = {event.kind for event in truth.events}
    assert {"failure", "n/a"} <= kinds
    project = read_project(tmp_path / "made" / "asv.conf.json")
    source = choose_source("synthetic", project.results).source
    history = load_history(project, open_repository(project), source)
    found = {code for one in history.series for code in np.unique(one.statuses)}
    expected = (Status.MEASURED, Status.FAILED, Status.NOT_APPLICABLE)
    assert found == {CODES[status] for status in expected}


def test_the_host_is_slow_for_a_while(history: History) -> None:
    sessions = [one for (one,) in history.sessions]
    assert [one.started for one in sessions] == sorted([one.started for one in sessions])[::-1]
    scores = np.array([score(one) for one in sessions])
    assert (scores > 1.5 * np.median(scores)).sum() == 2


def test_the_same_seed_makes_the_same_results(folder: Path, tmp_path: Path) -> None:
    write_history(tmp_path / "again", commits=40, series=31, seed=5)
    for file in (folder / "results").rglob("*-*"):
        again = tmp_path / "again" / file.relative_to(folder)
        assert again.read_bytes() == file.read_bytes()


@pytest.mark.slow
def test_the_command_can_be_timed(folder: Path) -> None:
    timing, changes = time_changes(folder)
    assert timing.wall > 0
    assert timing.cpu > 0
    assert changes > 0
