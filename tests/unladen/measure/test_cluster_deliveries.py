"""What workers deliver: what is believed of it, and how it gets into the folder of results."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asv.results import Results
from made_records import CIRCUMSTANCES

import unladen
from unladen.asv_bridge.merging import merge
from unladen.errors import UserError
from unladen.history.conditions import Conditions
from unladen.measure.cluster.command import pins_at
from unladen.measure.cluster.control import control_of, spread
from unladen.measure.cluster.crew import Assignment
from unladen.measure.cluster.deliveries import Expected
from unladen.measure.cluster.folder import Folder, Skip
from unladen.measure.cluster.judge import FolderJudge
from unladen.measure.cluster.messages import Delivery, Introduction, Kit, MeasuredFile, Order
from unladen.store.opened import OpenedPaths, load_opened
from unladen.store.records import Failure, NotApplicable, Note, Opened, Record, Session, record_path
from unladen.store.results_file import read_results
from unladen.store.series import SeriesInfo

COMMIT, OTHER = "a" * 40, "b" * 40
ENVIRONMENT = "unladen-py3.11"
MACHINE = {"machine": "lab", "cpu": "a cpu", "arch": "x86_64", "num_cpu": "2"}
CELLS = ("'a'", "'b'")


def info(name: str, tolerance: float = 0.0, version: str = "1") -> SeriesInfo:
    """An exact series with two cells."""
    return SeriesInfo(name, "exact", "calls", "", False, tolerance, version, {"scenario": CELLS})


SERIES = {"calls": info("calls"), "traced": info("traced", 0.01)}
HERE = Conditions("3.11.7", "CPython", frozenset({("asv_runner", "0.3.2")}), frozenset())


def file(values: Mapping[str, Any], commit: str = COMMIT, **changes: Any) -> dict[str, Any]:
    """A results file of a worker called ``elsewhere``."""
    return {
        "commit_hash": commit,
        "env_name": ENVIRONMENT,
        "date": 1_700_000_000_000,
        "params": {**MACHINE, "machine": "elsewhere", "cpu": "another cpu", "python": "3.11"},
        "python": "3.11",
        "requirements": {},
        "env_vars": {},
        "result_columns": ["result", "params", "version", "started_at", "duration"],
        "results": {
            name: [value, [[*CELLS]], "1", 1_000 + number, 0.5]
            for number, (name, value) in enumerate(values.items())
        },
        "durations": {},
        "version": 2,
        **changes,
    }


SESSION = Session(900, 1_100, "another cpu", (), (), None)


def delivery(
    values: Mapping[str, Any], record: Record | None = None, commit: str = COMMIT, **changes: Any
) -> Delivery:
    """What a worker delivers of it."""
    found = record or Record(CIRCUMSTANCES, sessions=(SESSION,))
    text = json.dumps(file(values, commit, **changes)).encode()
    named = f"{changes.get('commit_hash', commit)[:8]}-{ENVIRONMENT}.json"
    return Delivery(commit, "kit", (MeasuredFile(named, text, as_bytes(found)),), "", False, 1.0)


def as_bytes(record: Record) -> bytes:
    """A record as it is saved."""
    with tempfile.TemporaryDirectory() as folder:
        record.save(Path(folder, "a.record"))
        return Path(folder, "a.record").read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The folder of results of a target, empty."""
    return Folder(tmp_path / "results", "lab", MACHINE, "tiny")


@pytest.fixture
def judge(folder: Folder, tmp_path: Path) -> FolderJudge:
    """Who knows that ``calls`` is 1 and 2 at the other commit, and ``traced`` about 100."""
    path = tmp_path / f"{OTHER[:8]}-{ENVIRONMENT}.json"
    known = {"calls": [1, 2], "traced": [100, 200]}
    path.write_text(json.dumps(file(known, OTHER)))
    files = {ENVIRONMENT: (read_results(path), Record(CIRCUMSTANCES))}
    control = control_of(OTHER, files, [*SERIES.values()])
    assert control is not None
    expected = Expected({ENVIRONMENT: HERE}, SERIES, "kit")
    return FolderJudge(Kit("tiny", {}, b"", "kit"), "code", control, expected, folder, 60.0)


