"""Lines of several series, cells and targets in one plot."""

from __future__ import annotations

import pytest
from chromium import CSS, Page
from made_site import IMAGE, SCRIPT
from made_target import CAPABILITY
from published import Site

pytestmark = pytest.mark.slow

BASELINE = f"{CAPABILITY}.baseline.Run"
MAKESPAN = f"{BASELINE}.track_makespan"
BYTECODES = f"{BASELINE}.track_bytecodes"
LINES = (
    "[...document.querySelectorAll('#plot .plot-picture .plot-line')].map((l) => l.dataset.name)"
)
NOTE = "document.getElementById('plot-note').textContent"


def open_plot(page: Page, site: Site, more: str = "", file: str = "sdk/series.html") -> None:
    page.open(site.root / file, f"#{MAKESPAN}&cell=plan{more}")
    page.wait("#plot .plot-picture")


def choose(page: Page, target: str, series: str, cell: str) -> None:
    page.wait(".plot-add summary")[0].click()
    page.until("document.querySelectorAll('#add-target option').length > 1")
    page.run(
        "const [target, name] = [document.getElementById('add-target'),"
        " document.getElementById('add-series')];"
        "target.value = arguments[0]; target.dispatchEvent(new Event('change'));"
        "name.value = arguments[1]; name.dispatchEvent(new Event('input'))",
        target,
        series,
    )
    page.until(
        "[...document.getElementById('add-cell').options].some((o) => o.value === arguments[0])",
        cell,
    )
    page.run("document.getElementById('add-cell').value = arguments[0]", cell)
    page.wait(".plot-add form [type=submit]")[0].click()
    page.wait("#added .chip")


def test_two_series_are_in_one_plot_told_in_their_first_values(page: Page, site: Site) -> None:
    open_plot(page, site)
    choose(page, "", f"{BASELINE}.bytecodes", "plan")
    page.until(f"{LINES}.length === 2")
    assert page.run(f"return {LINES}") == ["plan", f"{BASELINE}.bytecodes plan"]
    assert page.address.endswith(f"&add={BYTECODES}!plan&cell=plan")
    assert "The units differ" in page.run(f"return {NOTE}")
    assert "times the first value" in page.run(
        "return document.querySelector('#plot .plot-title').textContent"
    )
    page.driver.refresh()
    page.until(f"{LINES}.length === 2")
    page.wait("#added button")[0].click()
    page.until(f"{LINES}.length === 1")
    assert "add=" not in page.address


def heads(page: Page) -> list[str]:
    """Of the table of values."""
    page.run("document.querySelector('#plot .plot-values').open = true")
    find = "[...document.querySelectorAll('#plot thead th')].map((one) => one.innerText)"
    found: list[str] = page.until(f"((heads) => heads.length && heads)({find})")
    return found


def test_the_same_value_at_all_commits_of_the_floor_is_a_line_over_all_commits(
    page: Page, site: Site
) -> None:
    open_plot(page, site)
    choose(page, "bare", f"{BASELINE}.makespan", "eager")
    page.until(f"{LINES}.length === 2")
    assert page.address.endswith(f"&add={MAKESPAN}!eager!bare&cell=plan")
    assert heads(page) == ["Commit", "plan", "bare: eager"]
    rows = "[...document.querySelectorAll('#plot tbody tr')].map((tr) => tr.cells[2].innerText)"
    assert page.run(f"return {rows}") == ["6 s"] * 12


def test_lines_of_another_history_are_at_their_dates_and_lead_there(page: Page, site: Site) -> None:
    name = f"evil.{IMAGE}.track_{SCRIPT}"
    open_plot(page, site)
    added = page.run(
        "return SeriesAdded.text([{ series: arguments[0], cell: '', target: 'hostile' }])", name
    )
    open_plot(page, site, page.run("return '&add=' + encodeURIComponent(arguments[0])", added))
    page.until(f"{LINES}.length === 2")
    assert "at their dates" in page.run(f"return {NOTE}")
    assert heads(page)[1] == "plan"
    assert heads(page)[2].startswith("hostile: evil.")
    ticks = "[...document.querySelectorAll('#plot .plot-tick.x')].map((tick) => tick.textContent)"
    assert all(tick.startswith("2025-10-") for tick in page.run(f"return {ticks}"))
    (area,) = page.wait("#plot .plot-area")
    area.send_keys("\ue014\ue015")  # right, down
    link = page.run("return document.querySelector('#plot .plot-tip a').getAttribute('href')")
    assert link == f"../hostile/commit.html#{site.commits('hostile')[0]}"
    assert page.run("return window.PWNED") == []


def test_a_line_that_is_not_there_is_said(page: Page, site: Site) -> None:
    open_plot(page, site, "&add=no.such.series!x~!!~<b>!!nowhere")
    assert page.run(f"return {LINES}") == ["plan"]
    note = page.until(f"{NOTE}.includes('nowhere') && {NOTE}")
    assert "This target has no no.such.series, x." in note
    assert "nowhere is not published beside sdk." in note


def test_hostile_series_and_cells_can_be_added(page: Page, site: Site) -> None:
    (evil,) = [
        one
        for one in {c["series"] for c in site.changes("hostile")["changes"]}
        if "script" in one and one.startswith("evil") and "outcome" not in one
    ]
    page.open(site.root / "hostile" / "series.html", "#")
    page.until("AllSeries.all.length > 0")
    added = page.run(
        "return SeriesAdded.text([{ series: arguments[0], cell: AllSeries.find(arguments[0])"
        ".cells[2].join(', '), target: '' }])",
        evil,
    )
    page.open(
        site.root / "hostile" / "series.html",
        page.run(
            "return Address.hashOf({ subject: arguments[0], add: arguments[1], cell: 'plan' })",
            MAKESPAN,
            added,
        ),
    )
    page.until(f"{LINES}.length === 2")
    assert page.wait("#added .chip")[0].find_elements(CSS, "button")
    assert page.run("return window.PWNED") == []


def test_outcomes_are_not_offered_beside_seconds(page: Page, site: Site) -> None:
    open_plot(page, site)
    page.wait(".plot-add summary")[0].click()
    names = page.until(
        "((names) => names.length > 3 && names)"
        "([...document.querySelectorAll('#add-names option')].map((one) => one.value))"
    )
    assert f"{BASELINE}.bytecodes" in names
    assert f"{CAPABILITY}.faults.Run.outcome" not in names
