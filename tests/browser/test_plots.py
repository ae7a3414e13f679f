"""What can be done with a plot: zoom, share, point, read, hide a part; without a mouse too."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from chromium import PHONE, Page
from made_target import CAPABILITY
from published import Site

pytestmark = pytest.mark.slow

MAKESPAN = f"{CAPABILITY}.baseline.Run.track_makespan"
LEFT, UP, RIGHT, DOWN = "\ue012", "\ue013", "\ue014", "\ue015"
ENTER = "\ue007"
"""Keys, in WebDriver's words."""

TICKS = "[...document.querySelectorAll('#plot .plot-tick.x')].map((tick) => tick.textContent)"
TIP = "document.querySelector('#plot .plot-tip:not([hidden])')"


def open_plot(page: Page, site: Site, more: str = "", series: str = MAKESPAN) -> None:
    page.open(site.root / "sdk" / "series.html", f"#{series}{more}")
    page.wait("#plot .plot-picture")


def names(page: Page) -> list[str]:
    """The hashes on the axis."""
    texts: list[str] = page.run(f"return {TICKS}")
    return [text for text in texts if "-" not in text]


def shown(page: Page) -> list[str]:
    """The first eight letters of the commits in the table of values, oldest first."""
    page.run("document.querySelector('#plot .plot-values').open = true")
    find = "[...document.querySelectorAll('#plot tbody th')].map((one) => one.textContent)"
    rows: list[str] = page.until(f"((rows) => rows.length && rows)({find})")
    return [row[:8] for row in reversed(rows)]


def place(page: Page, position: int) -> tuple[float, float]:
    """Where the first line is at a commit, in the window."""
    x, y = page.run(
        "const area = document.querySelector('#plot .plot-area');"
        "area.scrollIntoView({ block: 'center' });"
        "const box = area.querySelector('.plot-frame').getBoundingClientRect();"
        "const points = area.querySelector('.plot-symbols').getAttribute('d')"
        ".split('M').slice(1).map((one) => one.split('m')[0].split(',').map(Number));"
        "const { left, top } = area.getBoundingClientRect();"
        "return [left + points[arguments[0]][0], top + points[arguments[0]][1]]",
        position,
    )
    return x, y


def mouse(page: Page, kind: str, x: float, y: float, held: bool = False) -> None:
    page.command(
        "Input.dispatchMouseEvent",
        type=kind,
        x=x,
        y=y,
        clickCount=1,
        button="left" if held or kind != "mouseMoved" else "none",
        buttons=int(held),
    )


def drag(page: Page, begin: tuple[float, float], end: tuple[float, float]) -> None:
    mouse(page, "mouseMoved", *begin)
    mouse(page, "mousePressed", *begin, held=True)
    mouse(page, "mouseMoved", (begin[0] + end[0]) / 2, begin[1], held=True)
    mouse(page, "mouseMoved", *end, held=True)
    mouse(page, "mouseReleased", *end)


def zoomed_by_hand(page: Page, first: int, last: int) -> None:
    """Drag from before a commit to behind another one."""
    (x, y), (end, _) = place(page, first), place(page, last)
    drag(page, (x - 15, y), (end + 15, y + 5))


def test_a_drag_zooms_and_the_address_opens_the_same_again(page: Page, site: Site) -> None:
    commits = [one[:8] for one in site.commits("sdk")]
    open_plot(page, site)
    assert shown(page) == commits
    zoomed_by_hand(page, 3, 6)
    assert page.address.endswith(f"&from={commits[3]}&to={commits[6]}&axis0=-1")
    assert shown(page) == commits[3:7]
    assert names(page) == commits[3:7]  # its ticks are new
    page.open(site.root / "sdk" / "series.html", "#" + page.address.partition("#")[2])
    page.wait("#plot .plot-picture")
    assert shown(page) == commits[3:7]
    page.wait("#plot [data-key='0']")[0].click()
    assert shown(page) == commits
    assert "from" not in page.address


def test_buttons_and_keys_zoom_too(page: Page, site: Site) -> None:
    commits = [one[:8] for one in site.commits("sdk")]
    open_plot(page, site)
    (area,) = page.wait("#plot .plot-area")
    area.send_keys("+")
    assert shown(page) == commits[3:9]
    page.wait("#plot [aria-label='Earlier']")[0].click()
    assert shown(page) == commits[0:6]
    area.send_keys("-")
    assert len(shown(page)) > 6
    area.send_keys("0")
    assert shown(page) == commits


def test_a_high_drag_zooms_values_as_well(page: Page, site: Site) -> None:
    open_plot(page, site)
    (x, y), (end, _) = place(page, 3), place(page, 6)
    drag(page, (x - 15, y - 100), (end + 15, y + 10))
    assert "low=" in page.address
    low = float(page.address.partition("low=")[2].partition("&")[0])
    high = float(page.address.partition("high=")[2].partition("&")[0])
    assert 0 < low < high < 10