def received(
    judge: FolderJudge, said: Delivery, commit: str = COMMIT, *, is_control: bool = False
) -> str:
    """What the judge says of a delivery of both series."""
    order = judge.order(Assignment(commit, tuple(SERIES)))
    return judge.receive(order, said, is_control)


def stored(folder: Folder, commit: str = COMMIT) -> dict[str, Any]:
    """The values in the folder, as asv reads them."""
    path = folder.path(commit, ENVIRONMENT)
    results = Results.load(str(path), machine_name="lab")
    assert results.commit_hash == commit
    return {name: results._results[name] for name in sorted(results._results)}


def test_what_is_delivered_is_stored_under_the_machine_here(judge: FolderJudge) -> None:
    folder = judge.folder
    failed = Failure("calls", ("'b'",), "ValueError: no", "a traceback")
    record = Record(CIRCUMSTANCES, (failed,), sessions=(SESSION,))
    assert received(judge, delivery({"calls": [1, None], "traced": [5, 6]}, record)) == ""
    assert stored(folder) == {"calls": [1, None], "traced": [5, 6]}
    path = folder.path(COMMIT, ENVIRONMENT)
    assert read_results(path).series["calls"].version == "1"
    assert json.loads(path.read_text())["params"] == {**MACHINE, "python": "3.11"}
    assert Record.load(record_path(path)) == record
    assert judge.failed == {path: [failed]}


def test_what_was_measured_here_stays_beside_it(judge: FolderJudge) -> None:
    folder = judge.folder
    path = folder.path(COMMIT, ENVIRONMENT)
    path.parent.mkdir(parents=True)
    own = file({"seconds": [0.5, 0.6], "calls": [9, 9]}, params={**MACHINE, "python": "3.11"})
    own["results"]["seconds"][3] = 50
    own["results"]["seconds"] += [[0.4, 0.5]]
    own["result_columns"] += ["stats_q_25"]
    path.write_text(json.dumps(own))
    here = Session(40, 60, "a cpu", (), (), None)
    note, old = Note("seconds", ("'a'",), "slow"), Note("calls", ("'a'",), "of old")
    mine = replace(CIRCUMSTANCES, cpu="the cpu here")
    Record(mine, notes=(old, note), sessions=(here,)).save(record_path(path))

    said = NotApplicable("calls", ("'b'",), "has no b")
    theirs = Record(CIRCUMSTANCES, (), (said,), (SESSION,))
    answer = delivery({"calls": [1, float("nan")], "traced": [5, 6]}, theirs)
    assert received(judge, answer) == ""
    found = Results.load(str(path))
    assert found._results["seconds"] == [0.5, 0.6]
    assert [one["q_25"] for one in found._stats["seconds"]] == [0.4, 0.5]
    assert found._results["calls"][0] == 1
    assert found._started_at["calls"] == 1_000
    record = Record.load(record_path(path))
    assert record == Record(mine, (), (said,), (here, SESSION), (note,))


@pytest.mark.parametrize("setting", ["same", "another"])
def test_the_lists_of_what_was_opened_come_along(judge: FolderJudge, setting: str) -> None:
    folder, theirs = judge.folder, OpenedPaths.of(["lib/a.py", "lib/b.py"], [])
    with tempfile.TemporaryDirectory() as elsewhere:
        name = theirs.save(Path(elsewhere))
        beside = {one.name: one.read_bytes() for one in Path(elsewhere).iterdir()}
    record = Record(CIRCUMSTANCES, sessions=(SESSION,), opened=Opened(name, setting))
    answer = delivery({"calls": [1, 2], "traced": [5, 6]}, record)
    (one,) = answer.files
    answer = replace(answer, files=(replace(one, beside=beside),))
    assert received(judge, answer) == ""
    path = folder.path(COMMIT, ENVIRONMENT)
    opened = Record.load(record_path(path)).opened
    assert opened is not None
    assert load_opened(path.parent, opened.paths) == theirs

    # What was measured of the commit before, and is kept, is from other files.
    own = file({"seconds": [0.5, 0.6]}, params={**MACHINE, "python": "3.11"})
    path.write_text(json.dumps(own))
    mine = Opened(OpenedPaths.of(["lib/c.py"], ["lib"]).save(path.parent), "same")
    Record(CIRCUMSTANCES, opened=mine).save(record_path(path))
    assert received(judge, answer) == ""
    opened = Record.load(record_path(path)).opened
    if setting == "another":
        assert opened is None
        return
    assert opened is not None
    both = OpenedPaths.of(["lib/a.py", "lib/b.py", "lib/c.py"], ["lib"])
    assert load_opened(path.parent, opened.paths) == both


