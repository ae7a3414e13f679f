"""Any two commits are compared, in a file's page, as ``changes`` judges neighbours."""

from __future__ import annotations

from typing import Any

import pytest
from chromium import Page
from made_site import FORKS, TAGS
from made_target import CAPABILITY
from published import Site

pytestmark = pytest.mark.slow

FOUND = """
const [before, after] = arguments;
const done = arguments[arguments.length - 1];
Promise.all([ValuesAt.load(before), ValuesAt.load(after)]).then(([old, now]) => {
  const found = Differences.find(AllSeries.all, old, now).filter(({ series }) => series.isExact);
  done(found.flatMap(({ series, kind, verdict, pairs }) =>
    pairs.map(({ cell }) =>
      [series.name, series.writtenCells[cell].join(", "), kind, verdict].join("|"))));
});
"""


def open_comparison(page: Page, site: Site, fragment: str = "", target: str = "sdk") -> None:
    page.open(site.root / target / "compare.html", fragment)
    page.until("document.querySelector('#counts li, #found:not(:empty), .notice')")


def rows(page: Page) -> list[str]:
    script = "[...document.querySelectorAll('table.differences tbody tr')].map((r) => r.innerText)"
    texts: list[str] = page.run(f"return {script}")
    return [" ".join(text.split()) for text in texts]


def of_commit(site: Site, commit: str) -> set[str]:
    changes: list[dict[str, Any]] = site.changes("sdk")["changes"]
    return {
        "|".join([one["series"], ", ".join(one["params"].values()), one["kind"], one["verdict"]])
        for one in changes
        if one["commit"] == commit and one["series_kind"] == "exact"
    }


def test_what_neighbours_differ_in_is_what_the_commit_changed(page: Page, site: Site) -> None:
    open_comparison(page, site)
    for number, commit in enumerate(site.commits("sdk")[1:], 1):
        found = page.run_async(FOUND, number - 1, number)
        assert set(found) == of_commit(site, commit)
        assert len(found) == len(set(found))


def test_by_default_it_is_the_last_tag_and_now(page: Page, site: Site) -> None:
    open_comparison(page, site)
    assert page.wait("h1")[0].text == f"v0.2 \N{RIGHTWARDS ARROW} {site.commits('sdk')[-1][:8]}"
    assert "4 measured commits later" in page.wait("#lead")[0].text


def test_two_tags_have_one_table_an_area(page: Page, site: Site) -> None:
    """Between them the makespan doubled; before the second it is not repaired yet."""
    open_comparison(page, site, "#v0.1..v0.2")
    assert page.wait("h1")[0].text == "v0.1 \N{RIGHTWARDS ARROW} v0.2"
    (makespan, *_) = [row for row in rows(page) if "makespan plan" in row]
    assert "worse 3 s 6 s \N{MULTIPLICATION SIGN}2" in makespan
    assert "which commits" in makespan
    page.run("document.getElementById('swap').click()")
    page.until("document.querySelector('h1').innerText.startsWith('v0.2')")
    (makespan, *_) = [row for row in rows(page) if "makespan plan" in row]
    assert "better 6 s 3 s" in makespan


def test_the_filter_is_in_the_address(page: Page, site: Site) -> None:
    open_comparison(page, site, "#v0.1..v0.2&kind=regression&series=baseline.Run.makespan")
    assert all("makespan" in row and "worse" in row for row in rows(page) if "more" not in row)
    page.run("document.getElementById('size').value = '100'")
    page.run("document.getElementById('size').dispatchEvent(new Event('input'))")
    page.until("location.hash.includes('size=100')")
    assert [row for row in rows(page) if "makespan plan" in row]
    assert not [row for row in rows(page) if "makespan eager" in row]
    assert "shown" in page.wait("#found")[0].text


def test_a_suspected_step_is_marked(page: Page, site: Site) -> None:
    open_comparison(page, site, "#v0.1..v0.2&series=time_cpu")
    assert all("suspected" in row for row in rows(page) if "more" not in row)


def test_which_commits_it_was_are_listed(page: Page, site: Site) -> None:
    open_comparison(page, site, "#v0.1..v0.2&kind=regression&series=baseline.Run.makespan")
    page.run("document.querySelector('table.differences td a').click()")
    page.until("document.querySelectorAll('#commits > li').length === 1")
    assert page.wait("#commits .subject a")[0].text == "Change number 4"


def test_a_tag_off_the_line_is_the_last_commit_that_it_comes_from(page: Page, site: Site) -> None:
    commit = site.commits("sdk")[FORKS["v0.1.1"]][:8]
    open_comparison(page, site, "#v0.1.1..v0.2")
    assert page.wait("h1")[0].text == f"{commit} \N{RIGHTWARDS ARROW} v0.2"
    said = f"{commit} is the last commit of this line that v0.1.1 comes from."
    assert said in page.wait("#lead")[0].text
    options = page.run(
        "return [...document.querySelectorAll('#before optgroup')].map(g => g.label)"
    )
    assert options[:2] == ["Tags", "Tags elsewhere, and what they come from"]
    page.open(site.root / "sdk" / "index.html", "#since=v0.1.1&until=v0.2")
    numbers = range(TAGS["v0.2"], FORKS["v0.1.1"], -1)
    page.until(f"document.querySelectorAll('#commits > li').length === {len(numbers)}")
    subjects = [found.text for found in page.wait("#commits .subject a")]
    assert subjects == [f"Change number {number}" for number in numbers]


def test_what_is_no_commit_is_said_in_one_line(page: Page, site: Site) -> None:
    open_comparison(page, site, "#v0.1..nonsense")
    notice = page.wait(".notice")[0].text
    assert notice == "nonsense is no commit, tag or release of this history."


def test_a_commit_leads_to_comparisons(page: Page, site: Site) -> None:
    newest = site.commits("sdk")[-1]
    page.open(site.root / "sdk" / "commit.html", f"#{newest}")
    links = page.run("return [...document.querySelectorAll('dl.facts a')].map((a) => a.innerText)")
    assert "with the one before" in links
    assert "with v0.2, the last tag" in links
    page.open(site.root / "sdk" / "commit.html", "#v0.1")
    assert f"Change number {TAGS['v0.1']}" in page.wait("h1")[0].text


def test_faults_are_compared_by_what_is_expected(page: Page, site: Site) -> None:
    open_comparison(page, site, "#v0.1..v0.2&series=faults.Run.outcome")
    row = next(row for row in rows(page) if "offer: hangs" in row)
    assert row == (
        f"{CAPABILITY}.faults.Run.outcome offer: hangs "
        "worse degraded and reported hang which commits"
    )
