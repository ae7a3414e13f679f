"""One command at a time: who is kept out, by what, and until when."""

from __future__ import annotations

import errno
import fcntl
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tiny_project import MACHINE, REPOSITORY_ROOT, TinyProject

from unladen.errors import UserError
from unladen.measure import lock


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    """No lock of one test is there in the next."""
    lock.release_all()
    yield
    lock.release_all()


@contextmanager
def holder(folder: Path, after: str = "") -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of ``folder`` until it is told to end, or is killed."""
    program = f"""
import subprocess, sys
from unladen.measure.lock import hold
sys.argv = ["/usr/bin/unladen", "--target", "tiny", "run", "NEW"]
hold({str(folder)!r}, "tiny")
{after}
print("held", flush=True)
sys.stdin.read()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY_ROOT)},
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def is_free(folder: Path) -> bool:
    """Whether a command could begin in ``folder`` now."""
    try:
        lock.hold(folder, "tiny")
    except UserError:
        return False
    lock.release_all()
    return True


def test_the_message_says_who_holds_the_lock_and_since_when(tmp_path: Path) -> None:
    with holder(tmp_path) as process, pytest.raises(UserError) as refused:
        lock.hold(tmp_path, "tiny")
    said = str(refused.value)
    assert said.startswith(f"`unladen --target tiny run NEW` (process {process.pid}) has been")
    assert f" measuring tiny since {time.strftime('%Y-')}" in said
    assert "\n" not in said


def test_of_two_targets_that_share_environments_one_is_named_to_the_other(tmp_path: Path) -> None:
    with holder(tmp_path), pytest.raises(UserError, match="tiny, whose environments other"):
        lock.hold(tmp_path / "." / "x" / "..", "other")


def test_a_module_that_was_run_is_called_by_its_packages_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/any/unladen/__main__.py", "run", "A..B C"])
    lock.hold(tmp_path, "tiny")
    assert json.loads((tmp_path / lock.FILE).read_text())["command"] == "unladen run 'A..B C'"
    lock.release_all()
    assert (tmp_path / lock.FILE).read_text() == ""


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 60_000, b"[]", b'{"command": 1}'])
def test_whatever_the_lock_file_holds_is_refused_in_one_line(
    tmp_path: Path, content: bytes
) -> None:
    with holder(tmp_path):
        (tmp_path / lock.FILE).write_bytes(content)
        with pytest.raises(UserError, match=r"another command is measuring in .*: wait until"):
            lock.hold(tmp_path, "tiny")


def test_a_command_of_bytes_that_are_no_text_can_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/any/unladen", "run", "\udcff"])
    lock.hold(tmp_path, "tiny")
    assert json.loads((tmp_path / lock.FILE).read_text())["command"] == "unladen run '\ufffd'"


def test_a_command_may_ask_again_for_what_it_holds(tmp_path: Path) -> None:
    lock.hold(tmp_path, "tiny")
    lock.hold(tmp_path, "tiny")
    lock.release_all()
    with holder(tmp_path):
        assert not is_free(tmp_path)


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_lock_ends_with_its_command_though_what_it_started_lives_on(
    tmp_path: Path, kind: signal.Signals
) -> None:
    start = "child = subprocess.Popen(['sleep', '600'], close_fds=False)\n"
    start += f"open({str(tmp_path / 'child')!r}, 'w').write(str(child.pid))"
    with holder(tmp_path, start) as process:
        child = int((tmp_path / "child").read_text())
        process.send_signal(kind)
        process.wait()
        try:
            os.kill(child, 0)
            assert is_free(tmp_path)
        finally:
            os.kill(child, signal.SIGKILL)


def test_forked_workers_neither_hold_the_lock_nor_are_kept_out(tmp_path: Path) -> None:
    fork = f"""
import multiprocessing, os, time
def work():
    hold({str(tmp_path)!r}, "tiny")
    with open({str(tmp_path / "partial")!r}, "w") as file:
        file.write(str(os.getpid()))
    os.rename(file.name, {str(tmp_path / "worker")!r})
    time.sleep(600)
worker = multiprocessing.get_context("fork").Process(target=work)
worker.start()
while not os.path.exists({str(tmp_path / "worker")!r}):
    time.sleep(0.01)
"""
    with holder(tmp_path, fork) as process:
        assert not is_free(tmp_path)
        process.kill()
        process.wait()
        worker = int((tmp_path / "worker").read_text())
        try:
            os.kill(worker, 0)
            assert is_free(tmp_path)
        finally:
            os.kill(worker, signal.SIGKILL)


def test_a_file_system_without_locks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    lock.hold(tmp_path, "tiny")
    lock.hold(tmp_path, "tiny")
    said = capsys.readouterr().err
    assert said.count("knows no locks") == 1
    assert '"env_dir"' in said


COMMANDS = [
    ["run", "--machine", MACHINE],
    ["run", "NEW"],
    ["continuous", "main~1", "main"],
    ["find", "main~3..main", "work.track_seconds"],
    ["demo"],
    ["gate", "main~1", "main"],
    ["confirm"],
    ["bisect", "work.track_seconds", "main~3", "main"],
    ["calibrate"],
    ["profile", "work.track_seconds"],
    ["setup"],
]


def stored(project: TinyProject) -> set[str]:
    """The results files of a project."""
    files = (project.folder / "results").rglob("*.json")
    return {path.name for path in files if path.name != "machine.json"}


@pytest.mark.slow
def test_every_command_that_measures_or_installs_ends_at_once(
    tmp_path: Path, shared: TinyProject
) -> None:
    project = shared.copy(tmp_path / "project")
    project.change_conf(env_dir="../../.asv/env")
    there = stored(project)
    with holder(project.folder / ".asv" / "env"):
        for command in COMMANDS:
            ended = project.unladen("--target", "tiny", *command)
            assert ended.returncode == 2, (command, ended.stdout, ended.stderr)
            (line,) = [one for one in ended.stderr.splitlines() if "has been measuring" in one]
            assert line.startswith("unladen: `unladen --target tiny run NEW` (process "), command
        plain = project.asv("--config", str(project.target / "asv.conf.json"), "run", "main^!")
        assert plain.returncode == 1
        assert "has been measuring tiny since" in plain.stdout + plain.stderr
        assert "Traceback" not in plain.stdout + plain.stderr
    assert sorted(path.name for path in (project.folder / ".asv" / "env").iterdir()) == [lock.FILE]
    assert stored(project) - there == set()


def test_this_process_is_no_worker() -> None:
    """Otherwise the tests above would prove nothing."""
    assert multiprocessing.parent_process() is None