def test_what_a_liar_brought_is_taken_back(judge: FolderJudge) -> None:
    folder = judge.folder
    order = judge.order(Assignment(COMMIT, ("calls",)))
    assert received(judge, delivery({"calls": [1, 2], "traced": [5, 6]})) == ""
    judge.take_back(order)
    assert stored(folder) == {"traced": [5, 6]}
    judge.take_back(judge.order(Assignment(COMMIT, tuple(SERIES))))
    assert list((folder.results / "lab").iterdir()) == []
    assert judge.failed == {}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (delivery({"calls": [1, 2]}), "delivered no traced"),
        (delivery({"calls": [1, 2], "traced": [1, 2]}, commit_hash=OTHER), "delivered bbbbbbbb, "),
        (delivery({"calls": [1, 2], "traced": [1, 2]}, env_name="else"), "measured in else, not"),
        (delivery({"calls": [1, 2], "traced": [1, 2]}, env_vars={"A": "1"}), "another variable: A"),
        (delivery({"calls": [1, 2], "traced": [1, 2]}, version=1), "delivered what is not readab"),
        (
            delivery(
                {"calls": [1, 2], "traced": [1, 2]}, Record(replace(CIRCUMSTANCES, python="3.11.9"))
            ),
            "another interpreter: 3.11.9, here 3.11.7",
        ),
        (
            delivery(
                {"calls": [1, 2], "traced": [1, 2]},
                Record(replace(CIRCUMSTANCES, packages={"asv_runner": "0.3.1"})),
            ),
            "another package: asv_runner 0.3.1, here 0.3.2",
        ),
        (replace(delivery({"calls": [1, 2], "traced": [1, 2]}), kit="other"), "what it measures"),
        (replace(delivery({}), files=()), "measured in no environment, not in"),
    ],
)
def test_what_is_not_as_it_must_be_is_not_stored(
    judge: FolderJudge, said: Delivery, why: str
) -> None:
    assert received(judge, said).startswith(why)
    assert not judge.folder.results.exists()


def test_series_of_another_version_are_not_stored(judge: FolderJudge) -> None:
    said = delivery({"calls": [1, 2], "traced": [5, 6]})
    expected = replace(judge.expected, series={**SERIES, "calls": info("calls", version="2")})
    other = replace(judge, expected=expected)
    assert received(other, said) == "its calls has version 1: another suite"


def test_a_commit_with_a_lock_of_its_own_is_measured_with_that(judge: FolderJudge) -> None:
    def own(**pins: str) -> FolderJudge:
        return replace(judge, expected=replace(judge.expected, pins=lambda _: pins))

    packages = {"asv_runner": "0.3.1", "the-sdk": "1.2"}
    record = Record(replace(CIRCUMSTANCES, packages=packages), sessions=(SESSION,))
    said = delivery({"calls": [1, 2], "traced": [5, 6]}, record)
    assert received(own(asv_runner="0.3.1", the_sdk="1.2"), said) == ""
    why = "another package: the_sdk 1.2, in the lock 1.3"
    assert received(own(the_sdk="1.3"), said) == why
    assert received(own(another="1"), said).startswith("another package: another none, in the")
    # Of a commit that cannot be installed there is nothing to be wrong about.
    failed = delivery({"calls": [None, None], "traced": None}, record)
    assert received(own(the_sdk="1.3"), failed) == ""
    other = Record(replace(CIRCUMSTANCES, python="3.11.9", packages=packages))
    said = delivery({"calls": [1, 2], "traced": [5, 6]}, other)
    assert received(own(), said) == "another interpreter: 3.11.9, here 3.11.7"