def test_an_address_may_begin_at_a_commit_or_a_date(page: Page, site: Site) -> None:
    commits = [one[:8] for one in site.commits("sdk")]
    open_plot(page, site, f"&from={commits[8]}")
    assert shown(page) == commits[8:]
    dates = page.run("return Commits.measured.map(({ date }) => Format.day(date))")
    for axis in ("", "&axis=date"):
        open_plot(page, site, f"&from={dates[5]}&to={dates[7]}{axis}")
        assert shown(page)[0] == commits[5]
        assert shown(page)[-1] in commits[6:8]
    open_plot(page, site, f"&from={commits[8]}&to={commits[2]}")  # makes no sense
    assert shown(page) == commits


def test_dates_are_an_axis(page: Page, site: Site) -> None:
    open_plot(page, site, "&axis=date")
    ticks = page.run(f"return {TICKS}")
    assert len(ticks) > 3
    assert all(len(tick) == 10 and tick.startswith("2025-10-") for tick in ticks)


def test_the_commit_is_shown_before_a_click_opens_it(page: Page, site: Site) -> None:
    open_plot(page, site)
    x, y = place(page, 4)
    mouse(page, "mouseMoved", x, y)
    text = page.until(f"{TIP}?.innerText")
    assert "Change number 4" in text
    assert "plan: 6 s" in text
    assert "worse: ×2 3 s → 6 s" in text
    assert "series.html" in page.address
    mouse(page, "mousePressed", x, y, held=True)
    mouse(page, "mouseReleased", x, y)
    page.until("document.querySelector('h1').textContent === 'Change number 4'")


