"""Steps of the host in stored results, and what ``changes`` makes of the steps of series there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_history import Project, history, ruled, series, write_project

from unladen.changes.model import Change, State
from unladen.changes.sampled import find_sampled_changes
from unladen.measure.calibration import VERSION
from unladen.results.changes import load_changes
from unladen.store.series import SeriesInfo
from unladen.store.verdicts import Ruling

COMMITS = 24
STEP = 12
HOUR = 3_600_000
AXES = {"size": ("1", "2")}
CPU = series("m.C.time_cpu", kind="sampled", unit="seconds", group="cpu", axes=AXES)
LATER = series("m.D.time_cpu", kind="sampled", unit="seconds", group="cpu")
RSS = series("m.C.peakrss", kind="sampled", unit="bytes", group="memory")


def noisy(steps: Mapping[int, float], scale: float = 0.01, seed: int = 0) -> list[float | None]:
    """Readings of each commit, noise on levels that are multiplied at the given commits."""
    random = np.random.default_rng(seed)
    level, readings = 1.0, list[float | None]()
    for n in range(COMMITS):
        level *= steps.get(n, 1.0)
        readings.append(float(level * np.exp(random.normal(scale=scale))))
    return readings


def session(started: int, score: float) -> dict[str, Any]:
    calibration = {"version": VERSION, "before": score, "after": score}
    load = [0.5, 0.5, 0.5]
    return {
        "started": started,
        "ended": started + HOUR - 1,
        "cpu": "a CPU",
        "load_before": load,
        "load_after": load,
        "calibration": calibration,
    }


def store(
    project: Project,
    readings: Mapping[str, Sequence[Sequence[float | None]]],
    hosts: Mapping[str, Sequence[float | None]],
    infos: Sequence[SeriesInfo],
) -> None:
    """Results in which each series was measured in a session of its own, at the speed of its host,
    the newest commit first. ``readings``: of each series, by cell and commit."""
    project.describe(*infos)
    for n in range(COMMITS):
        rows, sessions = {}, []
        for number, info in enumerate(infos):
            started = HOUR * (100 * (COMMITS - n) + number)
            points = [list(axis) for axis in info.axes.values()]
            values = [cell[n] for cell in readings[info.name]]
            rows[info.name] = [values, points, "1", started + 5, 1.0]
            score = hosts[info.name][n]
            assert score is not None
            sessions.append(session(started, score))
        project.store(n, rows)
        record = {
            "version": 1,
            "environment": None,
            "failed": [],
            "not_applicable": [],
            "sessions": sessions,
        }
        project.file(n).with_suffix(".record").write_text(json.dumps(record))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return write_project(tmp_path, [], *["f"] * COMMITS)


def changes(project: Project) -> dict[tuple[str, str, int], Change]:
    """By series, cell and index of the commit."""
    found = {}
    for commit in load_changes(project.read()).commits:
        for change in commit.changes:
            place = project.hashes.index(change.commit.hash)
            found[change.series.name, ", ".join(change.cell), place] = change
    return found


def states(project: Project) -> dict[tuple[str, str, int], State]:
    return {key: change.state for key, change in changes(project).items()}


FLAT = noisy({}, 0.005, 9)
SLOWER = noisy({STEP: 1.2}, 0.005, 9)


def carry(project: Project, commit: int, origin: int, **changes: Any) -> None:
    """Record that a commit's exact values were measured at another one; change its session."""
    path = project.file(commit).with_suffix(".record")
    record = json.loads(path.read_text())
    entry = {"series": "m.C.track_calls", "params": [], "commit": project.hashes[origin]}
    record["carried"] = [entry]
    record["sessions"] = [{**one, **changes} for one in record["sessions"]]
    path.write_text(json.dumps(record))


def test_a_step_between_commits_that_run_the_same_code_is_the_hosts(project: Project) -> None:
    steady = noisy({STEP: 1.5}, 0.002, 3)
    store(project, {CPU.name: [steady, steady]}, {CPU.name: FLAT}, [CPU])
    place = (CPU.name, "1", STEP)
    assert states(project)[place] is State.SUSPECTED
    carry(project, STEP - 1, STEP)
    assert states(project)[place] is State.HOST
    # The one carried from another commit, or before the series was measured there, tells nothing.
    carry(project, STEP - 1, STEP - 2)
    assert states(project)[place] is State.SUSPECTED
    carry(project, STEP - 1, STEP, started=0)
    assert states(project)[place] is State.SUSPECTED


