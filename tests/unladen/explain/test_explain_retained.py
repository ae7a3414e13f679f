"""A difference of retained memory is put down to the changed functions that allocate it."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_pairs import made_pair

from unladen.explain.code import Key
from unladen.explain.contexts import AllocationSite, Side, SiteFrame
from unladen.explain.retained import Retained, explain_retained
from unladen.explain.retained_text import retained_lines
from unladen.explain.run import CommitPair
from unladen.explain.sums import SumCause

OLD = "def ask(n):\n    return make(n)\n\n\ndef make(n):\n    return [0] * n\n"
NEW = "def ask(n):\n    return make(2 * n)\n\n\ndef make(n):\n    return [0] * n\n"
FILE = "sdk/a.py"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    return made_pair(tmp_path_factory.mktemp("retained"), {FILE: OLD}, {FILE: NEW})


def side(*sites: tuple[list[SiteFrame], int], reading: int = 0) -> Side:
    """What a commit retains; ``reading``: bytes besides."""
    total = sum(size for _, size in sites) + reading
    listed = [AllocationSite(frames, size) for frames, size in sites]
    return Side(total, "", [], sites=listed, retained=total)


MADE = [SiteFrame("library", "lib.py", 7), SiteFrame("own", FILE, 6), SiteFrame("own", FILE, 2)]
MODULE = [SiteFrame("library", "other.py", 9)]


def explained(pair: CommitPair, before: Side, after: Side) -> Retained:
    return explain_retained(before, after, pair.matching(), (pair.old, pair.new))


def test_it_is_the_nearest_changed_function_of_the_traceback(pair: CommitPair) -> None:
    found = explained(pair, side((MADE, 100), (MODULE, 8)), side((MADE, 300), (MODULE, 9)))
    assert (found.before, found.after, found.change, found.left_over) == (108, 309, 201, 0)
    cause, rest = found.causes
    assert (cause.key, cause.change) == (Key(FILE, "ask"), 200)
    gained, lost = cause.parts
    assert (gained.place.text, gained.place.where) == ("return make(2 * n)", "make")
    assert (gained.line, gained.change, lost.change) == (2, 300, -100)
    assert rest == SumCause(None, "", 1, rest.parts)
    assert rest.parts[0].place.where == "other.py"


def test_what_a_reading_takes_is_left_over(pair: CommitPair) -> None:
    found = explained(pair, side((MADE, 100)), side((MADE, 300), reading=54))
    assert (found.change, found.left_over) == (254, 54)


def test_as_text(pair: CommitPair) -> None:
    found = explained(pair, side((MADE, 100), (MODULE, 8)), side((MADE, 300), (MODULE, 8)))
    lines = retained_lines(found, pair, everything=False)
    assert any("1 ask" in line and "+200" in line and "100.0%" in line for line in lines)
    assert any("*2: return make(2 * n)" in line for line in lines)
    assert max(map(len, lines)) <= 100
    assert str(Path(FILE)) in lines[1]
