"""From a commit to its change, to the series, and back; filters; the portal; the keyboard."""

from __future__ import annotations

import pytest
from chromium import CSS, Page
from made_target import CAPABILITY
from published import Site

pytestmark = pytest.mark.slow

MAKESPAN = f"{CAPABILITY}.baseline.Run.track_makespan"
TAB = "\ue004"
"""The key, in WebDriver's words."""

SHOWN = f"{CAPABILITY}.baseline.Run.makespan"


def test_commit_change_series_and_back(page: Page, site: Site) -> None:
    page.open(site.root / "sdk" / "index.html")
    (link,) = [a for a in page.wait("#commits .subject a") if a.text == "Change number 4"]
    link.click()

    page.wait("table.changes")
    assert "commit.html#" in page.address
    assert page.wait("h1")[0].text == "Change number 4"
    row = next(
        r
        for r in page.wait("table.changes tbody tr")
        if f"{CAPABILITY}.baseline.Run.makespan" in r.text
    )
    assert "worse" in row.text.lower()
    assert "3 s → 6 s" in row.text

    commit = page.address
    row.find_element(CSS, "a[href^='series.html#']").click()
    page.wait(".plot-picture")
    assert f"series.html#{MAKESPAN}" in page.address
    assert SHOWN in page.run("return document.querySelector('h1').innerText")

    page.driver.back()
    page.wait("table.changes")
    assert page.address == commit
    page.driver.back()
    assert len(page.wait("#commits > li", 12)) == 12


def test_a_commit_that_repairs_is_linked_from_the_one_that_it_repairs(
    page: Page, site: Site
) -> None:
    change = next(
        c for c in site.changes("sdk")["changes"] if c["series"] == MAKESPAN and c["undone_by"]
    )
    page.open(site.root / "sdk" / "commit.html", f"#{change['commit']}")
    row = next(
        r
        for r in page.wait("table.changes tbody tr")
        if f"{CAPABILITY}.baseline.Run.makespan" in r.text
    )
    row.find_element(CSS, f"a[href='commit.html#{change['undone_by']}']").click()
    page.until("document.querySelector('h1').textContent === 'Change number 8'")


def test_the_diff_of_a_commit_is_linked(page: Page, site: Site) -> None:
    commit = site.changes("sdk")["changes"][0]["commit"]
    page.open(site.root / "sdk" / "commit.html", f"#{commit}")
    assert page.wait(f"a[href='https://example.org/commit/{commit}']")


def test_filters_narrow_the_list_and_stay_in_the_address(page: Page, site: Site) -> None:
    page.open(site.root / "sdk" / "index.html")
    page.wait("#commits > li", 12)
    page.wait("#text")[0].send_keys("number 4")
    page.until("document.querySelectorAll('#commits > li').length === 1")
    assert "text=number" in page.address

    page.open(site.root / "sdk" / "index.html", "#changed=1&series=track_makespan&kind=regression")
    page.wait("#commits > li")
    subjects = [a.text for a in page.wait("#commits .subject a")]
    assert "Change number 4" in subjects
    assert "Change number 1" not in subjects
    assert page.run("return document.getElementById('changed').checked")

    page.open(site.root / "sdk" / "index.html", "#text=nothing+like+it")
    page.until("document.querySelectorAll('#commits > li').length === 0")
    assert page.wait("#found")[0].text


def test_commits_below_the_screen_follow_by_themselves(page: Page, site: Site) -> None:
    page.resize((1280, 200))
    page.open(site.root / "sdk" / "index.html")
    assert len(page.wait("#commits > li", 12)) == 12


def test_who_comes_back_to_the_list_finds_it_where_it_was(page: Page, site: Site) -> None:
    page.resize((1280, 200))
    page.open(site.root / "sdk" / "index.html")
    page.wait("#commits > li", 12)
    page.run("scrollTo(0, 300)")
    page.run("document.querySelectorAll('#commits .subject a')[8].click()")
    page.wait("#changes h2, #changes .notice")
    page.driver.back()
    page.wait("#commits > li", 12)
    page.until("scrollY === 300")


def test_the_keyboard_reaches_filters_and_commits(page: Page, site: Site) -> None:
    page.open(site.root / "sdk" / "index.html")
    page.wait("#commits > li", 12)
    reached = []
    for _ in range(40):
        page.driver.switch_to.active_element.send_keys(TAB)
        reached.append(
            page.run(
                "const a = document.activeElement;"
                "return a.id || (a.closest('.subject') ? 'commit' : a.className)"
            )
        )
    assert reached[0] == "skip"
    assert reached.index("changed") < reached.index("kind") < reached.index("text")
    assert "commit" in reached[reached.index("text") :]


def test_the_portal_leads_to_targets_changes_and_series(page: Page, site: Site) -> None:
    page.open(site.root / "index.html")
    rows = page.wait("table.compare tbody tr")
    assert [row.text.split()[0] for row in rows][:3] == ["bare", "hostile", "sdk"]
    assert "1.00 ×" in rows[0].text

    change = page.wait("#standing ~ .found li[data-sdk='sdk'] .subject")[0]
    assert change.text.startswith("Change number")
    page.click(change)
    page.wait("table.changes")
    assert "/sdk/commit.html#" in page.address
    page.driver.back()
    page.click(page.wait("table.compare td a[href^='sdk/series.html#']")[0])
    page.wait(".plot-picture")
    page.wait(".brand")[0].click()
    page.wait("table.compare")
    page.click(page.wait("table.now tbody a[href='sdk/index.html']")[0])
    page.wait("#commits > li", 12)


def test_the_state_of_a_page_is_in_its_address(page: Page, site: Site) -> None:
    page.open(site.root / "sdk" / "series.html", f"#{MAKESPAN}&cell=eager")
    page.wait(".plot-picture")
    assert "eager" in page.wait("main")[0].text
    page.open(site.root / "sdk" / "scaling.html", f"#{site.changes('sdk')['commits'][3]['commit']}")
    page.wait(".plot-picture")
    assert "Change number 8" in page.run(
        "return document.querySelector('select').selectedOptions[0].text"
    )
