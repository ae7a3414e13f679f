"""``unladen run --cluster`` on the tiny target, with real workers on this machine."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import kill_workers
import psutil
import pytest
from asv.results import Results
from tiny_project import MACHINE, TinyProject

pytestmark = pytest.mark.slow

RUN = ("--target", "tiny", "run", "--machine", MACHINE)
LINES = "ALL"


def values(project: TinyProject, series: str = "") -> dict[str, dict[str, str]]:
    """By commit, what is stored of the series whose names contain this."""
    return {
        results.commit_hash: {
            name: repr(results.get_result_value(name, results.get_result_params(name)))
            for name in results.get_all_result_keys()
            if series in name
        }
        for file in sorted(project.results.glob("*-*.json"))
        for results in [Results.load(str(file))]
    }


@pytest.fixture
def unmeasured(measured: TinyProject) -> TinyProject:
    """The tiny project with its environment and no results."""
    for file in measured.results.glob("*-*"):
        file.unlink()
    return measured


@contextmanager
def running(project: TinyProject, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command, its errors to be read line by line."""
    with subprocess.Popen(
        [sys.executable, "-m", "unladen", *RUN, *arguments],
        cwd=project.folder,
        env=project.variables(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The workers that a command has started."""
    children = psutil.Process(process.pid).children(recursive=True)
    return [one for one in children if any("spawn_main" in word for word in one.cmdline())]


def test_workers_measure_what_one_machine_does(measured: TinyProject, tmp_path: Path) -> None:
    expected = values(measured, "Work")
    for file in measured.results.glob("*-*"):
        file.unlink()
    done = measured.unladen(*RUN, "--cluster", "local:2", "--exact-only")
    assert done.returncode == 3, done.stdout + done.stderr
    assert values(measured) == expected
    assert "Measured 4 of 4 commits on 2 workers" in done.stdout
    assert "3 values failed; reasons in results/tiny/lab/" in done.stderr
    reasons = measured.unladen("--target", "tiny", "table", measured.history.commits["raising"])
    assert "b is broken" in reasons.stdout

    # The rest is measured here, and what is there is not measured again.
    done = measured.unladen(*RUN, "--cluster", "local:2", "--skip-existing")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Measured" not in done.stdout
    assert values(measured, "Work") == expected
    assert all(len(found) == 3 for found in values(measured).values())
    assert {
        value for value in values(measured, "seconds").values() for value in value.values()
    } == {"[0.0123]"}


def test_a_worker_that_dies_loses_nothing(unmeasured: TinyProject) -> None:
    with running(unmeasured, "--cluster", "local:2", "--exact-only") as process:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if " of 4: " in line and sum(" of 4: " in one for one in said) == 1:
                for worker in workers_of(process):
                    worker.kill()
        assert process.wait() == 3, said
    assert sorted(values(unmeasured)) == sorted(
        unmeasured.history.commits[name] for name in ("first", "unimportable", "raising", "good")
    )
    assert any("gone while it" in line for line in said)
    assert not any("Traceback" in line for line in said)


def test_a_worker_that_lies_is_named_and_gets_nothing(unmeasured: TinyProject) -> None:
    module = unmeasured.folder / "benchmarks" / "work.py"
    honest = "return getattr(_tiny(), scenario)()"
    lie = f'{honest} + ("slot-1" in __file__)'
    module.write_text(module.read_text().replace(honest, lie))
    done = unmeasured.unladen(*RUN, "--cluster", "local:2", "--exact-only")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Measured 4 of 4 commits on 1 worker" in done.stdout
    good = unmeasured.history.commits["good"]
    assert f"work.Work.track_value(a) at {good[:8]} is 4, here 3" in done.stderr
    assert values(unmeasured)[good] == {"work.Work.track_value": "[3, 4000000]"}


def test_the_command_dies_and_goes_on(unmeasured: TinyProject) -> None:
    with running(unmeasured, "--cluster", "local:2", "--exact-only") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if " of 4: " in line:
                break
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    gone, alive = psutil.wait_procs(family, timeout=60)
    assert (alive, bool(gone)) == ([], True)
    stored = values(unmeasured)
    files = {file: file.stat().st_mtime_ns for file in unmeasured.results.glob("*-*.json")}
    assert 1 <= len(stored) < 4
    done = unmeasured.unladen(*RUN, "--cluster", "local:2", "--exact-only", "--skip-existing")
    assert done.returncode == 3, done.stdout + done.stderr
    assert f"Measured {4 - len(stored)} of {4 - len(stored)} commits" in done.stdout
    assert {**values(unmeasured), **stored} == values(unmeasured)
    assert all(file.stat().st_mtime_ns == when for file, when in files.items())
    assert len(values(unmeasured)) == 4


def test_workers_the_scheduler_and_the_command_are_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--commits", "4", "--kills", "3", "--seed", "24"]
    assert kill_workers.main([str(tmp_path / "project"), *words]) == 0
    said = capsys.readouterr().out
    assert "4 commits, killed: " in said
    assert all(f"'{one}': 1" in said for one in ("worker", "scheduler", "command"))
    assert "0 wrong, 0 left over" in said
