"""What is built from this tree: one top-level package, the suite inside it, fit for an index."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
from made_wheel import ROOT, Built, Installed, output_of, run

ROOMS = ("benchmarks", "loads", "meters", "mocks", "targets")

pytestmark = pytest.mark.slow


def test_a_wheel_has_one_package_with_the_suite_inside(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        names = set(wheel.namelist())
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"unladen"}
    suite = "unladen/_suite"
    for name in (
        f"{suite}/asv.conf.json",
        f"{suite}/benchmarks/__init__.py",
        f"{suite}/loads/requirements.txt",
        f"{suite}/mocks/parley/patches/HEAD",
        f"{suite}/targets/parley/requirements.txt",
        "unladen/detection/null.json",
        "unladen/init/templates/github/unladen-gate.yml",
        "unladen/init/templates/gitignore",
        "unladen/load/criteria/spike.toml",
        "unladen/py.typed",
        "unladen/site/templates/base.html",
    ):
        assert name in names
    assert not [name for name in names if "__pycache__" in name]
    assert not [name for name in names if name.startswith(f"{suite}/targets/bare/")]


def test_an_index_takes_both(built: Built) -> None:
    command = (sys.executable, "-m", "twine", "check", "--strict")
    output_of(run(*command, str(built.wheel), str(built.sdist), cwd=ROOT))
    with tarfile.open(built.sdist) as sdist:
        tops = {name.split("/")[1] for name in sdist.getnames()}
    assert tops >= {*ROOMS, "unladen", "README.md", "hatch_build.py", "pyproject.toml"}


def test_what_an_index_shows(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(wheel.read(name).decode())
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    pages = {line.partition(",")[0] for line in metadata.get_all("Project-URL", [])}
    assert pages == {"Homepage", "Documentation", "Source", "Issues", "Changelog"}
    classifiers = metadata.get_all("Classifier", [])
    assert "Typing :: Typed" in classifiers


def test_the_rooms_of_the_suite_are_no_packages_of_an_environment(
    installed: Installed, tmp_path: Path
) -> None:
    """They would be overwritten by, or overwrite, another package of that name."""
    for room in ROOMS:
        done = installed.run("python", "-c", f"import {room}", cwd=tmp_path)
        assert f"ModuleNotFoundError: No module named '{room}'" in done.stderr
    assert installed.said("unladen", "--version", cwd=tmp_path).startswith("unladen ")
    assert "--port" in installed.said("unladen", "mock-model", "--help", cwd=tmp_path)


def test_nothing_is_measured_in_the_installed_suite(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("unladen", "--target", "parley", "table", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == ("unladen: there is no target 'parley'; known targets: none here\n")
