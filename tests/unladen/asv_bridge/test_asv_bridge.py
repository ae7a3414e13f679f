"""What we say of asv is so, and what we hand it does what its own does."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from asv import results as asv_results
from asv import util
from asv.benchmarks import Benchmarks
from asv.config import Config
from asv.results import Results
from tiny_project import TinyProject, write_history, write_project

from unladen.asv_bridge import results_guard
from unladen.asv_bridge.confs import conf_for, project_from
from unladen.errors import UserError
from unladen.project import project
from unladen.project.project import read_project
from unladen.store import benchmarks_file, owner, reasons, results_file
from unladen.store.json_files import write_json


@pytest.fixture
def unmeasured(tmp_path: Path) -> TinyProject:
    return write_project(tmp_path / "project", write_history(tmp_path / "history"))


def test_the_formats_are_those_of_this_asv() -> None:
    assert Benchmarks.api_version == benchmarks_file.VERSION
    assert Results.api_version == results_file.VERSION
    assert Config.api_version == project.VERSION
    assert reasons.TIMED_OUT == util.TIMEOUT_RETCODE


def test_what_asv_calls_a_user_s_error_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{")
    with pytest.raises(UserError, match="Error parsing JSON"):
        util.load_json(str(path))


def test_whose_a_folder_of_results_is_is_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(asv_results.log, "warning", said.append)
    owner.claim(tmp_path, "tiny")
    machine = tmp_path / "lab"
    machine.mkdir()
    write_json(machine / "machine.json", {"machine": "lab"}, 1)
    (machine / "0123abcd-env.json").write_text("{}")
    found = [(str(machine), "0123abcd-env.json", "lab")]

    skipped = f"Skipping results: could not load {tmp_path / 'machine.json'}"
    walk = inspect.unwrap(asv_results.iter_results_paths)
    assert list(walk(str(tmp_path))) == found
    assert said == [skipped]
    said.clear()
    ours = results_guard.of_machines(walk)
    assert list(ours(str(tmp_path))) == found
    assert list(ours(str(machine))) == found
    assert list(ours(str(tmp_path / "nowhere"))) == []
    assert said == []

    (tmp_path / "4567cdef-env.json").write_text("{}")  # of a machine that nobody describes
    assert list(ours(str(tmp_path))) == found
    assert said == [skipped]


@pytest.mark.slow
def test_plain_asv_shows_our_errors_in_one_line(tmp_path: Path, unmeasured: TinyProject) -> None:
    unmeasured.change_conf(lock="not-there.txt")
    conf = str(unmeasured.target / "asv.conf.json")
    done = unmeasured.asv("--config", conf, "run", "main^!", "--machine", "lab")
    assert done.returncode == 1
    assert "there is no lock file" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_project_survives_the_way_through_asv(
    unmeasured: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(unmeasured.target)
    read = read_project(unmeasured.target / "asv.conf.json")
    conf = conf_for(read)
    assert conf.results_dir == "../../results/tiny"
    assert project_from(conf) == read


def test_the_layers_below_the_bridge_load_without_asv() -> None:
    program = (
        "import sys, unladen.project.targets, unladen.store.results_file, unladen.store.verdicts\n"
        "print('asv' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr
