"""The mock endpoint's own command line: what it refuses."""

from __future__ import annotations

import pytest

from mocks.openai.__main__ import main
from mocks.openai.behaviour import Behaviour
from mocks.openai.server import serving
from mocks.worlds.negotiation.dialect import DIALECT


def refused(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """The one line that says what is wrong."""
    try:
        code: object = main(list(options))
    except SystemExit as end:
        code = end.code
    assert code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert line.startswith("unladen: ")
    return line


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "models.example.org", ""])
def test_another_address_must_be_meant(capsys: pytest.CaptureFixture[str], host: str) -> None:
    assert "add --allow-remote" in refused(capsys, "--host", host)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--port", "99999"], "a port is 0 to 65535"),
        (["--port", "-1"], "a port is 0 to 65535"),
        (["--port", "1000000000080"], "a port is 0 to 65535"),
        (["--latency=-1"], "a latency is"),
        (["--latency", "nan"], "a latency is"),
        (["--token-latency", "soon"], "a latency is"),
        (["--requests-per-minute", "0"], "a count is"),
        (["--reply-bytes", "99999999"], "a count is"),
        (["--fault", "flood"], "invalid choice: 'flood'"),
        (["--scenario", "none"], "--scenario must be one of plan, ask_one"),
        (["--capability", "juggling"], "invalid choice: 'juggling'"),
        (["--what"], "unrecognized arguments"),
    ],
)
def test_bad_options_are_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert said in refused(capsys, *options)


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Behaviour(DIALECT)) as server:
        port = str(server.port)
        assert "cannot listen at 127.0.0.1" in refused(capsys, "--port", port)


def test_an_address_that_is_not_ours(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--allow-remote", "--host", "192.0.2.1", "--port", "0"]
    assert "cannot listen at 192.0.2.1" in refused(capsys, *options)
