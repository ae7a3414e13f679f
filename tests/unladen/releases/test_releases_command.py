"""``unladen releases``: an empty folder becomes a history, each commit measured with packages of
its own, without a further question."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from forked_commands import run_unladen
from made_index import MadeIndex
from tiny_project import AT_ONCE, git

from unladen.store.records import Record, record_path

MACHINE = "lab"

BENCHMARK = """
import importlib.util, os, sys

def track_value():
    import tinykit
    if "SECRET_API_KEY" in os.environ:
        return -1
    return tinykit.a()

track_value.unit = "calls"
track_value.kind = "exact"
track_value.version = "1"

def track_helper():
    if importlib.util.find_spec("tinyhelper") is None:
        return 0.0
    import tinyhelper
    return float(tinyhelper.VERSION)

track_helper.unit = "count"
track_helper.kind = "exact"
track_helper.version = "1"

def track_seconds():
    import tinykit
    return 0.5 + tinykit.a()

track_seconds.unit = "seconds"
track_seconds.kind = "sampled"
track_seconds.version = "1"
"""


@dataclass
class Kit:
    """A folder in which ``releases add tinykit`` was run, with small benchmarks of its own."""

    folder: Path
    home: Path

    def unladen(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "HOME": str(self.home), "SECRET_API_KEY": "s", **variables}
        return run_unladen(arguments, self.folder, environment)

    def said(self, *arguments: str, code: int = 0, **variables: str) -> str:
        done = self.unladen(*arguments, **variables)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def use_small_benchmarks(self) -> None:
        benchmarks = self.folder / "suite" / "benchmarks"
        benchmarks.mkdir(parents=True)
        (benchmarks / "__init__.py").write_text("")
        (benchmarks / "kit.py").write_text(BENCHMARK)
        self.change_conf('"unladen:benchmarks"', '"suite/benchmarks"')

    def change_conf(self, old: str, new: str) -> None:
        conf = self.folder / "asv.conf.json"
        text = conf.read_text()
        assert old in text
        conf.write_text(text.replace(old, new))

    def hash_of(self, version: str) -> str:
        return git(self.folder / ".asv" / "tinykit.git", "rev-parse", version)

    def results_file(self, version: str) -> Path:
        found = self.folder / "results" / MACHINE
        return next(found.glob(f"{self.hash_of(version)[:8]}-*.json"))

    def record(self, version: str) -> Record:
        return Record.load(record_path(self.results_file(version)))

    def kept(self) -> list[Path]:
        return sorted(self.folder.glob(".asv/env/*/kept/*"))


def values(kit: Kit, version: str) -> dict[str, Any]:
    found = json.loads(kit.results_file(version).read_text())["results"]
    return {name.removeprefix("kit.track_"): (one[0] or [None])[0] for name, one in found.items()}


@pytest.fixture
def kit(asks_made_index: MadeIndex, tmp_path: Path) -> Kit:
    folder, home = tmp_path / "empty", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    return Kit(folder, home)


def files_in(folder: Path) -> Sequence[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "needs a package"),
        (("tinykit==1",), "is no package"),
        (("tinykit", "--every", "big"), "--every big"),
        (("tinykit", "--since", "soon"), "--since soon"),
        (("tinykit", "--since", "99"), "no release from 99 on"),
        (("tinykit", "--driver", "../x"), "is no name of a target"),
        (("tiny-nobody",), "No matching distribution"),
    ],
)
def test_what_cannot_be_added_leaves_nothing(
    kit: Kit, arguments: tuple[str, ...], why: str
) -> None:
    said = kit.said("releases", "add", *arguments, code=2)
    assert why in said
    assert said.count("\n") == 1
    assert files_in(kit.folder) == []


@pytest.mark.slow
def test_a_package_of_which_unladen_has_a_driver_is_driven_by_that(
    kit: Kit, made_index: MadeIndex
) -> None:
    for package, module in (("agno", "agno"), ("openai", "openai")):
        made_index.upload(package, "1.0.0", "2025-01-10", {f"{module}/__init__.py": ""})
    try:
        said = kit.said("releases", "add", "agno")
        assert "the driver is unladen's own, agno; with openai" in said
        assert "driver" not in files_in(kit.folder)
        assert 'needs = ["openai"]' in (kit.folder / "releases.toml").read_text()
        kit.said("patches", "build")
        repository = kit.folder / ".asv" / "agno.git"
        assert "openai==1.0.0" in git(repository, "show", "1.0.0:requirements.txt")
    finally:
        for package in ("agno", "openai"):
            made_index.remove(package, "1.0.0")


@pytest.mark.slow
def test_an_empty_folder_becomes_a_measured_history(kit: Kit, made_index: MadeIndex) -> None:
    said = kit.said("releases", "add", "tinykit", "--every", "patch")
    assert "1.2.0 of 2025-03-01: 2 packages; yanked: it leaks" in said
    assert "1.3.0: cannot be installed: " in said
    assert files_in(kit.folder) == [
        *(".gitignore", "asv.conf.json", "driver", "releases", "releases.toml"),
    ]
    assert 'imports=("tinykit",)' in (kit.folder / "driver" / "__init__.py").read_text()
    assert "is there already" in kit.said("releases", "add", "tinykit", code=2)
    kit.use_small_benchmarks()

    said = kit.said("run", "--machine", MACHINE, code=3)
    assert [values(kit, one)["value"] for one in ("1.0.0", "1.1.0", "2.0.0")] == [1, 2, 7]
    # Each commit is recorded with its own packages, not with those of the first that was measured.
    packages = {one: kit.record(one).environment.packages for one in ("1.0.0", "1.1.1", "1.2.0")}
    assert {name: one["tinykit"] for name, one in packages.items()} == {
        "1.0.0": "1.0.0",
        "1.1.1": "1.1.1",
        "1.2.0": "1.2.0",
    }
    assert [one.get("tinyhelper") for one in packages.values()] == [None, "1.1", None]
    assert [values(kit, one)["helper"] for one in ("1.1.0", "1.1.1")] == [1.0, 1.1]
    # What could not be installed is a commit whose reason is kept.
    assert values(kit, "1.4.0")["value"] is None
    reasons = {one.reason for one in kit.record("1.4.0").failed}
    assert len(reasons) == 1
    assert "tinynothing" in reasons.pop()
    assert len(kit.kept()) == 5

    # Names of versions, wherever a commit is shown or asked for.
    table = kit.said("table", "1.1.1", "--machine", MACHINE)
    assert table.startswith("tinykit at 1.1.1 of 2025-02-20")
    changes = kit.said("changes", "--machine", MACHINE)
    assert "2.0.0 2025-06-01 tinykit 2.0.0" in changes
    assert kit.hash_of("2.0.0")[:8] not in changes
    assert kit.hash_of("2.0.0")[:8] in kit.results_file("2.0.0").name

    # Nothing is measured again, or installed again.
    before = {one: one.stat().st_ino for one in kit.kept()}
    assert "have a good value" not in kit.said("run", "--machine", MACHINE, "2.0.0^!")
    assert {one: one.stat().st_ino for one in kit.kept()} == before

    # Stored values count for who has the same packages; two commits are measured side by side.
    done = kit.unladen("gate", "1.1.1", "2.0.0", *AT_ONCE, "--rounds", "6", "--json", "-")
    assert done.returncode == 1, done.stderr
    gate = json.loads(done.stdout)
    assert gate["stored_series"] == 4  # both exact ones, at both commits
    (seconds,) = (one for one in gate["findings"] if one["series"] == "kit.track_seconds")
    assert [seconds[side]["value"] for side in ("before", "after")] == [3.5, 7.5]
    assert {one: one.stat().st_ino for one in kit.kept()} == before

    # A new release is added on top; one that was deleted stays.
    made_index.upload(
        "tinykit", "2.1.0", "2025-07-01", {"tinykit/__init__.py": "def a(): return 9\n"}
    )
    made_index.remove("tinykit", "1.0.0")
    head = kit.hash_of("main")
    try:
        said = kit.said("releases", "update")
    finally:
        made_index.remove("tinykit", "2.1.0")
    assert "1.0.0 is on the index no more; its commit stays" in said
    assert "1 commit more" in said
    assert "is built again" in kit.said("patches", "build")
    assert kit.hash_of("2.1.0~1") == head == kit.hash_of("2.0.0")
    made_index.upload(
        "tinykit", "1.0.0", "2025-01-10", {"tinykit/__init__.py": "def a(): return 1\n"}
    )

    assert "removed 5 environments" in kit.said("releases", "clean")
    assert kit.kept() == []
