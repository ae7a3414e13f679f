"""``unladen mock-model``, started as users start it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import pytest
from tiny_project import REPOSITORY_ROOT

from unladen.commands.mock_model import OPTIONS

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "unladen", "mock-model"]


def variables(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(REPOSITORY_ROOT), **more}


@contextmanager
def started(
    folder: Path, *options: str, **more: str
) -> Iterator[tuple[subprocess.Popen[str], SplitResult]]:
    """The server's process and its URL."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *options],
        cwd=folder,
        env=variables(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A job that a script started in the background ignores SIGINT, and its children do too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert process.stdout is not None
        yield process, urlsplit(process.stdout.readline().strip())
    finally:
        process.kill()
        process.communicate()


def ask(url: SplitResult, key: str = "any") -> tuple[int, bytes]:
    """Status and body of a completion."""
    connection = HTTPConnection(url.hostname or "", url.port, timeout=60)
    body = {"model": "m", "messages": [{"role": "user", "content": "offer help for #d00003"}]}
    headers = {"Authorization": f"Bearer {key}"}
    connection.request("POST", f"{url.path}/chat/completions", json.dumps(body), headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content


def refused(folder: Path, *options: str) -> str:
    """The one line that says what is wrong."""
    done = subprocess.run(
        [*COMMAND, *options],
        cwd=folder,
        env=variables(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("unladen: ")
    return line


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_on_this_machine_until_it_is_interrupted(
    tmp_path: Path, how: signal.Signals
) -> None:
    # A user's own folder of that name must not be taken for ours.
    (tmp_path / "mocks").mkdir()
    (tmp_path / "mocks" / "__init__.py").write_text("raise SystemExit('not this one')")
    with started(tmp_path) as (process, url):
        assert (url.scheme, url.hostname, url.path) == ("http", "127.0.0.1", "/v1")
        status, body = ask(url)
        assert status == 200
        assert b"offers help for #d00003" in body
        process.send_signal(how)
        rest, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert (rest, errors) == ("", "unladen: the mock model has stopped\n")


def test_an_interrupt_does_not_wait_for_slow_replies(tmp_path: Path) -> None:
    with started(tmp_path, "--latency", "3600") as (process, url):
        connection = HTTPConnection(url.hostname or "", url.port, timeout=60)
        body = '{"model": "m", "messages": [{"role": "user", "content": "x"}]}'
        connection.request("POST", "/v1/chat/completions", body, {"Authorization": "Bearer any"})
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        connection.close()
    assert process.returncode == 0


def test_options_reach_the_server(tmp_path: Path) -> None:
    options = ["--fault", "error", "--fault-every", "2", "--latency=0.01", "--reply-bytes", "80"]
    with started(tmp_path, *options) as (_, url):
        assert [ask(url)[0] for _ in range(4)] == [200, 500, 200, 500]


def test_a_key_of_its_own_is_given_in_the_environment(tmp_path: Path) -> None:
    with started(tmp_path, UNLADEN_MOCK_KEY="sk-mine") as (process, url):
        assert ask(url, "sk-other")[0] == 401
        assert ask(url, "sk-mine")[0] == 200
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert "sk-mine" not in rest + errors


def test_who_allows_other_machines_is_told_so(tmp_path: Path) -> None:
    with started(tmp_path, "--host", "0.0.0.0", "--allow-remote") as (process, url):
        assert url.hostname == "0.0.0.0"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert errors.splitlines()[0] == "unladen: other machines can reach this mock model"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "add --allow-remote"),
        (["--port", "x"], "a port is 0 to 65535"),
        (["--what"], "unrecognized arguments"),
    ],
)
def test_bad_options_are_refused_in_one_line(tmp_path: Path, options: list[str], said: str) -> None:
    assert said in refused(tmp_path, *options)


def test_the_help_names_what_the_server_knows(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mocks.openai", "--help"],
        cwd=REPOSITORY_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    known = {word.strip("[],") for word in done.stdout.split() if word.startswith(("--", "[--"))}
    assert known - {"--help"} == {*OPTIONS, "--allow-remote"}
    assert not list(tmp_path.iterdir())