def touch(page: Page, x: float, y: float) -> None:
    page.command("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
    page.command("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])


def test_a_touch_shows_a_point_and_a_second_one_opens_it(page: Page, site: Site) -> None:
    page.command("Emulation.setTouchEmulationEnabled", enabled=True)
    try:
        page.resize(PHONE)
        open_plot(page, site)
        x, y = place(page, 4)
        touch(page, x, y)
        assert "Change number 4" in page.until(f"{TIP}?.innerText")
        link = page.run(f"return {TIP}.querySelector('a').getAttribute('href')")
        assert link == f"commit.html#{site.commits('sdk')[4]}"
        assert "series.html" in page.address
        touch(page, x, y)
        page.until("document.querySelector('h1').textContent === 'Change number 4'")
    finally:
        page.command("Emulation.setTouchEmulationEnabled", enabled=False)


def test_a_finger_on_a_plot_scrolls_the_page(page: Page, site: Site) -> None:
    page.command("Emulation.setTouchEmulationEnabled", enabled=True)
    try:
        page.resize(PHONE)
        open_plot(page, site)
        x, y = place(page, 4)
        before = page.run("return scrollY")
        page.command("Input.synthesizeScrollGesture", x=x, y=y, yDistance=-150)
        page.until(f"scrollY > {before} + 50")
        assert "from=" not in page.address
    finally:
        page.command("Emulation.setTouchEmulationEnabled", enabled=False)


def test_arrows_go_along_the_points_and_enter_opens_one(page: Page, site: Site) -> None:
    open_plot(page, site)
    (area,) = page.wait("#plot .plot-area")
    area.send_keys(RIGHT, RIGHT, RIGHT, RIGHT, LEFT)
    said = "document.querySelector('#plot [aria-live]').textContent"
    assert page.run(f"return {said}").startswith("plan: 3 s. ")
    area.send_keys(RIGHT, RIGHT)
    assert "worse: ×2 3 s → 6 s" in page.run(f"return {said}")
    area.send_keys(DOWN, DOWN, UP)
    text = page.run(f"return {said}")
    assert text.startswith("ask_one: 7 s. ")
    assert "Change number 4" in text
    area.send_keys(ENTER)
    page.until("document.querySelector('h1').textContent === 'Change number 4'")


def test_a_line_that_is_hidden_leaves_its_room_to_the_others(page: Page, site: Site) -> None:
    open_plot(page, site)
    highest = (
        "[...document.querySelectorAll('#plot .plot-tick.y')].map((t) => parseFloat(t.textContent))"
    )
    assert max(page.run(f"return {highest}")) >= 8
    for button in page.wait("#plot .plot-legend button")[1:4]:
        button.click()
    assert max(page.run(f"return {highest}")) <= 6
    pressed = "[...document.querySelectorAll('#plot .plot-legend [aria-pressed=false]')].length"
    assert page.run(f"return {pressed}") == 3


def test_lines_are_told_apart_without_colour(page: Page, site: Site) -> None:
    open_plot(page, site)
    looks = page.run(
        "return [...document.querySelectorAll('#plot .plot-picture .plot-line.main')].map((line) =>"
        " line.getAttribute('stroke-dasharray'))"
    )
    assert len(looks) == len(set(looks)) == 4


def test_the_legend_says_how_the_last_value_differs_from_the_first(page: Page, site: Site) -> None:
    commits = site.commits("sdk")
    open_plot(page, site, f"&from={commits[2][:8]}&to={commits[5][:8]}")
    said = page.run("return document.querySelector('#plot .plot-legend li').innerText")
    assert said.split("\n") == ["plan", "first to last: ×2, 3 s → 6 s"]
    page.wait("#plot [data-key='0']")[0].click()
    said = page.run("return document.querySelector('#plot .plot-legend li').innerText")
    assert said.split("\n") == ["plan", "first to last: the same, 3 s"]


def test_values_are_saved_for_other_programs(page: Page, site: Site, tmp_path: Path) -> None:
    commits = site.commits("sdk")
    open_plot(page, site, f"&cell=plan&from={commits[3][:8]}&to={commits[4][:8]}")
    page.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    page.run("document.querySelector('#plot .plot-values').open = true")
    page.wait("#plot .plot-values button")[0].click()
    wanted = tmp_path / f"{CAPABILITY}.baseline.Run.makespan-over-12-commits.csv"
    page._patience().until(lambda _: wanted.is_file(), "nothing was saved")
    head, *rows = csv.reader(wanted.read_text("utf-8").splitlines())
    values = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["commit"] for row in values] == commits[3:5]
    assert [(row["parameters"], row["value"], row["status"]) for row in values] == [
        ("plan", "3", "measured"),
        ("plan", "6", "measured"),
    ]


def test_what_a_spreadsheet_would_compute_is_text(page: Page, site: Site) -> None:
    open_plot(page, site)
    saved = page.run("return PlotValues.csv([['=1+1', 'a,b', 'say \"no\"', -3, null]])")
    assert saved == '\'=1+1,"a,b","say ""no""",-3,\r\n'


def test_ticks_are_round_numbers_within_what_is_shown(page: Page, site: Site) -> None:
    open_plot(page, site)

    def ticks(call: str) -> list[float]:
        found: list[float] = page.run(f"return Ticks.{call}")
        return found

    assert ticks("linear([0.3, 1.04], 4)") == [0.4, 0.6, 0.8, 1]
    assert ticks("linear([-3, 12], 3)") == [0, 5, 10]
    assert ticks("linear([0, 2.2], 9, true)") == [0, 1, 2]
    assert ticks("log([1, 1000], 4)") == [1, 10, 100, 1000]
    assert ticks("log([3, 40], 5)") == [5, 10, 20]
    assert ticks("log([102, 108], 3)") == [102, 104, 106, 108]
    assert len(ticks("log([1e-9, 1e9], 4)")) <= 5
    day = 86_400
    assert ticks(f"times([{3.5 * day}, {6.2 * day}], 3)") == [4 * day, 5 * day, 6 * day]
    months = ticks("times([Date.UTC(2025, 10, 20) / 1000, Date.UTC(2026, 3, 2) / 1000], 5)")
    days = page.run("return arguments[0].map((at) => Format.day(at))", months)
    assert days == ["2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"]


def test_tags_are_lines_and_ends_of_a_zoom(page: Page, site: Site) -> None:
    open_plot(page, site)
    tags = page.run("return Commits.tagged.flatMap(({ tags }) => tags)")
    assert tags
    shown_names = (
        "[...document.querySelectorAll('#plot .plot-rule + text')].map((t) => t.textContent)"
    )
    forks = page.run("return Commits.forked.flatMap(({ forks }) => forks)")
    assert forks
    names = {*tags, *(f"({fork})" for fork in forks)}
    assert set(page.run(f"return {shown_names}")) <= names
    lines = page.run("return document.querySelectorAll('#plot .plot-rule').length")
    assert lines == page.run("return Commits.tagged.length + Commits.forked.length")
    open_plot(page, site, f"&from={tags[-1]}")
    first = page.run("return Commits.find(arguments[0]).hash.slice(0, 8)", tags[-1])
    assert shown(page)[0] == first


def test_a_plot_is_printed_light_and_as_wide_as_the_paper(page: Page, site: Site) -> None:
    page.resize((1280, 900))
    open_plot(page, site)
    dark = {"name": "prefers-color-scheme", "value": "dark"}
    page.command("Emulation.setEmulatedMedia", media="print", features=[dark])
    try:
        page.run("document.querySelector('main').style.width = '600px'")
        width = "document.querySelector('#plot .plot-picture').getBoundingClientRect().width"
        assert page.run(f"return {width}") <= 600
        paper = page.run("return getComputedStyle(document.body).backgroundColor")
        assert paper == "rgb(255, 255, 255)"
        tools = "getComputedStyle(document.querySelector('#plot .plot-tools')).display"
        assert page.run(f"return {tools}") == "none"
    finally:
        page.command("Emulation.setEmulatedMedia", media="", features=[])


def test_a_list_that_is_filtered_keeps_its_small_plots(page: Page, site: Site) -> None:
    page.open(site.root / "sdk" / "series.html")
    page.wait("#list .spark")
    page.run("document.querySelector('#list .spark').dataset.kept = '1'")
    name = page.run("return document.querySelector('#list th a').textContent")
    page.wait("#wanted")[0].send_keys(name)
    page.until("document.querySelectorAll('#list tbody tr').length === 1")
    assert page.run("return document.querySelector('#list .spark').dataset.kept") == "1"
