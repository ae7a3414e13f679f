"""What a worker does with an order that it cannot carry out: it says so in one line."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from tiny_project import History, TinyProject, write_project

from unladen.measure.cluster import at_worker
from unladen.measure.cluster.kit import pack
from unladen.measure.cluster.messages import Kit, Order
from unladen.measure.cluster.slots import VARIABLE
from unladen.project.project import read_project

COMMIT = "a" * 40


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyProject:
    """The tiny project, whose repository is not there; slots are beside it."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "slots"))
    monkeypatch.delenv("UNLADEN_REPO_TINY", raising=False)
    project = write_project(tmp_path / "project", History(tmp_path / "clone"))
    monkeypatch.setenv("HOME", str(project.home))
    project.change_conf(repo=str(tmp_path / "clone"))
    return project


def kit_of(project: TinyProject) -> Kit:
    """What is measured with."""
    return pack(read_project(project.target / "asv.conf.json"))


def order(kit: Kit, seconds: float) -> Order:
    """To measure a commit."""
    return Order(kit.digest, "tiny", COMMIT, ("work.Work.track_value",), "lab", seconds)


@pytest.mark.slow
def test_a_commit_that_takes_too_long_is_ended(tiny: TinyProject, tmp_path: Path) -> None:
    kit = kit_of(tiny)
    said = at_worker.introduce(kit)
    assert (said.kit, said.folder) == (kit.digest, str(tmp_path / "slots"))
    delivery = at_worker.measure(order(kit, 0.05))
    assert (delivery.is_late, delivery.files) == (True, ())
    assert delivery.why == "took more than 0 s"
    assert (delivery.commit, delivery.kit) == (COMMIT, kit.digest)
    left = [one for one in psutil.process_iter(["cmdline"]) if COMMIT in str(one.info["cmdline"])]
    assert left == []


@pytest.mark.slow
def test_what_cannot_be_had_is_said_in_one_line(tiny: TinyProject, tmp_path: Path) -> None:
    kit = kit_of(tiny)
    at_worker.introduce(kit)
    delivery = at_worker.measure(order(kit, 600.0))
    assert (delivery.is_late, delivery.files) == (False, ())
    assert delivery.why.endswith("no such folder; set UNLADEN_REPO_TINY=/path/to/clone")
    log = tmp_path / "slots" / "tiny" / "slot-0" / "log.txt"
    assert "Traceback" not in log.read_text()


def test_a_kit_that_was_not_sent(tiny: TinyProject) -> None:
    other = Order("another", "tiny", COMMIT, (), "lab", 600.0)
    assert at_worker.measure(other).why == "this worker was not told what to measure with"


@pytest.mark.slow
def test_a_kit_that_was_changed_is_unpacked_again(tiny: TinyProject, tmp_path: Path) -> None:
    kit = kit_of(tiny)
    at_worker.introduce(kit)
    at_worker.measure(order(kit, 0.05))
    (work,) = (tmp_path / "slots").rglob("suite/benchmarks/work.py")
    right = work.read_text()
    work.write_text("LIES = True\n")
    assert at_worker.measure(order(kit, 0.05)).kit == kit.digest
    assert work.read_text() == right
