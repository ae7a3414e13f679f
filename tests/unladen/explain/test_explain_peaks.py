"""A difference of a peak is put down to who allocated what is alive then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_pairs import made_pair

from unladen.explain.code import Key
from unladen.explain.contexts import AllocationSite, Side, SiteFrame
from unladen.explain.foremost import told
from unladen.explain.peaks import Peak, explain_peak
from unladen.explain.retained_text import peak_lines
from unladen.explain.run import CommitPair

OLD = "def ask(n):\n    one = make(n)\n    return len(one)\n\n\ndef make(n):\n    return [0] * n\n"
NEW = OLD.replace("make(n)\n    return len", "make(2 * n)\n    return len")
FILE = "sdk/a.py"
MADE = [SiteFrame("own", FILE, 7), SiteFrame("own", FILE, 2)]
LOOP = [SiteFrame("asyncio", "asyncio/events.py", 9)]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    return made_pair(tmp_path_factory.mktemp("peak"), {FILE: OLD}, {FILE: NEW})


def side(made: int, peak: int, at: int) -> Side:
    sites = [AllocationSite(MADE, made), AllocationSite(LOOP, 50)]
    return Side(peak, "", [], sites=sites, retained=peak, at=[*LOOP, SiteFrame("own", FILE, at)])


def explained(pair: CommitPair, before: Side, after: Side) -> Peak:
    return explain_peak(before, after, pair.matching(), (pair.old, pair.new))


def test_parts_and_what_is_left_over_add_up(pair: CommitPair) -> None:
    found = explained(pair, side(100, 150, 7), side(900, 953, 7))
    (cause,) = found.causes
    assert (cause.key, cause.change, found.left_over) == (Key(FILE, "ask"), 800, 3)
    assert cause.change + found.left_over == found.change == 803
    assert cause.parts[0].place.where == "make"


def test_the_text_says_where_the_peak_is_reached(pair: CommitPair) -> None:
    same = peak_lines(explained(pair, side(100, 150, 7), side(900, 950, 7)), pair, everything=True)
    assert same[0] == "  the peak is reached in make at 7: return [0] * n"
    moved = peak_lines(explained(pair, side(100, 150, 3), side(900, 950, 7)), pair, everything=True)
    assert moved[:2] == [
        "  the peak is reached in ask at 3: return len(one)",
        "  and now in make at 7: return [0] * n",
    ]
    assert any("1 ask" in line and "+800" in line and "100.0%" in line for line in moved)
    nowhere = replace(side(100, 150, 7), at=LOOP)
    unknown = peak_lines(explained(pair, nowhere, nowhere), pair, everything=True)
    assert unknown[0].endswith("reached in no function of the SDK's")


def test_its_short_form(pair: CommitPair) -> None:
    (first,) = told(explained(pair, side(100, 150, 7), side(900, 950, 7)))
    assert (first.key, first.change) == (Key(FILE, "ask"), "+800 bytes")
