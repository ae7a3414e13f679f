"""Tables on terminals of any width: nothing that matters is cut, and no text is obeyed."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from terminals import Terminal, unstyled

from unladen.text.screen import PIPE_WIDTH, Column, Grid, Screen, StyledText
from unladen.text.terminal import first_of, fitted, printable, width

WIDTHS = (60, 80, 100, 160)
COLUMNS = (Column("series", folds=True), Column("values", folds=True), Column("change"))
HOSTILE = (
    "[red]markup[/red] and [link=http://x]a[/link]",
    ":smile: :warning:",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "bell\x07back\x08space\x00nul",
    "\u65e5\u672c\u8a9e\u306e\u540d\u524d\u306f\u5e83\u3044",
    "lone \ud800 surrogate",
    "a\u0301ccents and a\u200bzero \u202eright to left",
    "x" * 300,
)


def printed(stream: io.StringIO, *parts: Grid | str, is_whole: bool = True) -> str:
    Screen(stream, is_whole=is_whole).print(*parts)
    return stream.getvalue()


def dense(text: str) -> str:
    """Without what folding adds and takes away."""
    return "".join(unstyled(text).split())


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LINES", "20")


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_table_cuts_nothing_and_obeys_nothing(
    name: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    row = (name, StyledText(name, "red"), "12.3 % worse")
    text = printed(Terminal(), Grid(COLUMNS, [row, ("short", "3 s -> 5 s", "x2")]))
    shown = unstyled(text)
    assert max(map(width, shown.splitlines())) <= columns
    assert "12.3 % worse" in shown
    assert "\x1b" not in shown
    assert not {c for c in shown if not c.isprintable()} - {"\n"}
    assert text.encode()


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("name", [*HOSTILE, "".join(f"part{n}." for n in range(40))])
def test_a_long_name_is_folded_and_read_whole(
    name: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    grid = Grid((Column("", folds=True), Column("")), [(name, "")])
    assert dense(printed(Terminal(), grid)) == dense(printable(name))


def test_no_name_is_markup() -> None:
    grid = Grid((Column("[bold]head[/]"),), [("[red]a[/red] :smile:",)])
    assert unstyled(printed(Terminal(), "[green]above[/]", grid)).split() == [
        "[green]above[/]",
        "[bold]head[/]",
        "[red]a[/red]",
        ":smile:",
    ]


def test_a_terminal_has_colours_unless_they_are_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = Grid((Column("head"),), [(StyledText("bad", "red"),)])
    assert "\x1b[31mbad" in printed(Terminal(), grid)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31m" not in printed(Terminal(), grid)


@pytest.mark.parametrize("force", [{}, {"FORCE_COLOR": "1"}, {"TTY_COMPATIBLE": "1"}])
def test_a_pipe_gets_plain_text(force: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in force.items():
        monkeypatch.setenv(name, value)
    text = printed(io.StringIO(), Grid(COLUMNS, [("a" * 200, StyledText("bad", "bold red"), "x2")]))
    assert "\x1b" not in text
    assert max(map(width, text.splitlines())) == PIPE_WIDTH


@pytest.mark.parametrize("lines", [1, 12, 40])
def test_a_screenful_is_as_many_rows_as_fit(lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", str(lines))
    monkeypatch.setenv("COLUMNS", "80")

    def parts(number: int) -> Sequence[str]:
        return ["head", *(f"row {n}" for n in range(number)), f"{100 - number} more"]

    stream = Terminal()
    screen = Screen(stream, is_whole=False)
    screen.show(parts, 100)
    said = stream.getvalue().splitlines()
    assert len(said) == max(lines - 2, 8)
    assert said[-1] == f"{100 - (len(said) - 2)} more"


def test_one_row_is_shown_however_low_the_terminal_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "2")
    screen = Screen(Terminal(), is_whole=False)
    assert screen.fitting(lambda number: ["line"] * 30, 5) == 1
    assert screen.fitting(lambda number: ["line"] * 30, 0) == 0


def test_all_is_shown_where_no_terminal_sets_a_limit() -> None:
    assert (
        Screen(io.StringIO(), is_whole=True).fitting(lambda number: ["line"] * number, 500) == 500
    )


@pytest.mark.parametrize("columns", range(12))
def test_text_is_cut_by_columns_and_not_by_letters(columns: int) -> None:
    for text in ("\u65e5\u672c\u8a9e\u306e\u540d\u524d", "plain and long", "a\u0301" * 9):
        assert width(fitted(text, columns)) <= columns


def test_the_first_of_many_are_named_and_the_others_counted() -> None:
    assert first_of(["20", "50", "100"], 9) == "20, 50 +1"
    assert first_of(["1, 2", "3, 4"], 20) == "1, 2; 3, 4"
    assert first_of(["a" * 30, "b"], 10) == "2 cells"
    assert first_of([""], 10) == ""
