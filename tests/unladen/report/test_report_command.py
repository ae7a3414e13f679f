"""``unladen report`` on the committed results of parley."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from unladen.cli import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A conf with results, a repository that is nowhere, and a machine without a name."""
    monkeypatch.setenv("HOME", str(tmp_path))
    shutil.copytree(ROOT / "results" / "towow", tmp_path / "results")
    data = {
        "version": 1,
        "project": "towow",
        "repo": str(tmp_path / "nowhere"),
        "dvcs": "unladen",
        "branches": ["main"],
        "environment_type": "unladen",
        "results_dir": "results",
        "benchmark_dir": "b",
        "env_dir": "e",
        "html_dir": "h",
        "lock": "l",
        "import_root": ".",
        "plugins": [".unladen.plugin"],
    }
    path = tmp_path / "asv.conf.json"
    path.write_text(json.dumps(data))
    return path


def report(conf: Path, *arguments: str) -> int:
    return main(["--config", str(conf), "report", *arguments])


def test_without_output_it_prints_and_leaves_the_plots_out(
    conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(conf) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("# towow: performance and robustness\n")
    assert "*(Plot: " in printed.out
    order, shown = printed.err.splitlines()
    assert order.startswith("unladen: the commits are in the order of their authors' dates: ")
    assert order.endswith("no such folder; set UNLADEN_REPO_TOWOW=/path/to/clone")
    assert shown == (
        "unladen: shown is reference (unladen-py3.11): nothing is measured on this machine"
    )
    assert not list(conf.parent.glob("*.md"))


def test_output_is_written_with_its_plots_beside_it(
    conf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    assert report(conf, "--output", "deep/report.md") == 0
    written = tmp_path / "here" / "deep"
    text = (written / "report.md").read_text("utf-8")
    plots = sorted((written / "report").iterdir())
    assert plots
    for plot in plots:
        assert f"](report/{plot.name})" in text
        ET.fromstring(plot.read_text("utf-8"))


@pytest.mark.slow
def test_two_processes_write_the_same(conf: Path, tmp_path: Path) -> None:
    texts = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "unladen", "--config", str(conf), "report"],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
            check=True,
            capture_output=True,
        )
        texts.add(done.stdout)
    assert len(texts) == 1


def test_an_older_commit(conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(conf, "151faf96") == 0
    assert "at commit `151faf96`" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["beef"], "nothing is measured of a commit that begins with beef"),
        (["1"], "nothing is measured of a commit that begins with 1"),
        (["--machine", "nobody"], "nothing is measured of towow on nobody"),
    ],
)
def test_bad_usage_is_refused_in_one_line(
    conf: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert report(conf, *arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert said in printed.err


def test_a_damaged_results_file_is_remarked_on(
    conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = conf.parent / "results" / "reference"
    (folder / "151faf96-unladen-py3.11.json").write_text("{")
    assert report(conf) == 0
    printed = capsys.readouterr()
    assert "rests on 33 measured commits" in printed.out
    assert printed.err.count("skipped") == 1


def test_a_damaged_record_of_the_commit_is_remarked_on_once(
    conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = conf.parent / "results" / "reference"
    (folder / "34585e4e-unladen-py3.11.record").write_text("{")
    assert report(conf) == 0
    printed = capsys.readouterr()
    assert "On what machine it was measured is not recorded." in printed.out
    assert printed.err.count("34585e4e") == 1