def test_pins_of_a_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = """# old==1
-r more==2
asv_runner==0.3.2
the-sdk==1.2 ; python_version > '3'
other==1 --hash=sha256:a
"""
    monkeypatch.setattr("unladen.measure.cluster.command.lock_of", lambda *_: lock)
    expected = {"asv_runner": "0.3.2", "other": "1"}
    assert pins_at(None, COMMIT, "lock.txt") == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"calls": [1, 2], "traced": [100.5, 200]}, ""),
        ({"calls": [1, 3], "traced": [100, 200]}, "calls(b) at bbbbbbbb is 3, here 2"),
        ({"calls": [1, 2], "traced": [103, 200]}, "traced(a) at bbbbbbbb is 103, here 100"),
        ({"calls": [1, float("nan")], "traced": [1, 2]}, "calls(b) at bbbbbbbb is n/a, here 2"),
    ],
)
def test_the_control_sample_tells_who_lies(
    judge: FolderJudge, values: Mapping[str, Any], why: str
) -> None:
    assert received(judge, delivery(values, commit=OTHER), OTHER, is_control=True) == why
    assert not judge.folder.results.exists()


def test_a_control_sample_needs_values() -> None:
    assert control_of(COMMIT, {}, [*SERIES.values()]) is None


def test_a_control_sample_is_spread() -> None:
    many = [info(f"series-{number}") for number in range(20)]
    names = [one.name for one in spread(many, 4)]
    assert names == ["series-0", "series-5", "series-10", "series-15"]
    assert spread(many, 30) == many
    assert spread([], 8) == []


def test_another_unladen_is_refused(judge: FolderJudge) -> None:
    said = Introduction("host", 1, "/slots", unladen.__version__, "code", "3.11.7", "Linux", "kit")
    assert judge.of_introduction(said) == ""
    assert "pip install" in judge.of_introduction(replace(said, unladen="0.0.1"))
    assert "has another unladen" in judge.of_introduction(replace(said, code="else"))
    assert "what it measures with" in judge.of_introduction(replace(said, kit="else"))


def test_what_is_there_is_not_measured_again(judge: FolderJudge) -> None:
    folder = judge.folder
    record = Record(CIRCUMSTANCES, (Failure("calls", ("'b'",), "no", ""),), sessions=(SESSION,))
    assert received(judge, delivery({"calls": [1, None], "traced": [5, 6]}, record)) == ""

    def lacking(successful: bool, failed: bool, commits: bool = False) -> set[str]:
        skip = Skip(successful, failed, commits)
        return folder.lacking(COMMIT, ENVIRONMENT, SERIES, skip)

    assert lacking(False, False) == {"calls", "traced"}
    assert lacking(True, False) == {"calls"}
    assert lacking(False, True) == {"traced"}
    assert lacking(True, True) == lacking(False, False, commits=True) == set()
    newer = {**SERIES, "traced": info("traced", version="2")}
    assert folder.lacking(COMMIT, ENVIRONMENT, newer, Skip(True, True, False)) == {"traced"}
    record_path(folder.path(COMMIT, ENVIRONMENT)).unlink()
    assert lacking(True, True) == {"calls", "traced"}


def test_whatever_interrupts_it_leaves_no_value_without_its_reasons(
    judge: FolderJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("unladen.measure.cluster.folder.merge", interrupted)
        with pytest.raises(KeyboardInterrupt):
            received(judge, delivery({"calls": [1, 2], "traced": [5, 6]}))
    skip = Skip(True, True, False)
    assert judge.folder.lacking(COMMIT, ENVIRONMENT, SERIES, skip) == set(SERIES)
    assert received(judge, delivery({"calls": [1, 2], "traced": [5, 6]})) == ""
    assert judge.folder.lacking(COMMIT, ENVIRONMENT, SERIES, skip) == set()


def test_only_the_named_series_are_merged(tmp_path: Path) -> None:
    delivered = tmp_path / f"{COMMIT[:8]}-{ENVIRONMENT}.json"
    delivered.write_text(json.dumps(file({"calls": [1, 2], "traced": [5, 6]})))
    target = tmp_path / "results" / "lab" / delivered.name
    merge(delivered, target, ["calls"], MACHINE)
    assert set(read_results(target).series) == {"calls"}
    with pytest.raises(UserError):
        read_results(tmp_path / "results" / "lab" / "nothing.json")


def test_orders_name_what_is_asked_for(judge: FolderJudge) -> None:
    order = judge.order(judge.control)
    assert order == Order("kit", "tiny", OTHER, ("calls", "traced"), "lab", 60.0)
