"""The page about scaling, of a capability of which several things grow, over sizes of their own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pytest
from chromium import Page
from made_target import CAPABILITY, Made, Target, publish_all
from published import Site

pytestmark = pytest.mark.slow

NONE = math.nan


def growing(name: str, axes: Mapping[str, Sequence[str]], rows: Sequence[Sequence[float]]) -> Made:
    said = {"roles": dict.fromkeys(axes, "size")}
    return Made(f"{CAPABILITY}.{name}", "exact", "bytecodes", "work", axes, rows, said=said)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Three commits: nothing at the first one, agents at the next two, words at the last one."""
    agents, words = {"agents": ["5", "500"]}, {"words": ["20", "30", "2000"]}
    made = [
        growing("scaling.Agents.track_sdk_bytecodes", agents, [[NONE, NONE], [10, 1e3], [10, 1e3]]),
        growing("scaling.Agents.track_bytecodes", agents, [[NONE, NONE], [20, 2e3], [20, 2e3]]),
        growing("texts.Long.track_sdk_bytecodes", words, [[NONE] * 3, [NONE] * 3, [7, 8, 9]]),
    ]
    subjects = [(f"Change number {n}", "Ann") for n in range(3)]
    return Site(publish_all(tmp_path_factory.mktemp("growing"), [Target("sdk", subjects, made)]))


def _open(look: Page, site: Site, number: int) -> list[str]:
    """The page at a commit; what its tables say, each with its heads and rows."""
    commits = [one["commit"] for one in reversed(site.changes("sdk")["commits"])]
    look.open(site.root / "sdk" / "scaling.html", f"#{commits[number]}")
    look.wait("#exponents table, #exponents .notice")
    return [table.text for table in look.driver.find_elements("css selector", "#exponents table")]


def test_what_grows_over_other_sizes_has_a_table_of_its_own(look: Page, site: Site) -> None:
    agents, words = _open(look, site, 2)
    assert "5 agents" in agents
    assert "500 agents" in agents
    assert "20 words" in words
    assert "2000 words" in words
    assert "SDK bytecodes, scaling.Agents" in agents
    assert "SDK bytecodes, texts.Long" in words
    assert "\nBytecodes " in agents  # there is one of them
    assert look.wait("#heading")[0].text == "How it grows with the size of the work"


def test_what_was_not_measured_is_left_out(look: Page, site: Site) -> None:
    (agents,) = _open(look, site, 1)
    assert "words" not in agents
    look.until("document.querySelectorAll('#quantities section:not([hidden])').length === 2")
    assert _open(look, site, 0) == []
    assert "nothing of this was measured" in look.wait("#exponents .notice")[0].text
    look.until("document.querySelectorAll('#quantities section:not([hidden])').length === 0")
