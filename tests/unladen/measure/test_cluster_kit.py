"""What a worker measures with: packed, sent, unpacked, and found to be what was sent."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_project import History, TinyProject, write_project

from unladen.errors import UserError
from unladen.measure.cluster.kit import code_digest, digest_of, pack, unpack, write_conf
from unladen.measure.cluster.messages import Kit
from unladen.measure.cluster.slots import VARIABLE, slot
from unladen.measure.variables import driver_variables
from unladen.project.project import Project, read_project
from unladen.repo.patches.series import series_folder


@pytest.fixture
def tiny(tmp_path: Path) -> TinyProject:
    """The tiny project, which is not measured."""
    return write_project(tmp_path / "project", History(tmp_path / "clone"))


def read(project: TinyProject) -> Project:
    """The project of its conf."""
    return read_project(project.target / "asv.conf.json")


def unpacked(kit: Kit, folder: Path) -> Project:
    """The project that measures with a kit in a slot."""
    unpack(kit, folder / "kit")
    return read_project(write_conf(folder / "kit", folder))


def test_a_kit_measures_with_the_same_files_elsewhere(tiny: TinyProject, tmp_path: Path) -> None:
    (tiny.folder / "mocks").mkdir()
    (tiny.folder / "mocks" / "world.py").write_text("WORLD = 1\n")
    (tiny.folder / "benchmarks" / "__pycache__").mkdir()
    (tiny.folder / "benchmarks" / "__pycache__" / "work.pyc").write_bytes(b"compiled")
    here, there = read(tiny), unpacked(pack(read(tiny)), tmp_path / "slot")
    assert there.benchmark_dir == tmp_path / "slot" / "kit" / "suite" / "benchmarks"
    files = ("benchmarks/work.py", "mocks/world.py", "targets/tiny/driver.py")
    for file in files:
        assert (there.root / file).read_bytes() == (here.root / file).read_bytes()
    assert not list(there.root.rglob("*.pyc"))
    assert there.lock is not None
    assert here.lock is not None
    assert there.lock.read_bytes() == here.lock.read_bytes()
    assert (there.env_dir, there.results_dir) == (tmp_path / "slot/env", tmp_path / "slot/results")
    same = ("name", "dvcs", "repo", "branches", "paths", "import_roots", "launch_method")
    for name in same:
        assert getattr(there, name) == getattr(here, name), name
    assert driver_variables(there) == driver_variables(here) == {}


def test_a_driver_of_an_own_repository_is_in_the_kit(tiny: TinyProject, tmp_path: Path) -> None:
    own = tmp_path / "sdk" / "unladen-bench"
    shutil.move(tiny.target, own)
    (own / "results").mkdir()
    (own / "results" / "old.json").write_text("{}")
    conf = {"benchmark_dir": str(tiny.folder / "benchmarks"), "results_dir": "results"}
    project = read_project(own / "asv.conf.json")
    project = replace(
        project,
        benchmark_dir=tiny.folder / "benchmarks",
        results_dir=own / "results",
        written={**project.written, **conf},
    )
    there = unpacked(pack(project), tmp_path / "slot")
    assert there.folder == tmp_path / "slot" / "kit" / "target"
    assert (there.folder / "driver.py").read_bytes() == (own / "driver.py").read_bytes()
    assert not (there.folder / "results").exists()
    assert driver_variables(there) == {"UNLADEN_TARGET_DIR": str(there.folder)}


def test_patches_travel_and_a_path_becomes_absolute(
    tiny: TinyProject, plain_series: Path, tmp_path: Path
) -> None:
    tiny.change_conf(repo=f"patches:{plain_series}")
    there = unpacked(pack(read(tiny)), tmp_path / "slot")
    found = series_folder(there.repo)
    assert found == tmp_path / "slot" / "kit" / "patches"
    assert sorted(file.name for file in found.iterdir()) == sorted(
        file.name for file in plain_series.iterdir()
    )
    assert (found / "HEAD").read_text() == (plain_series / "HEAD").read_text()
    tiny.change_conf(repo="../../../clone")
    assert unpacked(pack(read(tiny)), tmp_path / "slot").repo == str(tmp_path / "clone")


def test_a_lock_of_each_commit_stays_with_the_commits(tiny: TinyProject, tmp_path: Path) -> None:
    tiny.change_conf(lock="commit:lock.txt")
    there = unpacked(pack(read(tiny)), tmp_path / "slot")
    assert (there.lock, there.commit_lock) == (None, "lock.txt")


def test_the_digest_tells_what_is_measured_with(tiny: TinyProject, tmp_path: Path) -> None:
    kit = pack(read(tiny))
    assert pack(read(tiny)).digest == kit.digest
    unpacked(kit, tmp_path / "slot")
    folder = tmp_path / "slot" / "kit"
    assert digest_of(folder) == kit.digest
    (folder / "suite" / "benchmarks" / "__pycache__").mkdir()
    (folder / "suite" / "benchmarks" / "__pycache__" / "work.pyc").write_bytes(b"compiled")
    assert digest_of(folder) == kit.digest
    work = folder / "suite" / "benchmarks" / "work.py"
    work.write_text(work.read_text() + "\n")
    assert digest_of(folder) != kit.digest
    assert digest_of(tmp_path / "nowhere") == ""
    (tiny.target / "requirements.txt").write_text("asv_runner==0.0.1\n")
    assert pack(read(tiny)).digest != kit.digest


def test_a_damaged_kit_is_refused(tiny: TinyProject, tmp_path: Path) -> None:
    kit = pack(read(tiny))
    other = replace(kit, conf={**kit.conf, "import_root": "elsewhere"})
    with pytest.raises(UserError, match="has arrived damaged"):
        unpack(other, tmp_path / "kit")


def test_the_mirror_of_a_repository_outlives_a_kit(tiny: TinyProject, tmp_path: Path) -> None:
    there = unpacked(pack(read(tiny)), tmp_path / "slot")
    (there.folder / ".asv" / "tiny.git").mkdir()
    again = unpacked(pack(read(tiny)), tmp_path / "slot")
    assert (again.folder / ".asv" / "tiny.git").is_dir()


def test_our_own_code_has_a_digest() -> None:
    assert code_digest() == code_digest()
    assert len(code_digest()) == 64


def test_no_two_share_a_slot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with slot("tiny") as one, slot("tiny") as other:
        assert (one, other) == (tmp_path / "tiny" / "slot-0", tmp_path / "tiny" / "slot-1")
        (one / "results").mkdir()
    with slot("tiny") as again, slot("a/../b") as strange:
        assert again == one
        assert not (again / "results").exists()
        assert strange == tmp_path / "a_.._b" / "slot-0"
