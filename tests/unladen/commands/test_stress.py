"""Three commands at once on one target, killed and continued at random: no value is stored under a
commit that does not have it. ``UNLADEN_STRESS`` says how often."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from interrupting import HUNG, locks_held
from tiny_project import REPOSITORY_ROOT, TinyProject, empty_history

pytestmark = [pytest.mark.slow, pytest.mark.rotated(name="longest", one_in=4)]

ROUNDS = int(os.environ.get("UNLADEN_STRESS", "2"))

COMMITS = 12

PATIENCE = 10.0
"""Seconds within which a command is killed, if it is."""

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, None)

BENCHMARKS = """
def track_first():
    import tiny
    return tiny.a()

def track_last():
    import tiny
    return tiny.a()

track_first.kind = track_last.kind = "exact"
track_first.unit = track_last.unit = "calls"
"""

NO_LOCKS = """
import errno, fcntl

def flock(*_):
    raise OSError(errno.ENOLCK, "No locks available")

fcntl.flock = flock
"""

UNLADEN = ("-m", "unladen", "--target", "tiny")
ASV = ("-m", "asv", "--config", "targets/tiny/asv.conf.json")

COMMANDS = (
    (*UNLADEN, "run", "--machine", "lab"),
    (*UNLADEN, "run", "ALL", "--machine", "lab"),
    (*UNLADEN, "continuous", "main~5", "main", "--machine", "lab"),
    (*UNLADEN, "find", "main~9..main", "work.track_last", "--machine", "lab"),
    (*UNLADEN, "gate", "main~7", "main~2", "--only", "exact", "--save"),
    (*UNLADEN, "bisect", "work.track_first", "main~8", "main~1"),
    (*ASV, "run", "main~4..main", "--machine", "lab"),
)
"""What is run beside each other: what measures in all its ways."""


@pytest.fixture
def project(measured: TinyProject, tmp_path: Path) -> TinyProject:
    """A target of a dozen commits, whose values are 10, 11... and whose files are of one size."""
    folder = tmp_path / "stressed"
    history = empty_history(folder)
    for n in range(COMMITS):
        code = {"lib/tiny/__init__.py": f"def a(): return {10 + n}\n"}
        history.commit(str(10 + n), code, n + 1)
    (measured.folder / "benchmarks" / "work.py").write_text(BENCHMARKS)
    for file in measured.results.parent.rglob("*-*.*"):
        file.unlink()
    return replace(measured, history=history)


def wrong_values(project: TinyProject) -> list[str]:
    """What is stored under a commit that does not have it."""
    values = {commit: int(name) for name, commit in project.history.commits.items()}
    wrong = []
    for file in project.results.parent.rglob("*-*.json"):
        stored = json.loads(file.read_text())
        column = stored["result_columns"].index("result")
        for series, row in stored["results"].items():
            if row[column] != [values[stored["commit_hash"]]]:
                wrong.append(f"{file.name}: {series}: {row[column]}")
    return wrong


def at_once(project: TinyProject, commands: Sequence[Sequence[str]], chance: random.Random) -> str:
    """Run these together, each killed or not; which ended how."""
    running = [
        subprocess.Popen(
            [sys.executable, *command],
            cwd=project.folder,
            env=project.variables(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        for command in commands
    ]
    ended = []
    for process, command in zip(running, commands, strict=True):
        # asv by itself may wait for ever after a SIGINT, for a server that it has just started.
        sent = chance.choice(SIGNALS if "unladen" in command else (signal.SIGKILL, None))
        try:
            _, errors = process.communicate(timeout=chance.uniform(0.2, PATIENCE))
        except subprocess.TimeoutExpired:
            if sent is not None:
                process.send_signal(sent)
            _, errors = process.communicate(timeout=None if sent is None else HUNG)
        if "has been measuring" in errors:
            assert process.returncode in (1, 2, -signal.SIGKILL), errors
            ended.append("kept out")
        else:
            assert "Traceback" not in errors, (command, errors)
            ended.append(str(process.returncode))
    return ", ".join(ended)


def test_no_value_is_stored_under_a_commit_that_does_not_have_it(project: TinyProject) -> None:
    env_dir = Path(json.loads((project.target / "asv.conf.json").read_text())["env_dir"])
    ends: Counter[str] = Counter()
    for number in range(ROUNDS):
        chance = random.Random(number)
        ends.update(at_once(project, chance.sample(COMMANDS, 3), chance).split(", "))
        assert wrong_values(project) == [], number
        assert locks_held(env_dir) == [], number
    print(f"{ROUNDS} rounds of three commands; how they ended: {dict(ends)}")
    done = project.unladen("--target", "tiny", "run", "--machine", "lab")
    assert done.returncode == 0, done.stdout + done.stderr
    assert wrong_values(project) == []
    assert len(list(project.results.glob("*-*.json"))) == COMMITS


def test_where_nothing_can_be_locked_the_proof_does(project: TinyProject, tmp_path: Path) -> None:
    """Two commands that share the checkout, as on some network file systems."""
    (tmp_path / "sitecustomize.py").write_text(NO_LOCKS)
    commands = [(*UNLADEN, "run", order, "--machine", "lab") for order in ("ALL", "main~6")]
    variables = project.variables(PYTHONPATH=os.pathsep.join([str(tmp_path), str(REPOSITORY_ROOT)]))
    running = [
        subprocess.Popen(
            [sys.executable, *command],
            cwd=project.folder,
            env=variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    said = [process.communicate()[1] for process in running]
    assert all("knows no locks" in one and "Traceback" not in one for one in said), said
    print([process.returncode for process in running], said)
    assert [one for one in wrong_values(project) if not one.endswith(("None", "[None]"))] == []
    done = project.unladen("--target", "tiny", "run", "--machine", "lab")
    assert done.returncode == 0, done.stdout + done.stderr
    assert wrong_values(project) == []


def test_what_is_looked_for_would_be_seen(project: TinyProject) -> None:
    """A wrong value that is there is found."""
    commit = project.history.commits["10"]
    done = project.unladen("--target", "tiny", "run", f"{commit}^!", "--machine", "lab")
    assert done.returncode == 0, done.stdout + done.stderr
    assert wrong_values(project) == []
    (file,) = project.results.glob("*-*.json")
    file.write_text(file.read_text().replace("[10]", "[11]", 1))
    assert len(wrong_values(project)) == 1
