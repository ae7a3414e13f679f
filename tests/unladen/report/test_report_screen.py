"""A report on one screen: the findings first, and its sections in little room, however many."""

from __future__ import annotations

import io

import pytest
from terminals import Terminal, unstyled

from unladen.report.document import Bullets, Document, Paragraph, Section
from unladen.report.screen import show
from unladen.text.screen import Screen
from unladen.text.terminal import width

COMMAND = "unladen report --all"


def document(capabilities: int) -> Document:
    """A report with ten sections and five findings of each capability."""
    names = [f"Capability {n}" for n in range(capabilities)]
    findings = [(f"{name}: finding {n} that matters.",) for n in range(5) for name in names]
    titles = [f"{name}: what is asked at {n}" for name in names for n in range(10)]
    return Document(
        title=("sdk: performance and robustness",),
        commit="1" * 40,
        lead=[Paragraph(("Of many capabilities.",)), Bullets(findings)],
        sections=[Section(title, ()) for title in ["Method", *titles, "What was not measured"]],
    )


def said(stream: io.StringIO, capabilities: int, is_whole: bool = False) -> list[str]:
    show(document(capabilities), Screen(stream, is_whole), COMMAND)
    return unstyled(stream.getvalue()).splitlines()


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "26")


@pytest.mark.parametrize("columns", [60, 80, 100, 160])
@pytest.mark.parametrize("capabilities", [1, 2, 5, 8, 40])
def test_it_is_one_screenful_most_of_it_findings_whatever_number_of_capabilities(
    capabilities: int, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = said(Terminal(), capabilities)
    assert len(shown) <= 24
    assert max(map(width, shown)) <= columns
    findings = sum(" finding " in line for line in shown)
    left = 5 * capabilities - findings
    assert findings >= min(5 * capabilities, 12)
    more = f"{left} more findings and " if left else ""
    assert f"{more}{10 * capabilities + 2} sections: {COMMAND}" in shown


def test_the_sections_of_a_capability_are_counted_where_all_would_take_too_much() -> None:
    shown = " ".join(" ".join(said(Terminal(), 3)).split())
    grouped = "Capability 0 (10), Capability 1 (10), Capability 2 (10)"
    assert shown.endswith(f"{COMMAND} Method, {grouped}, What was not measured")
    assert said(Terminal(), 40)[-1].endswith("(10) +25")


def test_all_titles_are_told_where_there_is_room_for_them() -> None:
    (*_, last) = said(Terminal(), 0)
    assert last == "Method, What was not measured"
    whole = " ".join(" ".join(said(Terminal(), 3, is_whole=True)).split())
    assert "Capability 2: what is asked at 8, Capability 2: what is asked at 9, What was" in whole
