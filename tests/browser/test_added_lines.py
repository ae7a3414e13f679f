"""Lines of several series, cells and targets in one plot."""

from __future__ import annotations

import json

import pytest
from chromium import CSS, Page
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


def test_lines_of_another_target_are_at_their_dates_and_lead_there(page: Page, site: Site) -> None:
    open_plot(page, site, "&from=2025-10-10")
    choose(page, "bare", f"{BASELINE}.makespan", "eager")
    page.until(f"{LINES}.length === 2")
    assert page.address.endswith(f"&add={MAKESPAN}!eager!bare&cell=plan")
    name = f"bare: {BASELINE}.makespan eager"
    page.wait("#plot [data-key='0']")[0].click()
    page.run("document.querySelector('#plot .plot-values').open = true")
    page.until("document.querySelectorAll('#plot tbody tr').length")
    links = page.run(
        "return [...document.querySelectorAll('#plot tbody tr')]"
        ".map((tr) => [tr.querySelector('a').getAttribute('href'), tr.innerText])"
    )
    heads = page.run(
        "return [...document.querySelectorAll('#plot thead th')].map((h) => h.innerText)"
    )
    assert heads == ["Commit", "plan", name]
    data = (site.root / "bare" / "data" / "commits.js").read_text().partition(",")[2]
    commit = json.loads(data.removesuffix(");\n"))["hash"][0]
    first = links[-1]  # both begin at the same second
    assert first[0] in (f"commit.html#{site.commits('sdk')[0]}", f"../bare/commit.html#{commit}")
    assert "6 s" in first[1]


def test_a_line_that_is_not_there_is_said(page: Page, site: Site) -> None:
    open_plot(page, site, "&add=no.such.series!x~!!~<b>!!nowhere")
    assert page.run(f"return {LINES}") == ["plan"]
    note = page.until(f"{NOTE}.includes('nowhere') && {NOTE}")
    assert "This target has no no.such.series, x." in note
    assert "nowhere is not published beside this target." in note


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
