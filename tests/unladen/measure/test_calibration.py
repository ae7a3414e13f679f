"""The fixed work that tells how fast the host is, and the sessions in records."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from asv import util
from asv.results import Results
from made_records import CIRCUMSTANCES, record_of
from tiny_project import TinyProject

from unladen.changes.host import score
from unladen.measure import calibration
from unladen.measure.calibration_workload import work
from unladen.project.driver_digest import DriverDigests, driver_digests
from unladen.store.records import Calibration, Record, Session, record_path

SESSION = Session(100, 200, "a CPU", (0.1,), (0.2,), Calibration(1, 0.5, 0.6))


def test_a_changed_workload_has_a_new_version() -> None:
    digest = hashlib.sha256(calibration.WORKLOAD.read_bytes()).hexdigest()
    assert (calibration.VERSION, digest[:16]) == (1, "5dacc9741e93f4c4")


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_work_is_the_same_in_every_process(seed: str) -> None:
    done = subprocess.run(
        [sys.executable, str(calibration.WORKLOAD)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["check"] == work()
    assert found["seconds"] > 0


class Place:
    """A benchmark environment whose interpreter prints this, or fails."""

    driver = DriverDigests("a digest", {"turns": "another"})

    def __init__(self, output: str | Exception, name: str = "py") -> None:
        self._output = output
        self.name = name

    def says_soon(self, arguments: list[str], _seconds: float) -> str:
        assert arguments[0] == "-I"
        if isinstance(self._output, Exception):
            raise self._output
        return self._output


def test_a_broken_interpreter_is_no_obstacle() -> None:
    failure = util.ProcessError(["python"], 1, "", "no such module")
    for output in ("", "[]", "{}", '{"seconds": "fast"}', failure):
        assert calibration.calibrate(Place(output)) is None  # type: ignore[arg-type]
    assert calibration.calibrate(Place('{"seconds": 0.5}')) == 0.5  # type: ignore[arg-type]
    moment = calibration.look(Place(""), before=True)  # type: ignore[arg-type]
    session = calibration.session(moment, moment)
    assert (session.calibration, session.driver) == (None, "a digest")
    assert session.driver_parts == {"turns": "another"}


def test_the_score_after_a_commit_is_the_one_before_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def score_of(seconds: float, *, before: bool, name: str = "fresh") -> float | None:
        place = Place(json.dumps({"seconds": seconds}), name)
        return calibration.look(place, before=before).score  # type: ignore[arg-type]

    assert score_of(0.1, before=True) == 0.1
    assert score_of(0.2, before=False) == 0.2
    assert score_of(0.3, before=True, name="another") == 0.3
    assert score_of(0.4, before=True) == 0.2
    assert score_of(0.5, before=True) == 0.5  # it is used once
    assert score_of(0.6, before=False) == 0.6
    later = calibration.time.monotonic() + calibration.FRESH_S + 1
    monkeypatch.setattr(calibration.time, "monotonic", lambda: later)
    assert score_of(0.7, before=True) == 0.7


def test_sessions_from_which_no_value_is_left_are_dropped() -> None:
    record = Record(CIRCUMSTANCES, sessions=(SESSION, replace(SESSION, started=300, ended=400)))
    new = replace(SESSION, started=500, ended=600)
    assert record.with_session(new, [350, 550]).sessions == (record.sessions[1], new)
    assert record.with_session(new, [150, 200]).sessions == (SESSION, new)


def test_each_measurement_says_how_the_host_was(measured: TinyProject) -> None:
    record = record_of(measured, "good")
    (session,) = record.sessions
    assert record.environment is not None
    assert session.cpu == record.environment.cpu
    assert len(session.load_before) == len(session.load_after) == 3
    found = score(session)
    assert found is not None
    assert found > 0
    results = Results.load(str(measured.results_file("good")))
    assert all(session.started <= at <= session.ended for at in results.started_at.values())


def test_each_measurement_says_which_driver_it_was(measured: TinyProject) -> None:
    (session,) = record_of(measured, "good").sessions
    digests = driver_digests(measured.target / "driver.py", "tiny")
    assert (session.driver, session.driver_parts) == (digests.common, digests.parts)
    assert digests.common


@pytest.mark.slow
def test_measuring_one_series_again_adds_a_session(measured: TinyProject) -> None:
    select = ["main^!", "--bench", "track_seconds", "--machine", "lab"]
    measured.unladen("--target", "tiny", "run", *select)
    first, second = record_of(measured, "good").sessions
    assert first.ended < second.started


def test_a_record_without_sessions_loads_as_before(measured: TinyProject) -> None:
    path = record_path(measured.results_file("good"))
    data = json.loads(path.read_text())
    del data["sessions"]
    path.write_text(json.dumps(data))
    assert Record.load(path).sessions == ()
    assert Record.load(path).environment is not None


def test_the_table_shows_the_host(measured: TinyProject) -> None:
    shown = measured.unladen("--target", "tiny", "table").stdout
    (line,) = (line for line in shown.splitlines() if "calibration" in line)
    assert " cores, load " in line
    (table,) = json.loads(measured.unladen("--target", "tiny", "table", "--json").stdout)
    assert table["host"]["calibration"] > 0
    assert table["host"]["cores"] > 0
