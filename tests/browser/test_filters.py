"""Filters are about one change; what the list, the portal and the command count is one number."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chromium import Page
from made_target import CAPABILITY
from published import Site

pytestmark = pytest.mark.slow

MAKESPAN = f"{CAPABILITY}.baseline.Run.track_makespan"

SPELLINGS = ("faults.Run.outcome", "Run.track_outcome", f"{CAPABILITY}.faults.Run.outcome")
SPELLINGS += (f"{CAPABILITY}.faults.Run.track_outcome", "FAULTS.", "faults.Run.out...")


def subjects(*commits: int) -> list[str]:
    return [f"Change number {n}" for n in commits]


def listed(page: Page, site: Site, state: str) -> list[str]:
    """The subjects in the list of commits that a state shows, the oldest first."""
    page.open(site.root / "sdk" / "index.html", f"#{state}")
    page.until("document.getElementById('found').textContent !== ''")
    script = "return [...document.querySelectorAll('#commits .subject a')].map((a) => a.innerText)"
    subjects: list[str] = page.run(script)
    return subjects[::-1]


def changes_of(site: Site) -> list[dict[str, Any]]:
    return list(site.changes("sdk")["changes"])


def subjects_of(site: Site, found: list[dict[str, Any]]) -> list[str]:
    commits = reversed(site.changes("sdk")["commits"])
    hashes = {change["commit"] for change in found}
    return [one["subject"] for one in commits if one["commit"] in hashes]


def test_series_and_kind_are_of_the_same_change(page: Page, site: Site) -> None:
    """The commit that repairs the makespan made something else worse: it is not a regression of
    the makespan."""
    of_makespan = [one for one in changes_of(site) if one["series"] == MAKESPAN]
    worse = subjects_of(site, [one for one in of_makespan if one["verdict"] == "regression"])
    better = subjects_of(site, [one for one in of_makespan if one["verdict"] == "improvement"])
    assert (worse, better) == (subjects(4), subjects(8))
    assert listed(page, site, "kind=regression&series=baseline.Run.makespan") == worse
    assert listed(page, site, "kind=improvement&series=baseline.Run.makespan") == better
    assert listed(page, site, "kind=standing&series=baseline.Run.makespan") == []
    assert better[0] in listed(page, site, "kind=regression")
    assert better[0] in listed(page, site, "series=baseline.Run.makespan")


def test_what_is_still_there_is_told_and_found(page: Page, site: Site) -> None:
    standing = [one for one in changes_of(site) if one["undone_by"] is None]
    found = listed(page, site, "kind=standing")
    assert {*found} <= {*subjects_of(site, standing)}
    assert {*found} < {*listed(page, site, "kind=regression")}
    listed(page, site, "series=model_calls")
    assert "3 of 4 still there" in page.run("return document.querySelector('#commits').innerText")
    commit = next(c for c in site.changes("sdk")["commits"] if c["subject"] == "Change number 8")
    page.open(site.root / "sdk" / "commit.html", f"#{commit['commit']}")
    page.wait("table.changes")
    assert "3 of 4 still there" in page.wait("dl.facts")[0].text
    page.open(site.root / "sdk" / "series.html", f"#{CAPABILITY}.baseline.Run.model_calls")
    page.wait("#changes table")
    assert "3 of 4 still there" in page.wait("#changes")[0].text
    page.open(site.root / "index.html")
    assert "3 of 4 still there" in page.wait("main")[0].text


def test_portal_list_and_command_count_alike(page: Page, site: Site) -> None:
    changes = site.changes("sdk")
    summary = json.loads((site.root / "sdk" / "summary.json").read_text())
    regressed, improved = changes["regressed"], changes["improved"]
    assert len(listed(page, site, "kind=regression")) == regressed["commits"]
    assert len(listed(page, site, "kind=standing")) == regressed["there"]
    assert len(listed(page, site, "kind=improvement")) == improved["commits"]
    assert summary["regressions_found"] == regressed["commits"]
    assert summary["regressions_there"] == regressed["there"]
    assert summary["improvements_found"] == improved["commits"]
    page.open(site.root / "index.html")
    text = page.run("return document.querySelector('main').innerText")
    assert f"{regressed['commits']} of {len(changes['commits'])} commits made" in text
    stand = page.run(
        "return document.querySelector('a[href=\"sdk/index.html#kind=standing\"]').text"
    )
    assert stand == str(regressed["there"])


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_series_is_found_by_whatever_it_is_called(page: Page, site: Site, name: str) -> None:
    assert listed(page, site, f"series={name}&kind=regression") == subjects(4, 6)
    page.open(site.root / "sdk" / "series.html", f"#{name}")
    page.until("!document.getElementById('one').hidden || document.querySelector('#list table')")
    text = page.run("return document.querySelector('main').innerText")
    assert f"{CAPABILITY}.faults.Run.outcome" in text + page.run(
        "return document.querySelector('h1').innerText"
    )


def test_the_faults_page_shows_commits_that_changed_what_is_shown(page: Page, site: Site) -> None:
    def heads() -> list[str]:
        script = "[...document.querySelectorAll('#matrix thead th a')].map((a) => a.title)"
        titles: list[str] = page.run(f"return {script}")
        return [title.split(" ", 1)[1] for title in titles]

    page.open(site.root / "sdk" / "faults.html", "#text=offer%3A hangs")
    page.wait("#matrix thead th a")
    assert heads() == subjects(11, 8, 4, 0)
    page.open(site.root / "sdk" / "faults.html", "#text=truncated")
    page.until("document.querySelectorAll('#matrix tbody tr').length === 2")
    assert heads() == subjects(11, 7, 6, 0)


def test_a_range_begins_after_a_tag_and_ends_with_a_commit(page: Page, site: Site) -> None:
    hashes = site.commits("sdk")
    assert listed(page, site, "since=v0.1&until=v0.2") == subjects(4, 5, 6, 7)
    assert listed(page, site, f"since=v0.2&until={hashes[9][:10]}") == subjects(8, 9)
    assert listed(page, site, "since=2025-10-18") == subjects(9, 10, 11)
    assert listed(page, site, "kind=regression&since=v0.2&series=makespan") == []
    assert listed(page, site, "since=v9") == []
    assert page.wait("#found")[0].text == "v9 is no tag, release, commit or date."


def test_a_word_finds_areas_and_displayed_names(page: Page, site: Site) -> None:
    of_area = {one["series"] for one in changes_of(site) if one["series"].endswith("exponent")}
    assert of_area
    assert listed(page, site, "series=growth") == subjects(9)
    assert listed(page, site, "series=SDK bytecodes&since=v0.2") == subjects(9)
    page.open(site.root / "sdk" / "series.html")
    page.wait("#wanted")[0].send_keys("growth exponent")
    page.until("document.querySelectorAll('#list tbody tr').length === 1")


def test_size_state_and_author_narrow_the_list(page: Page, site: Site) -> None:
    sizes = {least: listed(page, site, f"kind=regression&size={least}") for least in (1, 100)}
    assert set(sizes[100]) < set(sizes[1])
    assert subjects(4)[0] in sizes[100]
    undone = {one["commit"] for one in changes_of(site) if one["undone_by"]}
    found = listed(page, site, "kind=regression&state=undone")
    assert found
    assert {*found} <= {*subjects_of(site, [o for o in changes_of(site) if o["commit"] in undone])}
    assert len(listed(page, site, "author=ann")) == len(site.commits("sdk"))
    assert listed(page, site, "author=bob") == []
    assert page.run("return document.getElementById('further').open")


def test_a_row_shows_the_changes_that_are_asked_for(page: Page, site: Site) -> None:
    assert listed(page, site, "series=model_calls&kind=regression") == subjects(8)
    chips = page.wait("#commits .matching .chip")
    assert [chip.text.split("\n")[1] for chip in chips] == [
        f"{CAPABILITY}.baseline.Run.model_calls"
    ]
    page.run("document.querySelector('#commits .subject a').click()")
    page.until("document.querySelectorAll('table.changes tbody').length === 1")
    assert "kind=regression" in page.address
    assert "1 of" in page.wait("#found")[0].text
    page.run("document.getElementById('series').value = ''")
    page.run("document.getElementById('kind').value = ''")
    page.run("document.getElementById('kind').dispatchEvent(new Event('input'))")
    page.until("document.querySelectorAll('table.changes tbody').length > 1")
    assert "model_calls" not in page.address
