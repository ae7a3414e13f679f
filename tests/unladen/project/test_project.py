"""A conf is read once, with the types that its keys must have."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from tiny_project import CONF

from unladen.errors import UserError
from unladen.project.project import read_project
from unladen.project.suite import suite_root


def written(folder: Path, **changes: Any) -> Path:
    """A conf with these keys; None leaves one out."""
    path = folder / "asv.conf.json"
    path.write_text(json.dumps({k: v for k, v in {**CONF, **changes}.items() if v is not None}))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_project(path)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def test_it_is_what_the_conf_says(tmp_path: Path) -> None:
    project = read_project(written(tmp_path, install_command=["pip install ."], lock="a/lock"))
    assert project.name == "tiny"
    assert project.folder == tmp_path
    assert project.results_dir == tmp_path / "../../results/tiny"
    assert project.results == (tmp_path / "../../results/tiny").resolve()
    assert project.root == (tmp_path / "../..").resolve()
    assert (project.branches, project.paths) == (("main",), ("lib/tiny",))
    assert project.import_roots == ("lib",)
    assert project.lock == tmp_path / "a/lock"
    assert project.launch_method == "forkserver"
    assert project.is_installed_by_commands
    assert project.site_url == ""
    with pytest.raises(dataclasses.FrozenInstanceError):
        project.name = "other"  # type: ignore[misc]


def test_what_is_left_out_is_as_asv_has_it(tmp_path: Path) -> None:
    path = tmp_path / "asv.conf.json"
    path.write_text('{"version": 1, "repo": "r"}')
    project = read_project(path)
    assert (project.name, project.branches, project.paths) == ("project", (None,), ())
    assert (project.import_roots, project.lock, project.labels) == (("",), None, None)
    assert project.results_dir == tmp_path / "results"
    assert project.benchmark_dir == tmp_path / "benchmarks"
    assert (project.launch_method, project.is_installed_by_commands) == ("auto", False)


def test_comments_and_commas_at_the_end_are_none_of_it(tmp_path: Path) -> None:
    path = tmp_path / "asv.conf.json"
    path.write_text('{"version": 1, "repo": "r", // where it is\n "branches": [],}')
    assert read_project(path).branches == (None,)


def test_a_path_may_be_in_the_suite(tmp_path: Path) -> None:
    project = read_project(
        written(tmp_path, benchmark_dir="unladen:benchmarks", labels="unladen:x")
    )
    assert project.root == suite_root().resolve()
    assert project.labels == suite_root() / "x"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"results_dir": 7}, '"results_dir" must be a text'),
        ({"project": ["tiny"]}, '"project" must be a text'),
        ({"lock": {}}, '"lock" must be a text'),
        ({"project_url": 1.5}, '"project_url" must be a text'),
        ({"branches": "main"}, '"branches" must be a list of names'),
        ({"branches": ["main", ""]}, '"branches" must be a list of names'),
        ({"paths": ["lib", 3]}, '"paths" must be a list of paths'),
        ({"import_root": "/usr"}, '"import_root" must be a folder of the repository'),
        ({"import_root": {}}, '"import_root" must be a folder of the repository'),
        ({"import_root": "a/.."}, '"import_root" must be a folder of the repository'),
        ({"import_root": "a\n/../b"}, '"import_root" must be a folder of the repository'),
        ({"distribution": "-x"}, '"distribution" must be the name of a distribution'),
        ({"distribution": "x\n"}, '"distribution" must be the name of a distribution'),
        ({"import_root": ["src", "../x"]}, '"import_root" must be a folder of the repository'),
        ({"repo": None}, 'No repo specified: set "repo" to the git repository'),
        ({"version": None}, 'No version specified: set "version" to 1'),
        ({"version": 2}, '"version" must be 1'),
        ({"version": "1"}, '"version" must be 1'),
    ],
)
def test_what_is_not_as_it_must_be_is_named(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    assert said in refusal(written(tmp_path, **changes))


@pytest.mark.parametrize("content", [b"{", b"\xff{}", b"[" * 100_000, b"[1]", b"7", b'"x"', b""])
def test_what_is_no_conf_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "asv.conf.json"
    path.write_bytes(content)
    refusal(path)


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    assert "not found" in refusal(tmp_path / "asv.conf.json")
    (tmp_path / "asv.conf.json").mkdir()
    assert "not a readable conf" in refusal(tmp_path / "asv.conf.json")
