"""The portal in a browser: now first; sorting, choosing; without a script; many targets."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from chromium import PHONE, Page
from made_target import CAPABILITY
from published import Site

from unladen.site.portal import PAGE, write_portal
from unladen.site.summary_file import NAME

pytestmark = pytest.mark.slow

SHOWN_ROWS = "[...document.querySelectorAll('.now tbody tr')].filter((row) => !row.hidden)"
NAMES = f"return {SHOWN_ROWS}.map((row) => row.dataset.sdk)"
FIRST = "document.querySelector('table.compare')"
BACKSPACE = "\ue003"
WORK = "return document.querySelector('.now').tHead.rows[0].cells[4].getAttribute('aria-sort')"


def open_portal(page: Page, site: Site, fragment: str = "") -> None:
    page.open(site.root / PAGE, fragment)
    page.wait("table.now tbody tr")


def test_what_is_now_comes_first(page: Page, site: Site) -> None:
    open_portal(page, site)
    heads = page.run("return [...document.querySelectorAll('h2')].map((one) => one.id)")
    assert heads[:3] == ["now", "side-by-side", "standing"]
    assert page.wait("table.now .newest .mark")[0].is_displayed()
    assert page.all("table.now svg.spark[role=img][aria-label]")
    assert not page.wait("details.more")[0].get_attribute("open")  # what is repaired is folded


def test_each_answer_of_a_row_is_a_click_away(page: Page, site: Site) -> None:
    row = "table.now tr[data-sdk='sdk']"
    for selector, ready in (
        (f"{row} .newest a.mark", "dl.facts"),
        (f"{row} a[href$='kind=standing']", "#commits > li"),
        (f"{row} td:nth-of-type(3) a", ".matrix td"),
        (f"{row} .cost a.big", "h1"),
    ):
        open_portal(page, site)
        page.click(page.wait(selector)[0])
        page.wait(ready)
        assert "/sdk/" in page.address


def test_a_table_is_sorted_by_a_column_and_the_address_says_so(page: Page, site: Site) -> None:
    open_portal(page, site)
    button = page.wait("table.compare thead th:nth-child(2) button")[0]
    rows = f"return [...{FIRST}.tBodies[0].rows].map((row) => row.cells[1].dataset.value)"
    page.click(button)
    up = page.run(rows)
    assert [float(one) for one in up if one] == sorted(float(one) for one in up if one)
    assert "sort=1+1+up" in page.address
    page.click(button)
    assert page.run(rows)[0] == max((one for one in up if one), key=float)
    head = f"return {FIRST}.tHead.rows[0].cells[1].getAttribute('aria-sort')"
    assert page.run(head) == "descending"
    address = page.address.partition("#")[2]
    open_portal(page, site, f"#{address}")
    assert page.run(head) == "descending"


def test_sdks_and_a_capability_are_chosen(page: Page, site: Site) -> None:
    open_portal(page, site)
    assert {*page.run(NAMES)} == {"hostile", "sdk"}
    page.wait("#sdk")[0].send_keys("SD")
    assert page.run(NAMES) == ["sdk"]
    assert page.wait("#chosen")[0].text == "1 of 2 SDKs"
    assert "sdk=SD" in page.address
    open_portal(page, site, f"#capability={CAPABILITY}")
    shown = page.run(
        "return [...document.querySelectorAll('section.capability')]"
        ".filter((one) => !one.hidden).map((one) => one.dataset.capability)"
    )
    assert shown == [CAPABILITY]
    open_portal(page, site, "#capability=nothing+of+the+kind&sort=0+4+up&without=9+9,x")
    assert page.run(WORK) == "ascending"


LINES = "[...document.querySelectorAll('.found > li')].filter((line) => line.checkVisibility())"
TOLD = f"return {LINES}.map((line) => line.innerText)"


def test_changes_are_filtered_as_on_the_pages_of_a_target(page: Page, site: Site) -> None:
    open_portal(page, site, "#kind=improvement")
    page.wait("details.more[open] .found li")  # what is asked for is unfolded
    marks = page.run(f"return {LINES}.map((line) => line.dataset.kind.split(' ')[0])")
    assert {*marks} == {"improvement"}
    assert (
        page.all("#matching")[0].text == f"{len(marks)} of {len(page.all('.found > li'))} changes"
    )
    open_portal(page, site, "#series=makespan")
    assert all("makespan" in one for one in page.run(TOLD))
    page.wait("#size")[0].send_keys("twice")
    assert "size=100" in page.address
    sizes = page.run(f"return {LINES}.map((line) => Number(line.dataset.size))")
    assert {*sizes} <= {5}
    open_portal(page, site, "#series=nothing+is+called+so")
    assert page.run(TOLD) == []
    open_portal(page, site, "#state=fact&kind=standing&sdk=sdk")
    assert page.run(TOLD)


def test_a_column_is_left_out(page: Page, site: Site) -> None:
    open_portal(page, site)
    page.click(page.wait("details.columns summary")[0])
    page.click(page.wait("details.columns input")[0])
    hidden = f"return [...{FIRST}.rows].every((row) => row.cells[1].hidden)"
    assert page.run(hidden)
    address = page.address.partition("#")[2]
    open_portal(page, site, f"#{address}")
    assert page.run(hidden)


def test_it_can_be_read_without_a_script(page: Page, site: Site) -> None:
    page.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        page.open(site.root / PAGE)
        for selector in ("table.now tbody tr", "table.compare td .length", "#standing ~ .found li"):
            assert page.wait(selector)
        assert not page.all("#choose")[0].is_displayed()
        page.all("details.more summary")[0].click()
        assert page.wait("details.more .found li")
    finally:
        page.command("Emulation.setScriptExecutionDisabled", value=False)


def test_a_copy_of_the_file_is_the_same_page(page: Page, site: Site, tmp_path: Path) -> None:
    shutil.copy(site.root / PAGE, tmp_path / "sent.html")
    page.open(tmp_path / "sent.html")
    assert page.wait("#capability")
    page.look()
    assert page.outside(tmp_path) == []
    page.requests.clear()


def test_twenty_targets_are_no_wider_than_the_window(
    page: Page, site: Site, tmp_path: Path
) -> None:
    summary = json.loads((site.root / "sdk" / NAME).read_text())
    for number in range(20):
        folder = tmp_path / f"target-{number}"
        folder.mkdir()
        named = {**summary, "target": f"an-sdk-with-a-long-name-{number}"}
        (folder / NAME).write_text(json.dumps(named))
    page.open(write_portal(tmp_path, site.root / "bare"))
    page.wait("table.now tbody tr", 20)
    assert page.overflow() <= 0
    page.wait("#sdk")[0].send_keys("name-7")
    assert page.run(NAMES) == ["an-sdk-with-a-long-name-7"]
    owners = page.run(f"return {LINES}.map((line) => line.dataset.sdk)")
    assert {*owners} == {"an-sdk-with-a-long-name-7"}
    page.wait("#sdk")[0].send_keys(6 * BACKSPACE)
    assert len(page.run(NAMES)) == 20
    page.resize(PHONE)
    assert page.overflow() <= 0
    page.look()
    assert page.outside(tmp_path) == []
    page.requests.clear()
