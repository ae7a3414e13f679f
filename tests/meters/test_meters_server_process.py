"""A server as a real process: ready, watched, terminated or killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from meters.server_process import Ending, NotReady, ServerProcess

PATIENCE = 60.0
"""Seconds, far more than a slow machine needs."""

POLITE = "import pathlib, time\npathlib.Path('ready').touch()\ntime.sleep(3600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + POLITE
WITH_WORKER = "import os, time\nif os.fork() == 0:\n    time.sleep(3600)\n" + POLITE


def started(folder: Path, code: str) -> ServerProcess:
    return ServerProcess(
        [sys.executable, "-c", code], folder=folder, variables={**os.environ}, log=folder / "log"
    )


def until_ready(server: ServerProcess, folder: Path) -> float:
    return server.wait_until_ready((folder / "ready").exists, PATIENCE)


def group_is_gone(group: int) -> bool:
    """Killed processes whose parent is gone are waited for by init, in its own time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        done = subprocess.run(
            ["ps", "-o", "stat=", "-g", str(group)], capture_output=True, text=True
        )
        if all(line.strip().startswith("Z") for line in done.stdout.splitlines()):
            return True
        time.sleep(0.05)
    return False


def test_it_is_terminated_if_that_is_enough(tmp_path: Path) -> None:
    with started(tmp_path, POLITE) as server:
        assert until_ready(server, tmp_path) > 0
        assert server.cpu_s() > 0
        (resident,) = server.resident_bytes()
        assert resident > 1_000_000
        end = server.stop(PATIENCE)
        assert (end.how, end.exit_code, end.left) == (Ending.TERMINATED, -15, 0)
        assert server.stop().how is Ending.BY_ITSELF


def test_it_is_killed_if_it_does_not_hear(tmp_path: Path) -> None:
    with started(tmp_path, STUBBORN) as server:
        until_ready(server, tmp_path)
        end = server.stop(0.2)
        assert (end.how, end.exit_code) == (Ending.KILLED, -9)
        assert end.seconds >= 0.2


@pytest.mark.slow
def test_what_it_leaves_is_killed_and_counted(tmp_path: Path) -> None:
    with started(tmp_path, WITH_WORKER) as server:
        until_ready(server, tmp_path)
        assert len(server.resident_bytes()) == 2
        end = server.stop(PATIENCE)
        assert (end.how, end.left) == (Ending.TERMINATED, 1)
        assert group_is_gone(server.group)


def test_one_that_ends_is_not_ready(tmp_path: Path) -> None:
    code = "print('no port'); raise SystemExit(3)"
    with started(tmp_path, code) as server, pytest.raises(NotReady, match="code 3: no port"):
        until_ready(server, tmp_path)


def test_one_that_takes_too_long_is_not_ready(tmp_path: Path) -> None:
    with (
        started(tmp_path, "import time; time.sleep(3600)") as server,
        pytest.raises(NotReady, match=r"was not ready after 0\.1 s"),
    ):
        server.wait_until_ready(lambda: False, 0.1)
    assert group_is_gone(server.group)


def test_it_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    """The one that started it is killed, and can clean up nothing."""
    starter = f"""
import os, pathlib, signal, sys
from meters.server_process import ServerProcess
server = ServerProcess([sys.executable, "-c", {POLITE!r}], folder=pathlib.Path({str(tmp_path)!r}),
                       variables=dict(os.environ), log=pathlib.Path({str(tmp_path / "log")!r}))
server.wait_until_ready(pathlib.Path({str(tmp_path / "ready")!r}).exists, {PATIENCE})
print(server.group, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", starter],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
    )
    assert done.returncode == -9, done.stderr
    assert group_is_gone(int(done.stdout))


def test_nor_do_its_workers(tmp_path: Path) -> None:
    """They are in its group, and would not notice by themselves that everybody else is gone."""
    starter = f"""
import os, pathlib, signal, sys
from meters.server_process import ServerProcess
folder = pathlib.Path({str(tmp_path)!r})
server = ServerProcess([sys.executable, "-c", {WITH_WORKER!r}], folder=folder,
                       variables=dict(os.environ), log=folder / "log")
server.wait_until_ready((folder / "ready").exists, {PATIENCE})
print(server.group, len(server.resident_bytes()), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", starter],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
    )
    group, processes = map(int, done.stdout.split())
    assert processes == 2
    assert group_is_gone(group)


BUSY = """
import pathlib, threading, time
def work():
    while time.thread_time() < 0.2:
        pass
thread = threading.Thread(target=work)
thread.start()
thread.join()
pathlib.Path("ready").touch()
time.sleep(3600)
"""


@pytest.mark.slow
def test_cpu_is_that_of_all_threads_those_that_have_ended_too(tmp_path: Path) -> None:
    with started(tmp_path, BUSY) as server:
        until_ready(server, tmp_path)
        before = server.cpu_s()
        assert before >= 0.2
        assert server.cpu_s() - before < 0.1  # it sleeps
