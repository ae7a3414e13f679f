"""``unladen load --url`` with Locust for real: a few seconds on this machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from made_service import Behaviour, served

sys.path.append(str(Path(__file__).resolve().parents[1] / "unladen"))
from interrupting import HUNG, outlived_by

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

QUICK = ("-u", "4", "-d", "3", "--ramp-up", "0.2", "--think", "0.1", "0.3", "--timeout", "20")


@pytest.fixture(scope="module")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Locust's environment is, made once. Without a package index the tests are skipped."""
    folder = tmp_path_factory.mktemp("caches")
    code = "from unladen.load.engines.locust_environment import locust_python; locust_python()"
    made = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        said = made.stderr.strip().splitlines()[-1]
        assert "pip cannot install Locust" in said, said
        pytest.skip(f"Locust's environment cannot be made here: {said}")
    return folder


@contextmanager
def started(
    folder: Path, caches: Path, *arguments: str, **variables: str
) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "unladen", "load", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(caches), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def load(folder: Path, caches: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, output, errors."""
    with started(folder, caches, *arguments) as process:
        output, errors = process.communicate(timeout=HUNG * 3)
    return process.returncode, output, errors


def rows(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "load-report" / "rows.jsonl").read_text().splitlines()
    return [found for line in lines if (found := json.loads(line))["t"] == "row"]


def accept(folder: Path, text: str) -> Sequence[str]:
    (folder / "accept.toml").write_text(f"[[criterion]]\n{text}\n")
    return "--accept", "accept.toml"


def test_users_of_one_process(tmp_path: Path, caches: Path) -> None:
    told = Behaviour(refuse={5: 429, 6: 503}, cut=(9,))
    with served(told) as url:
        met = accept(tmp_path, 'figure = "error_rate"\nbelow = 0.5')
        code, output, errors = load(tmp_path, caches, "--url", url, *QUICK, *met)
    assert code == 0, errors
    assert Counter(row["error"] for row in rows(tmp_path) if row["error"]) == {
        "quota": 1,
        "server": 1,
        "network": 1,
    }
    assert len(rows(tmp_path)) == len(told.asked) > 10
    assert {row["user"] for row in rows(tmp_path)} == {1, 2, 3, 4}
    assert all(row["started"] >= row["due"] >= 0 for row in rows(tmp_path))
    assert any(row["first_token"] for row in rows(tmp_path) if row["kind"] == "stream")
    report = json.loads((tmp_path / "load-report" / "load.json").read_text())
    assert report["most_users"] == 4
    assert report["plan"]["engine"] == "locust"
    assert f"{len(told.asked)} requests" in output


def test_an_open_load_of_two_workers(tmp_path: Path, caches: Path) -> None:
    """Each request is sent once, whichever worker it falls to."""
    profile = "users = 3\nduration_s = 3\narrivals_per_s = 8\ntimeout_s = 20\n"
    (tmp_path / "own.toml").write_text(profile)
    told = Behaviour()
    with served(told) as url:
        options = ("--url", f"{url}/v1", "--profile", "own.toml", "--workers", "2")
        not_met = accept(tmp_path, 'figure = "right_rate"\nabove = 1')
        code, _, errors = load(tmp_path, caches, *options, *not_met)
    assert code == 1, errors
    asked = [body["messages"][-1]["content"] for body in told.asked]
    assert len(asked) == len(set(asked)) == len(rows(tmp_path)) > 10
    dues = sorted(row["due"] for row in rows(tmp_path))
    assert dues[0] >= 0
    assert dues[-1] < 3
    # One process alone plays the same: what is due when depends on profile and seed only.
    with served(Behaviour()) as url:
        load(tmp_path, caches, "--url", url, "--profile", "own.toml")
    assert sorted(row["due"] for row in rows(tmp_path)) == dues


def test_where_nobody_listens(tmp_path: Path, caches: Path) -> None:
    with served(Behaviour()) as url:
        pass
    not_met = accept(tmp_path, 'figure = "error_rate"\nat_most = 0')
    code, output, errors = load(tmp_path, caches, "--url", url, *QUICK, *not_met)
    assert code == 1, errors
    assert {row["error"] for row in rows(tmp_path)} == {"network"}
    assert "100.00%" in output


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_it_leaves_no_process(
    tmp_path: Path, caches: Path, sent: signal.Signals
) -> None:
    """Even a kill, after which nobody is there to clean up."""
    temporary = tempfile.mkdtemp(prefix="unladen-")
    told = Behaviour()
    with served(told) as url:
        options = ("--url", url, "--workers", "2", *QUICK, "-d", "3600")
        with started(tmp_path, caches, *options, TMPDIR=temporary) as process:
            # The workers tell of a request when it is over, and of several at a time.
            while len(told.asked) < 60 and process.poll() is None:
                time.sleep(0.05)
            process.send_signal(sent)
            _, errors = process.communicate(timeout=HUNG)
        assert process.returncode == (130 if sent is not signal.SIGKILL else -sent), errors
        assert outlived_by(temporary) == []
    shutil.rmtree(temporary)
    assert len(rows(tmp_path)) > 0 or sent is signal.SIGKILL
