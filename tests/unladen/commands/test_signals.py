"""Commands that are interrupted, terminated or killed at random moments."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from interrupting import Ended, chosen_signal, count, digest, interrupted, locks_held, wait_for_text
from tiny_project import AT_ONCE, TinyProject, empty_history, git

from unladen.interrupts import INTERRUPTED

pytestmark = pytest.mark.slow

LATE = "unladen: interrupted; ended before all was cleaned up"

COMMITS = 14
STEP = 7
"""The commit from which on the stored values of the sampled series are higher: a suspect."""


@dataclass(frozen=True)
class Project:
    """A tiny project with results of all commits, which agree with the code but for one step."""

    tiny: TinyProject
    environments: Path

    @property
    def site(self) -> Path:
        """The published site."""
        return self.tiny.folder / "html" / "tiny"

    def forget(self, *names: str) -> None:
        """Remove the results of commits."""
        for name in names:
            for file in self.tiny.results.glob(f"{self.tiny.history.commits[name][:8]}-*"):
                file.unlink()

    def interrupted(self, command: str, at: float, sent: signal.Signals) -> Ended:
        """Run one of ``COMMANDS``."""
        return interrupted(self.tiny, ("--target", "tiny", *COMMANDS[command](self)), sent, at)


def _run(project: Project) -> tuple[str, ...]:
    return "run", "{c3}..{c6}".format(**project.tiny.history.commits)


def _gate(project: Project) -> tuple[str, ...]:
    commits = project.tiny.history.commits
    return "gate", commits["c3"], commits["c10"], "--rounds", "3", *AT_ONCE


CHANGED = "unladen: interrupted; the new site is there"
"""What a publish says that is interrupted when all is done but tidying up."""
TRIES = 60
"""At meeting a command while it is at work."""


def _demo(project: Project) -> tuple[str, ...]:
    project.forget("c4", "c5")
    return "demo", "--machine", "lab"


COMMANDS: dict[str, Callable[[Project], tuple[str, ...]]] = {
    "publish": lambda project: ("publish", "--no-pull"),
    "run": _run,
    "gate": _gate,
    "confirm": lambda project: ("confirm", "--again"),
    "demo": _demo,
}


@pytest.fixture
def project(
    tmp_path: Path, shared: TinyProject, first_run: subprocess.CompletedProcess[str]
) -> Project:
    """The project, which uses the environment of the session's."""
    assert first_run.returncode == 3, first_run.stdout + first_run.stderr
    history = empty_history(tmp_path / "clone")
    for n in range(COMMITS):
        code = f"def a(): return {3 + n // 9}\n\ndef b(): return 4000000\n\nNUMBER = {n}\n"
        history.commit(f"c{n}", {"lib/tiny/__init__.py": code}, n + 1)
    copied = shared.copy(tmp_path / "project")
    made = TinyProject(copied.folder, history, copied.home)
    _store(made, shared.results_file("good"), copied)
    env_dir = json.loads((made.target / "asv.conf.json").read_text())["env_dir"]
    return Project(made, Path(env_dir))


