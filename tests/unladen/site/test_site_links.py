"""Addresses that lead from elsewhere into the pages of a target."""

from __future__ import annotations

import pytest

from unladen.site.links import comparison_links, comparison_page

BASE, HEAD = "a" * 40, "b" * 40


@pytest.mark.parametrize(
    "site", ["https://x.org/unladen", "https://x.org/unladen/", "https://x.org/unladen/index.html"]
)
def test_a_gate_leads_to_the_comparison(site: str) -> None:
    line = comparison_links(site, BASE, HEAD)
    assert f"[base and head](https://x.org/unladen/compare.html#{BASE}..{HEAD})" in line
    assert f"[the base since the last tag](https://x.org/unladen/compare.html#..{BASE})" in line


@pytest.mark.parametrize("site", ["", "#", "javascript:alert(1)", "html", "https://x.org/a) [b](c"])
def test_what_is_no_address_leads_nowhere(site: str) -> None:
    assert comparison_links(site, BASE, HEAD) == ""


def test_without_a_first_commit_it_is_the_last_tag() -> None:
    assert comparison_page("", HEAD) == f"compare.html#..{HEAD}"