@pytest.mark.slow
def test_a_step_where_the_host_steps_is_the_hosts_and_another_is_not(project: Project) -> None:
    cells = [noisy({STEP: 1.2}, seed=1), noisy({6: 1.2}, seed=2)]
    store(project, {CPU.name: cells}, {CPU.name: SLOWER}, [CPU])
    assert states(project) == {
        (CPU.name, "1", STEP): State.HOST,
        (CPU.name, "2", 6): State.SUSPECTED,
    }


@pytest.mark.slow
def test_a_faster_host_explains_what_became_faster(project: Project) -> None:
    step = {STEP: 1 / 1.2}
    store(project, {CPU.name: [noisy(step, seed=1)] * 2}, {CPU.name: noisy(step, 0.005)}, [CPU])
    assert set(states(project).values()) == {State.HOST}


@pytest.mark.slow
def test_without_a_step_of_the_host_it_is_the_commits(project: Project) -> None:
    store(project, {CPU.name: [noisy({STEP: 1.2}, seed=1)] * 2}, {CPU.name: FLAT}, [CPU])
    assert set(states(project).values()) == {State.SUSPECTED}


@pytest.mark.slow
def test_a_series_is_judged_by_the_session_that_measured_it(project: Project) -> None:
    step = noisy({STEP: 1.2}, seed=1)
    readings = {CPU.name: [step, step], LATER.name: [step], RSS.name: [step]}
    hosts = {CPU.name: SLOWER, LATER.name: FLAT, RSS.name: SLOWER}
    store(project, readings, hosts, [CPU, LATER, RSS])
    assert states(project) == {
        (CPU.name, "1", STEP): State.HOST,
        (CPU.name, "2", STEP): State.HOST,
        (LATER.name, "", STEP): State.SUSPECTED,
        (RSS.name, "", STEP): State.SUSPECTED,  # memory does not depend on speed
    }


@pytest.mark.slow
def test_a_cell_is_judged_by_the_commits_at_which_it_was_measured(project: Project) -> None:
    # The host is slower from commit 6 to 11 only: where the second cell was not measured.
    host = noisy({6: 1.3, STEP: 1 / 1.3}, 0.005, 9)
    partly = [
        None if 6 <= n < STEP else value for n, value in enumerate(noisy({STEP: 1.2}, seed=2))
    ]
    everywhere = noisy({6: 1.3, STEP: 1 / 1.3}, seed=1)
    store(project, {CPU.name: [everywhere, partly]}, {CPU.name: host}, [CPU])
    assert states(project) == {
        (CPU.name, "1", 6): State.HOST,
        (CPU.name, "1", STEP): State.HOST,
        (CPU.name, "2", STEP): State.SUSPECTED,
    }


def test_commits_that_may_be_on_either_side_of_a_step_are_not_asked_for() -> None:
    asked: list[tuple[Sequence[int], Sequence[int]]] = []

    def host(name: str, before: Sequence[int], after: Sequence[int], _: float) -> bool:
        assert name == LATER.name
        asked.append((before, after))
        return False

    made = history((LATER, noisy({STEP: 1.08}, 0.03, seed=0)))
    (change,) = find_sampled_changes(made, host)
    ((before, after),) = asked
    first, last = (made.commits.index(c) for c in (change.first_suspect, change.last_suspect) if c)
    assert last > first  # its place is not sure
    assert [*before] == [*range(first)]
    assert [*after] == [*range(last, len(made.commits))]


@pytest.mark.slow
def test_what_measuring_side_by_side_found_comes_before_the_host(project: Project) -> None:
    cells = [noisy({STEP: 1.2}, seed=1)] * 2
    store(project, {CPU.name: cells}, {CPU.name: SLOWER}, [CPU])
    loaded = load_changes(project.read()).history
    change = changes(project)[CPU.name, "1", STEP]
    ruled(loaded, change, Ruling.CONFIRMED).save(project.results / "lab")
    assert states(project) == {
        (CPU.name, "1", STEP): State.CONFIRMED,
        (CPU.name, "2", STEP): State.HOST,
    }