def _store(made: TinyProject, measured: Path, copied: TinyProject) -> None:
    """Results of every commit, by the pattern of those of one that was measured."""
    for file in copied.results.glob("*-*"):
        file.unlink()
    text = json.loads(measured.read_text())
    column = text["result_columns"].index("result")
    for n, commit in enumerate(made.history.commits.values()):
        date = int(git(made.history.folder, "show", "-s", "--format=%at", commit)) * 1000
        results = {name: list(row) for name, row in text["results"].items()}
        results["work.track_seconds"][column] = [0.0123 if n < STEP else 0.02]
        results["work.Work.track_value"][column] = [3 + n // 9, 4000000]
        stored = {**text, "commit_hash": commit, "date": date, "results": results}
        path = made.results / measured.name.replace(measured.name[:8], commit[:8])
        path.write_text(json.dumps(stored))
        shutil.copy(measured.with_suffix(".record"), path.with_suffix(".record"))


def assert_whole(project: Project, *known: dict[str, str]) -> None:
    """The site is one of those that are known; nothing else lies beside it."""
    assert digest(project.site) in known
    assert not [file for file in project.site.parent.iterdir() if ".publish-" in file.name]


@pytest.mark.rotated(name="signals", one_in=4)
@pytest.mark.parametrize("command", list(COMMANDS))
def test_interrupted_at_a_random_moment(
    project: Project, command: str, record_property: Callable[[str, object], None]
) -> None:
    published = project.interrupted("publish", 600, signal.SIGINT)
    assert published.code == 0, published.errors
    old = digest(project.site)
    first = project.interrupted(command, 600, signal.SIGINT)
    assert first.code in (0, 1), first.output + first.errors
    new = digest(project.site)
    chance = random.Random(os.environ.get("UNLADEN_SEED", command))
    latest, forced = 0.0, 0
    for number in range(count(1)):
        sent = chosen_signal(number)
        ended = project.interrupted(command, chance.uniform(0.05, first.seconds), sent)
        told = f"{command}, {sent.name}: {ended}"
        if ended.after is not None:
            latest = max(latest, ended.after)
            assert ended.code in (INTERRUPTED, first.code, *_before_python(sent)), told
        else:
            assert ended.code == first.code, told
        forced += ended.last_line == LATE
        if ended.code == INTERRUPTED:
            assert ended.last_line.startswith("unladen: interrupted"), told
            # An exception that is swallowed somewhere is told by Python; then it ends by force.
            assert ended.last_line == LATE or "Traceback" not in ended.errors, told
        assert ended.left == [], told
        assert locks_held(project.tiny.folder, project.environments) == []
        for file in project.tiny.results.iterdir():
            assert file.suffix == ".record" or json.loads(file.read_text()), file
        if command == "demo":
            new = digest(project.site) if ended.code == 0 else new
        if (project.site / "index.html").exists():
            assert_whole(project, old, new) if command != "demo" else assert_complete(project)
    record_property("longest_seconds_to_end", round(latest, 2))
    print(f"{command}: ended {latest:.2f} s after the signal at the latest, {forced} by force")


def _before_python(sent: signal.Signals) -> tuple[int, ...]:
    """The exit code of a process that got the signal before it could do anything about it."""
    return (-sent, 1)


def assert_complete(project: Project) -> None:
    """What is written last is there."""
    assert json.loads((project.site / "target.json").read_text())
    assert (project.site / "summary.json").is_file()
    assert "</html>" in (project.site / "index.html").read_text()


@pytest.mark.rotated(name="signals", one_in=4)
@pytest.mark.parametrize("command", ["publish", "run", "gate"])
def test_killed_at_a_random_moment_it_leaves_no_process(project: Project, command: str) -> None:
    published = project.interrupted("publish", 600, signal.SIGINT)
    assert published.code == 0, published.errors
    old = digest(project.site)
    chance = random.Random(os.environ.get("UNLADEN_SEED", command))
    for _ in range(count(1)):
        ended = project.interrupted(command, chance.uniform(0.5, 5), signal.SIGKILL)
        assert ended.left == []
        assert locks_held(project.tiny.folder, project.environments) == []
        assert digest(project.site) == old
    if command != "publish":
        return  # other results give another site
    again = project.interrupted("publish", 600, signal.SIGINT)
    assert again.code == 0, again.errors
    assert_whole(project, old)  # what the killed ones left is gone


@pytest.mark.parametrize("launch_method", ["spawn", "forkserver"])
def test_a_killed_run_ends_a_benchmark_that_hangs(
    measured: TinyProject, launch_method: str
) -> None:
    marker = measured.folder / "running"
    (measured.folder / "benchmarks" / "work.py").write_text(
        "import os, pathlib, time\n\n"
        "def track_seconds():\n"
        f"    pathlib.Path({str(marker)!r}).write_text(str(os.getpid()))\n"
        "    time.sleep(600)\n"
    )
    command = ["--target", "tiny", "run", "HEAD", "--launch-method", launch_method]
    with subprocess.Popen(
        [sys.executable, "-m", "unladen", *command],
        cwd=measured.folder,
        env=measured.variables(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        wait_for_text(marker, process)
        assert process.poll() is None
        process.kill()
    benchmark = int(marker.read_text())
    while Path(f"/proc/{benchmark}/cmdline").exists():
        time.sleep(0.05)


@pytest.mark.rotated(name="signals", one_in=4)
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("publish", "unladen: interrupted; the site is as it was"),
        ("gate", "unladen: interrupted; no results are saved"),
        ("confirm", "unladen: interrupted; no verdicts are saved"),
    ],
)
def test_it_says_what_is_kept(project: Project, command: str, said: str) -> None:
    ended = _interrupted_at_work(project, command)
    assert (ended.code, ended.last_line) == (INTERRUPTED, said)


def test_run_says_how_many_commits_are_kept(project: Project) -> None:
    """It measures three, so a fast machine has saved some of them by then."""
    before: dict[str, int] = {}
    ended = _interrupted_at_work(project, "run", lambda: before.update(_times_saved(project)))
    kept = sum(before.get(name) != at for name, at in _times_saved(project).items())
    said = {0: "no results are saved", 1: "the results of 1 commit are saved"}.get(
        kept, f"the results of {kept} commits are saved"
    )
    assert (ended.code, ended.last_line) == (INTERRUPTED, f"unladen: interrupted; {said}")


def _times_saved(project: Project) -> dict[str, int]:
    """When the results of each commit were written."""
    return {file.name: file.stat().st_mtime_ns for file in project.tiny.results.glob("*-*.json")}


def _interrupted_at_work(
    project: Project, command: str, before: Callable[[], None] = lambda: None
) -> Ended:
    """End it at a moment at which it is at work: not while Python imports, nor when it is done."""
    early, at = 0.0, 1.0
    for _ in range(TRIES):
        before()
        ended = project.interrupted(command, at, signal.SIGTERM)
        is_importing = ended.last_line == "unladen: interrupted" or ended.code == -signal.SIGTERM
        if is_importing or ended.last_line == LATE:
            early, at = at, at + 0.4
        elif ended.code != INTERRUPTED or ended.last_line == CHANGED:
            early, at = 0.9 * early, (early + at) / 2
        else:
            break
    return ended
