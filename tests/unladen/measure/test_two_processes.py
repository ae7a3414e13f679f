"""``unladen demo --processes 2`` on the tiny target: two commits at a time, for real."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from asv.results import Results
from interrupting import wait_for_text
from tiny_project import TinyProject

from unladen.measure.second_process import second_env_dir as measure_env_dir
from unladen.project.project import read_project

pytestmark = pytest.mark.slow

DEMO = ("--target", "tiny", "demo", "--machine", "lab", "--processes")
GONE_S = 30.0


@pytest.fixture
def unmeasured(measured: TinyProject) -> TinyProject:
    """The tiny project with its environment and no results."""
    for file in measured.results.glob("*-*"):
        file.unlink()
    return measured


def second_env_dir(project: TinyProject) -> Path:
    """Where the environment of the second process is."""
    conf = project.target / "asv.conf.json"
    return measure_env_dir(read_project(conf))


def values(project: TinyProject) -> dict[str, dict[str, object]]:
    """Of each exact series, by commit."""
    return {
        file.name: {
            name: results.get_result_value(name, results.get_result_params(name))
            for name in results.get_all_result_keys()
            if "seconds" not in name
        }
        for file in sorted(project.results.glob("*-*.json"))
        for results in [Results.load(str(file))]
    }


def commits_told(errors: str) -> list[str]:
    """What the lines of progress say that this process measures."""
    return [line.rpartition(" ")[2] for line in errors.splitlines() if ": commit " in line]


def test_two_processes_measure_what_one_does(unmeasured: TinyProject) -> None:
    one = unmeasured.unladen(*DEMO, "1")
    assert one.returncode == 0, one.stdout + one.stderr
    expected = values(unmeasured)
    for file in unmeasured.results.glob("*-*"):
        file.unlink()

    two = unmeasured.unladen(*DEMO, "2")
    assert two.returncode == 0, two.stdout + two.stderr
    assert two.stdout == one.stdout
    assert values(unmeasured) == expected
    assert commits_told(two.stderr)[:2] == ["first", "raising"]
    assert {"unimportable", "good"}.isdisjoint(commits_told(two.stderr))
    log = second_env_dir(unmeasured).with_name("demo-2.log").read_text()
    assert "\nunladen: " not in log


def test_what_the_second_leaves_the_first_measures(unmeasured: TinyProject) -> None:
    folder = second_env_dir(unmeasured)
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("no folder")
    try:
        done = unmeasured.unladen(*DEMO, "2")
    finally:
        folder.unlink()
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(values(unmeasured)) == 4
    assert [*commits_told(done.stderr)][-2:] == ["unimportable", "good"]
    assert "Traceback" not in done.stderr
    assert "FileExistsError" in folder.with_name("demo-2.log").read_text()


def test_an_interrupt_ends_both(unmeasured: TinyProject) -> None:
    marker = unmeasured.folder / "running"
    commit = unmeasured.history.commits["good"]
    (unmeasured.folder / "benchmarks" / "work.py").write_text(
        "import os, pathlib, time\n\n"
        "def track_one():\n"
        f"    if os.environ['ASV_COMMIT'] == '{commit}':\n"
        f"        pathlib.Path({str(marker)!r}).write_text(str(os.getpid()))\n"
        "        time.sleep(600)\n"
        "    return 1\n\n"
        "track_one.kind = 'exact'\n"
        "track_one.demo = True\n"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "unladen", *DEMO, "2"],
        cwd=unmeasured.folder,
        env=unmeasured.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        wait_for_text(marker, process)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode == 130
    last = errors.splitlines()[-1]
    assert last == "unladen: interrupted; continue with unladen --target tiny demo"
    assert _ends(int(Path(marker).read_text()))


def _ends(process: int) -> bool:
    until = time.monotonic() + GONE_S
    while psutil.pid_exists(process) and time.monotonic() < until:
        time.sleep(0.05)
    return not psutil.pid_exists(process)
