"""The floor's service as a real process, as ``--process`` starts it, and the rows of the virtual
engine as ``unladen`` reads them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from loads.client import UserClient
from loads.spec import NoService, service_of
from mocks.worlds.service.endpoints import Kind, judge
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import User
from unladen.load.report import Collector
from unladen.load.rows import read_lines

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


@contextmanager
def serving(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "loads.server", "bare", *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            yield process, json.loads(line)["url"]
        finally:
            process.kill()


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def all_gone(left: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(left, timeout=PATIENCE)[1]


def test_it_serves_until_its_standard_input_ends() -> None:
    service = service_of("bare")
    with serving("--latency", "0.2", "--limit", "3") as (process, url):
        ask = ask_of(User(1), 1)
        user = UserClient(urlsplit(url), {})
        kinds = (Kind.CHAT, Kind.STREAM, Kind.HEALTH)
        for kind in kinds:
            endpoint = service.endpoint(kind)
            assert endpoint is not None
            verdict = judge(endpoint, ask, user.ask(endpoint, ask, PATIENCE))
            assert (kind, verdict.reason) == (kind, "")
        chat = service.endpoint(Kind.CHAT)
        assert chat is not None
        for _ in range(2):
            user.ask(chat, ask, PATIENCE)
        started = children(process)
        assert started
        output, errors = process.communicate(timeout=PATIENCE)  # which closes its input
        assert process.returncode == 0, errors
        assert all_gone(started)
    facts = json.loads(output)["facts"]
    assert facts["model_calls"] >= 4
    assert facts["model_refused"] >= 1
    assert facts["connections_left"] == 1  # this user's, who is still there
    assert (facts["killed"], facts["ended_by_itself"], facts["processes_left"]) == (0, 0, 0)
    assert facts["memory_bytes"] > 1_000_000
    assert facts["cpu_s"] > 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_it_leaves_no_server(how: signal.Signals) -> None:
    with serving() as (process, _):
        started = children(process)
        process.send_signal(how)
        process.wait(PATIENCE)
        assert all_gone(started)


def test_a_target_that_is_no_service() -> None:
    with pytest.raises(NoService, match="has no capability Service"):
        service_of("towow")


def virtual(seed: str) -> str:
    options = ("--users", "3", "--duration", "20", "--ramp-up", "1", "--limit", "60")
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.service.load", *options],
        cwd=ROOT,
        env={**os.environ, "UNLADEN_TARGET": "bare", "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_virtual_engine_speaks_as_the_report_reads() -> None:
    """Equal bytes for two hash seeds; and every row is understood."""
    printed = virtual("1")
    assert virtual("2") == printed
    collector = Collector()
    for line in read_lines(printed.splitlines()):
        collector.add(line)
    report = collector.report()
    assert report.is_whole
    assert report.plan.is_exact
    assert report.plan.limit_per_minute == 60
    assert report.total.requests > 10
    assert report.total.failed == 0
    assert report.kinds["chat"].calls_per_request == 1
    assert report.facts["model_calls"] == report.total.calls
    assert report.most_users == 3
