"""The page of faults: a matrix over the commits, and what is known at one of them."""

from __future__ import annotations

import pytest
from chromium import PHONE, Page
from made_target import CAPABILITY
from published import Site

pytestmark = pytest.mark.slow

CELL = ".matrix td"


def open_faults(page: Page, site: Site, fragment: str = "") -> None:
    page.open(site.root / "sdk" / "faults.html", fragment)
    page.wait(CELL)


def columns(page: Page) -> list[str]:
    found: list[str] = page.run(
        "return [...document.querySelectorAll('.matrix thead a')].map((a) => a.textContent)"
    )
    return found


def rows(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = page.run(
        "return Object.fromEntries([...document.querySelectorAll('.matrix tbody tr')]"
        ".filter((tr) => tr.querySelector('td')).map((tr) => [tr.querySelector('th').textContent,"
        " [...tr.querySelectorAll('td [aria-hidden]')].map((cell) => cell.textContent)]))"
    )
    return found


def names(page: Page) -> list[str]:
    script = "[...document.querySelectorAll('.matrix th[scope=row]')].map((h) => h.textContent)"
    found: list[str] = page.run(f"return {script}")
    return found


def case(page: Page, number: int) -> list[str]:
    found: list[str] = page.run(
        f"return [...document.getElementById('case-{number}').children].map((c) => c.innerText)"
    )
    return found


def test_the_matrix_shows_the_commits_at_which_an_outcome_changed(page: Page, site: Site) -> None:
    open_faults(page, site)
    hashes = [one["commit"][:8] for one in site.changes("sdk")["commits"]]  # newest first
    assert columns(page) == [hashes[11 - n] for n in (11, 8, 7, 6, 4, 0)]
    heads = page.run("return document.querySelector('.matrix thead').innerText")
    assert "2025-10-20" in heads
    assert "Change number 11" in heads
    assert "v0.2 2025-10-16" in heads
    assert rows(page) == {
        "formulation: raises": ["✓ R"] * 6,
        "offer: hangs": ["✓ DR", "✓ DR", "✗ H", "✗ H", "✗ H", "✓ DR"],
        "offer: not JSON, third call": ["✗ UC"] * 6,
        "center: truncated JSON": ["✓ TE", "✓ TE", "✓ TE", "✗ fail", "✓ TE", "✓ TE"],
        "encoder: hangs": ["– n/a"] * 6,
    }
    page.wait("#every")[0].click()
    page.until("document.querySelectorAll('.matrix thead a').length === 12")
    assert columns(page) == hashes


def test_the_newest_commit_is_told_in_words_with_notes(page: Page, site: Site) -> None:
    open_faults(page, site)
    lead = page.wait("#lead")[0].text
    assert lead.startswith("5 faults at ")
    assert lead.endswith(": 3 as expected, 1 not as expected, 1 n/a.")
    name, actual, expected, since, note = case(page, 2)
    assert name.splitlines() == [
        "offer: not JSON, third call",
        "what a robust SDK does: offer: not JSON, third call",
    ]
    assert actual.startswith("✗ untyped crash")
    assert expected == "recovered or degraded and reported or typed error"
    first = site.changes("sdk")["commits"][-1]
    assert since.startswith(first["commit"][:8])
    assert note == ""  # nothing was noted of it at the newest commit


def test_an_older_commit_shows_what_was_so_then(page: Page, site: Site) -> None:
    commits = site.changes("sdk")["commits"]
    open_faults(page, site, f"#{commits[11 - 6]['commit']}")
    _, actual, _, since, note = case(page, 1)
    assert actual.startswith("✗ hang")
    assert since.startswith(commits[11 - 4]["commit"][:8])
    assert note.splitlines()[:2] == ["nobody wakes", "  agent a-1 in offer.py:4"]
    assert f"as noted at {commits[11 - 4]['commit'][:8]}" in note
    _, actual, _, _, note = case(page, 3)
    assert actual.startswith("✗ failed")
    assert note == "ValueError: broken"


def test_filters_leave_out_what_is_expected_or_not_named(page: Page, site: Site) -> None:
    open_faults(page, site)
    page.wait("#unexpected")[0].click()
    page.until("document.querySelectorAll('.cases tbody tr').length === 1")
    assert [*rows(page)] == ["offer: not JSON, third call"]
    assert "unexpected=1" in page.run("return location.hash")
    open_faults(page, site, "#text=truncated")
    assert [*rows(page)] == ["center: truncated JSON"]
    page.open(site.root / "sdk" / "faults.html", "#text=nothing%20at%20all")
    page.wait("#matrix p")
    assert page.run("return document.querySelector('#matrix').textContent") == (
        "No fault is like that."
    )


def test_what_is_not_as_expected_comes_first(page: Page, site: Site) -> None:
    open_faults(page, site)
    assert names(page)[0] == "offer: not JSON, third call"
    assert page.run("return document.querySelector('.cases tbody tr').id") == "case-2"
    commits = site.changes("sdk")["commits"]
    open_faults(page, site, f"#{commits[11 - 6]['commit']}")
    assert names(page)[:3] == [
        "offer: hangs",
        "offer: not JSON, third call",
        "center: truncated JSON",
    ]


def test_an_outcome_is_chosen(page: Page, site: Site) -> None:
    open_faults(page, site)
    words = page.run("return [...document.getElementById('outcome').options].map((o) => o.text)")
    assert words[0] == "any"
    assert "untyped crash (1)" in words
    page.run(
        "const s = document.getElementById('outcome'); s.value = 'n/a';"
        "s.dispatchEvent(new Event('change'))"
    )
    page.until("document.querySelectorAll('.cases tbody tr').length === 1")
    assert [*rows(page)] == ["encoder: hangs"]
    assert "outcome=n%2Fa" in page.address


def test_all_sdks_are_beside_each_other(page: Page, site: Site) -> None:
    page.open(site.root / "faults.html")
    text = page.wait(".sums")[0].text
    assert "1 of 4" in text
    page.run(f'document.querySelector(\'td.wrong a[href*="sdk/"][href*="{CAPABILITY}"]\').click()')
    page.wait(".cases tbody tr")
    assert "not JSON" in page.run("return document.querySelector('.cases').innerText")


def test_a_name_leads_to_its_row_without_a_mouse(page: Page, site: Site) -> None:
    open_faults(page, site)
    page.run("document.querySelectorAll('.matrix tbody button')[0].focus()")
    page.run("document.activeElement.click()")
    assert page.run("return document.activeElement.id") == "case-2"
    assert page.run("return document.getElementById('matrix').tabIndex") == 0


def test_on_a_phone_the_matrix_scrolls_in_its_own_box(page: Page, site: Site) -> None:
    page.resize(PHONE)
    open_faults(page, site, "#every=1")
    page.until("document.querySelectorAll('.matrix thead a').length === 12")
    assert page.overflow() <= 0
    assert page.run(
        "const m = document.getElementById('matrix');return m.scrollWidth > m.clientWidth"
    )


def test_changed_outcomes_are_sentences_and_axes_have_words(page: Page, site: Site) -> None:
    commits = site.changes("sdk")["commits"]
    page.open(site.root / "sdk" / "commit.html", f"#{commits[11 - 4]['commit']}")
    page.wait("table.changes tbody tr")
    text = page.run("return document.querySelector('table.changes').innerText")
    assert "now hangs when 'offer: hangs'" in text
    assert "degraded and reported → hang" in text
    page.open(site.root / "sdk" / "series.html", f"#{CAPABILITY}.faults.Run.track_outcome")
    page.wait(".plot-picture")
    ticks = page.run(
        "return [...document.querySelectorAll('.plot-tick.y')].map((tick) => tick.textContent)"
    )
    assert ticks[0] == "recovered"
    assert ticks[-1] == "hang"
