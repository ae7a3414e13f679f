"""``unladen demo`` on the tiny target: asv runs for real."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from asv.results import Results
from interrupting import wait_for_text
from tiny_project import TinyProject

from unladen.load.keeping import write_load
from unladen.results.loads import KeptLoad
from unladen.text.progress import Progress, minutes

WIPE, UP = "\x1b[2K", "\x1b[1A"

DEMO = ("--target", "tiny", "demo", "--machine", "lab")
IN_SCOPE = ("first", "unimportable", "raising", "good")


@pytest.fixture
def unmeasured(measured: TinyProject) -> TinyProject:
    """The tiny project with its environment and no results."""
    for file in measured.results.glob("*-*"):
        file.unlink()
    return measured


def stored(project: TinyProject) -> dict[str, dict[str, int]]:
    """When each series was measured, by commit."""
    return {
        file.name: dict(Results.load(str(file)).started_at)
        for file in sorted(project.results.glob("*-*.json"))
    }


@pytest.mark.slow
def test_a_demo_measures_publishes_and_tells_and_does_it_once(unmeasured: TinyProject) -> None:
    first = unmeasured.unladen(*DEMO)
    assert first.returncode == 0, first.stdout + first.stderr
    names = [line.split(": ", 1)[1] for line in first.stderr.splitlines() if "passed" in line]
    commits = unmeasured.history.commits
    assert names == [
        f"commit {n} of 4: {commits[name][:8]} {name}" for n, name in enumerate(IN_SCOPE, 1)
    ]
    assert set(stored(unmeasured)) == {unmeasured.results_file(name).name for name in IN_SCOPE}
    assert first.stdout.startswith("tiny: 4 commits measured on lab, 4 of them now\n")
    assert f"{commits['unimportable'][:8]} unimportable" in first.stdout
    assert "1 -> FAILED" in first.stdout
    assert "values failed; unladen --target tiny table COMMIT gives the reasons" in first.stdout
    index = unmeasured.folder / "html" / "tiny" / "index.html"
    assert f"The site: {index}\n" in first.stdout
    portal = index.parents[1] / "index.html"
    assert first.stdout.endswith(f"Open this page first: {portal}\n")
    assert "unimportable" in portal.read_text()
    assert "·" not in first.stdout  # nothing of asv's
    before, published = stored(unmeasured), index.stat().st_mtime_ns

    second = unmeasured.unladen(*DEMO)
    assert second.returncode == 0, second.stdout + second.stderr
    assert second.stdout == first.stdout.replace(", 4 of them now", ", 0 of them now")
    assert " commit " not in second.stderr
    assert stored(unmeasured) == before
    assert index.stat().st_mtime_ns == published

    for keep in (_keep_triage, _keep_explanation, _keep_load):
        published = index.stat().st_mtime_ns
        keep(unmeasured)
        third = unmeasured.unladen(*DEMO)
        assert third.returncode == 0, third.stdout + third.stderr
        assert index.stat().st_mtime_ns > published, keep


def _keep_triage(project: TinyProject) -> None:
    project.results.with_name("triage.json").write_text('{"version": 1, "entries": []}')


def _keep_explanation(project: TinyProject) -> None:
    project.results_file("good").with_suffix(".explained").write_text("{}")


def _keep_load(project: TinyProject) -> None:
    (folder := project.folder / "targets" / "tiny" / "loads").mkdir(parents=True)
    load = KeptLoad(
        target="tiny",
        commit=project.history.commits["good"],
        options=["--keep=crowd"],
        engine="virtual",
        profile="crowd",
        seconds=60.0,
        figures={"requests": 5.0},
    )
    write_load(folder / "crowd.json", load)


@pytest.mark.slow
def test_a_demo_that_is_interrupted_goes_on_where_it_was(unmeasured: TinyProject) -> None:
    marker, block = unmeasured.folder / "running", unmeasured.folder / "block"
    commit = unmeasured.history.commits["raising"]
    (unmeasured.folder / "benchmarks" / "work.py").write_text(
        "import os, pathlib, time\n\n"
        "def track_one():\n"
        f"    if os.environ['ASV_COMMIT'] == '{commit}' and os.path.exists({str(block)!r}):\n"
        f"        pathlib.Path({str(marker)!r}).write_text('here')\n"
        "        time.sleep(600)\n"
        "    return 1\n\n"
        "track_one.kind = 'exact'\n"
        "track_one.demo = True\n"
    )
    block.write_text("")
    with subprocess.Popen(
        [sys.executable, "-m", "unladen", *DEMO],
        cwd=unmeasured.folder,
        env=unmeasured.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A job that a script started in the background ignores SIGINT, and its children do too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        wait_for_text(marker, process)
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate()
    assert process.returncode == 130
    assert said == ""
    last = errors.splitlines()[-1]
    assert last == "unladen: interrupted; continue with unladen --target tiny demo"
    before = stored(unmeasured)
    assert set(before) == {unmeasured.results_file(n).name for n in ("first", "unimportable")}

    block.unlink()
    again = unmeasured.unladen(*DEMO)
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stdout.startswith("tiny: 4 commits measured on lab, 2 of them now\n")
    after = stored(unmeasured)
    assert len(after) == 4
    assert {name: after[name] for name in before} == before


@pytest.mark.slow
def test_what_goes_wrong_is_one_line_that_names_the_output_of_asv(unmeasured: TinyProject) -> None:
    (unmeasured.folder / "benchmarks" / "work.py").write_text("import nothing_of_the_kind\n")
    failed = unmeasured.unladen(*DEMO)
    assert failed.returncode == 2
    last = failed.stderr.splitlines()[-1]
    assert last.startswith("unladen: ")
    assert "Traceback" not in failed.stdout + failed.stderr
    log = Path(last.partition("(asv's own output is in ")[2].partition(")")[0])
    assert "nothing_of_the_kind" in log.read_text()


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_progress_line_tells_time_passed_and_left() -> None:
    now = 0.0
    stream = Terminal()
    progress = Progress(stream, lambda: now)
    progress.stage("preparing")
    now = 5.0
    progress.count(3)
    progress.begin("a one")
    now = 65.0
    progress.finish()
    progress.begin("b two")
    progress.tick()
    now = 70.0
    progress.tick()
    progress.end()
    *drawn, _, wiped = stream.getvalue().split("\r")
    assert [line.removeprefix(WIPE) for line in drawn] == [
        "0:00 preparing",
        "0:05 passed: commit 1 of 3: a one",
        "1:05 passed, about 2:00 left: commit 2 of 3: b two",
        "1:10 passed, about 2:10 left: commit 2 of 3: b two",
    ]
    assert wiped == f"{UP}{WIPE}"


def test_the_progress_line_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    progress = Progress(stream, lambda: 0.0)
    progress.begin("x" * 100)
    (line,) = stream.getvalue().split("\r")
    assert len(line) <= 30
    assert "xxx" in line


def test_the_progress_line_obeys_nothing_in_what_it_tells() -> None:
    stream = Terminal()
    progress = Progress(stream, lambda: 0.0)
    progress.begin("abc [red]markup[/] :smile: \x1b[31m\x07 \ud800 \u65e5\u672c")
    assert stream.getvalue().encode()
    assert "[red]markup[/] :smile:" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
    assert "\x07" not in stream.getvalue()


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (3725, "62:05")])
def test_time_is_told_in_minutes(seconds: float, text: str) -> None:
    assert minutes(seconds) == text
