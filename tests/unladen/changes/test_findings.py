"""Of each capability what matters most is shown, on however low a terminal."""

from __future__ import annotations

from typing import Any

import pytest
from made_history import history, series
from terminals import Terminal, unstyled

from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.exact import find_exact_changes
from unladen.changes.findings import FINDINGS, findings, findings_text
from unladen.changes.lines import WIDTH
from unladen.changes.screen import findings_parts, show_blocks
from unladen.changes.summary import summary_blocks
from unladen.text.screen import Screen
from unladen.text.terminal import width

CAPABILITIES = ("alpha", "beta", "delta", "epsilon", "eta", "gamma", "zeta")


def report(*rows: tuple[Any, Any]) -> HistoryChanges:
    made = history(*rows)
    return group_changes(made, find_exact_changes(made))


def of_all() -> HistoryChanges:
    """Each capability has a change in a commit of its own; that of beta is the biggest."""
    rows = []
    for n, name in enumerate(CAPABILITIES):
        after = 100.0 if name == "beta" else 1.2 + n / 100
        values = [1.0] * (n + 1) + [after] * (len(CAPABILITIES) - n)
        rows.append((series(f"{name}.a_module.AVeryLongClass.track_a_long_name"), values))
    return report(*rows)


def test_the_biggest_regression_of_each_capability_is_found() -> None:
    found = findings(
        report(
            (series("alpha.m.C.track_small"), [1, 1.1, 1, 1]),
            (series("alpha.m.C.track_big"), [1, 1, 7, 1]),
            (series("beta.m.C.track_better"), [4, 4, 1, 1]),
            (series("gamma.m.C.track_same"), [4, 4, 4, 4]),
            (series("imports.C.track_of_all"), [1, 9, 9, 9]),
        )
    )
    assert [(row.commit, row.series, row.values) for row in found] == [
        ("00000002", "alpha.m.C.big", "1 -> 7"),
        ("00000002", "beta.m.C.better", "4 -> 1"),
    ]


def test_an_improvement_stands_for_no_regression_that_there_is() -> None:
    found = findings(
        report(
            (series("alpha.m.C.track_x"), [100, 1, 2]),
            (series("beta.m.C.track_x"), [1, 2, 2]),
        )
    )
    assert [row.values for row in found] == ["1 -> 2", "1 -> 2"]


def test_of_one_capability_nothing_is_said_twice() -> None:
    found = findings(report((series("alpha.m.C.track_x"), [1, 2])))
    assert found == []
    assert findings_text(found) == ""
    assert findings_parts(found) == []


def test_in_a_pipe_each_has_a_line() -> None:
    lines = findings_text(findings(of_all())).splitlines()
    assert lines[0] == f"{FINDINGS}:"
    assert [line.split()[1].partition(".")[0] for line in lines[1:]] == [*CAPABILITIES]
    assert max(map(width, lines)) <= WIDTH
    assert "1 -> 100" in lines[2]


@pytest.mark.parametrize("lines", [24, 50])
def test_on_a_low_terminal_each_has_a_line(lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", str(lines))
    found = of_all()
    stream = Terminal()
    above = ["parley: 8 commits measured", *findings_parts(findings(found))]
    below = ["18 values failed", "10 values are wrong", "The site: here", "Open this page first"]
    show_blocks(summary_blocks(found), Screen(stream, is_whole=False), above, below, "changes")
    shown = unstyled(stream.getvalue()).splitlines()
    assert len(shown) <= lines - 2
    at = shown.index(FINDINGS) + 1
    for line, name in zip(shown[at : at + len(CAPABILITIES)], CAPABILITIES, strict=True):
        assert line.split()[1].startswith(f"{name}.")
        assert " -> " in line
