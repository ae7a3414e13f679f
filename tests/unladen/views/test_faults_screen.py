"""The faults of many capabilities on one screen: the worst of each first, and of all the worst."""

from __future__ import annotations

import io

import pytest
from made_history import OUTCOMES, history, outcomes
from terminals import Terminal, unstyled

from unladen.text.screen import Screen
from unladen.text.terminal import width
from unladen.views.faults.model import Faults, faults_at, outcome_series
from unladen.views.faults.screen import show

COMMAND = "unladen faults --all"
HANG, CRASH, FINE = OUTCOMES.index("hang"), OUTCOMES.index("untyped crash"), 0


def faults(*rows: list[float]) -> list[Faults]:
    """Those of as many capabilities, ``c00`` and so on, with the outcomes of their cases."""
    names = [f"c{n:02}.faults.Run.track_outcome" for n in range(len(rows))]
    made = history(*((outcomes(name), [row]) for name, row in zip(names, rows, strict=True)))
    return [faults_at(made, one, 0) for one in outcome_series(made)]


def lines(found: list[Faults], stream: io.StringIO, is_whole: bool = False) -> list[str]:
    show(found, Screen(stream, is_whole), COMMAND)
    return unstyled(stream.getvalue()).splitlines()


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "26")


def titles(shown: list[str]) -> list[str]:
    """The capabilities in the order in which they are shown."""
    return [line[:3] for line in shown if ".faults.Run.outcome: " in line]


@pytest.mark.parametrize("columns", [60, 80, 100, 160])
@pytest.mark.parametrize("capabilities", [1, 2, 3, 5, 8, 40])
def test_all_of_it_is_one_screenful_whatever_number_of_capabilities(
    capabilities: int, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    found = faults(*[[float(HANG), float(CRASH), float(FINE)]] * capabilities)
    shown = lines(found, Terminal())
    assert len(shown) <= 24
    assert max(map(width, shown)) <= columns
    assert titles(shown) == [f"c{n:02}" for n in range(len(titles(shown)))]
    hidden = capabilities - len(titles(shown))
    last = " ".join(" ".join(shown[-2:]).split())
    assert last.endswith(f"; {hidden} more series: {COMMAND}" if hidden else f": {COMMAND}")
    told = sum(" hang " in line or " untyped crash " in line for line in shown)
    left = 2 * capabilities - told
    assert (f"{left} more not as expected, " in last) == (left > 0)
    assert f"{capabilities} others" in last
    assert left == 0 or len(shown) > 24 - 7, "another fault, with a title, would have fitted"


def test_the_worst_of_each_is_shown_then_the_worst_of_all_then_what_is_as_expected() -> None:
    found = faults([CRASH] * 3, [FINE] * 3, [CRASH, HANG, HANG], [FINE, HANG, FINE])
    whole = lines(found, Terminal(), is_whole=True)
    assert titles(whole) == ["c02", "c03", "c00", "c01"]
    assert whole[-1] == f"5 others: {COMMAND}"
    outcomes_shown = [one for line in whole for one in ("hang", "crash") if f"{one} " in line]
    assert outcomes_shown == ["hang", "hang", "crash", "hang", "crash", "crash", "crash"]


@pytest.mark.parametrize(
    ("rows", "shown", "last"),
    [
        (16, ["c01", "c02"], "6 more not as expected, 4 others; 2 more series"),
        (21, ["c01", "c02", "c00"], "1 more not as expected, 4 others; 1 more series"),
        (24, ["c01", "c02", "c00", "c03"], "4 others"),
    ],
)
def test_what_is_left_out_matters_least(
    rows: int, shown: list[str], last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINES", str(rows))
    found = faults([CRASH] * 3, [HANG] * 3, [HANG, CRASH, FINE], [FINE] * 3)
    said = lines(found, Terminal())
    assert titles(said) == shown
    assert said[-1] == f"{last}: {COMMAND}"
