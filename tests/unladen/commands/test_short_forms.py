"""On a terminal a screenful, what matters most first; in a pipe, and with ``--all``, all of it as
it ever was."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable

import pytest
from asv.console import log
from terminals import Terminal, in_a_pipe, on_terminal, unstyled

from unladen.cli import main
from unladen.text.names import shown_name
from unladen.text.terminal import width

pytestmark = pytest.mark.slow

WORDS = ("--target", "bare")
Said = Callable[..., str]
COMMANDS = ("table", "faults", "report")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    """What a command prints on a stream."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")

    def run(stream: io.StringIO, *words: str, columns: int = 80, lines: int = 30) -> str:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("LINES", str(lines))
        log.flush()  # asv ends a line that another test began
        monkeypatch.setattr(sys, "stdout", stream)
        assert main([*WORDS, *words]) == 0
        return stream.getvalue()

    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_gets_what_all_prints_on_a_terminal(command: str, said: Said) -> None:
    piped = said(io.StringIO(), command)
    assert len(piped.splitlines()) > 100
    assert said(Terminal(), command, "--all", columns=60) == piped
    assert said(io.StringIO(), command, "--all", columns=60) == piped


@pytest.mark.rotated(each="command")
@pytest.mark.parametrize("columns", [60, 80, 100, 160])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_terminal_gets_a_screenful(command: str, columns: int, said: Said) -> None:
    shown = unstyled(said(Terminal(), command, columns=columns, lines=26))
    lines = shown.splitlines()
    assert len(lines) <= 24
    assert max(map(width, lines)) <= columns
    assert f"unladen --target bare {command} --all" in " ".join(shown.split())
    whole = unstyled(said(Terminal(), command, "--short", columns=columns)).splitlines()
    assert len(whole) >= len(lines)


def test_the_short_form_of_a_table_has_a_row_for_each_series(said: Said) -> None:
    rows = json.loads(said(io.StringIO(), "table", "--json"))[0]["rows"]
    shown = said(io.StringIO(), "table", "--short")
    assert "\x1b" not in shown
    measured = {row["series"] for row in rows if row["status"] != "missing"}
    # A long name goes on in the next line, where values begin in none.
    begun = [line.split()[0] for line in shown.splitlines() if "  " in line.strip()]
    shown_names = sorted(map(shown_name, measured))
    assert all(any(name.startswith(one) for one in begun) for name in shown_names)
    assert len(shown.splitlines()) < 2 * len(measured)


def test_what_prints_all_is_of_the_same_series_and_results(said: Said) -> None:
    chosen = ("--series", r"imports\.", "--machine", "reference")
    shown = unstyled(said(Terminal(), "table", *chosen, columns=100, lines=12))
    whole = r"unladen --target bare table --all --series 'imports\.' --machine reference"
    assert whole in " ".join(shown.split())


@pytest.mark.slow
def test_a_real_terminal_and_a_real_pipe() -> None:
    piped = in_a_pipe([*WORDS, "faults"], {"FORCE_COLOR": "1"})
    assert "\x1b" not in piped
    assert on_terminal([*WORDS, "faults", "--all"], 60, 20) == piped
    shown = on_terminal([*WORDS, "faults"], 80, 60)  # each series with a fault fits
    assert "\x1b[31m" in shown
    assert len(shown.splitlines()) in (57, 58)  # one more fault takes up to two lines
    assert "\x1b[31m" not in on_terminal([*WORDS, "faults"], 80, 60, {"NO_COLOR": "1"})
