"""What people come for takes at most three clicks from the portal; a choice from a list is one too,
a word that is typed is none."""

from __future__ import annotations

import pytest
from chromium import CSS, Page
from made_target import CAPABILITY
from published import Site
from selenium.webdriver.support.ui import Select

pytestmark = pytest.mark.slow

MOST = 3
BASELINE = f"{CAPABILITY}.baseline.Run"
ARROW = "\N{RIGHTWARDS ARROW}"
RETURN = "\ue006"
"""The key, in WebDriver's words."""


class Visitor:
    """Somebody who has opened the portal."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self._left = MOST
        page.open(site.root / "index.html")
        page.wait("table.now")

    def click(self, selector: str, text: str = "") -> None:
        """Click the first one of these that has this text."""
        self._spend()
        self.page.click(next(one for one in self.page.wait(selector) if text in one.text))

    def choose(self, selector: str, text: str) -> None:
        """Choose the first option that has this text."""
        self._spend()
        choice = Select(self.page.wait(selector)[0])
        self.page.until(
            "[...document.querySelector(arguments[0]).options]"
            ".some((one) => one.text.includes(arguments[1]))",
            *(selector, text),
        )
        choice.select_by_visible_text(next(o.text for o in choice.options if text in o.text))

    def type(self, selector: str, text: str) -> None:
        """Type into a field; what stood there is gone."""
        field = self.page.wait(selector)[0]
        field.clear()
        field.send_keys(text)

    def heading(self) -> str:
        """The page's heading."""
        text: str = self.page.run("return document.querySelector('h1').textContent")
        return text

    def rows(self, selector: str) -> list[str]:
        """The texts of rows that are there."""
        return [row.text for row in self.page.wait(selector)]

    def _spend(self) -> None:
        self._left -= 1
        assert self._left >= 0, f"more than {MOST} clicks"


@pytest.fixture
def visitor(page: Page, site: Site) -> Visitor:
    return Visitor(page, site)


def of_sdk(file: str) -> str:
    return f"table.now tr[data-sdk='sdk'] a[href^='sdk/{file}']"


def test_which_commit_made_makespan_worse_and_what_else_it_did(
    visitor: Visitor, site: Site
) -> None:
    visitor.click(of_sdk("index.html#kind=regression"))
    visitor.type("#series", "makespan")
    makespans = {
        change["commit"]
        for change in site.changes("sdk")["changes"]
        if "makespan" in change["series"] and change["verdict"] == "regression"
    }
    visitor.page.until(
        "document.querySelectorAll('#commits > li').length === arguments[0]", len(makespans)
    )
    visitor.click("#commits .subject a", "Change number 4")
    visitor.page.wait("table.changes")
    visitor.type("#series", "")
    found = visitor.rows("table.changes tbody tr")
    assert any(f"{BASELINE}.makespan" in row and "3 s → 6 s" in row for row in found)


def test_whether_memory_grows_over_the_history(visitor: Visitor) -> None:
    visitor.click(of_sdk("series.html"))
    visitor.type("#wanted", "memory")
    visitor.click("#list tbody a")
    visitor.page.wait("#plot .plot-picture")
    said = " ".join(visitor.rows("#plot .plot-legend .said"))
    assert "first to last" in said


def test_which_fault_hangs_and_who_waits(visitor: Visitor) -> None:
    visitor.click(of_sdk("faults.html"))
    visitor.page.wait("#matrix table")
    visitor.choose("#commit", "Change number 5")
    visitor.choose("#outcome", "hang")
    visitor.page.until("document.querySelectorAll('#cases tbody tr').length === 1")
    (case,) = visitor.rows("#cases tbody tr")
    assert "offer: hangs" in case
    assert "agent a-1 in offer.py" in case, case


def test_an_sdk_beside_the_floor_and_another(visitor: Visitor) -> None:
    rows = visitor.rows("table.compare tbody tr")
    assert [row.split()[0] for row in rows][:3] == ["bare", "hostile", "sdk"]
    assert all(" ×" in row for row in rows[:3])


def test_a_zoomed_plot_is_shared_by_its_address(visitor: Visitor) -> None:
    visitor.click("table.compare td a[href^='sdk/series.html#']")
    visitor.page.wait("#plot .plot-picture")
    before = visitor.page.address
    visitor.click("#plot button", "+")
    visitor.page.until("location.href !== arguments[0]", before)
    ticks = "[...document.querySelectorAll('#plot .plot-picture text')].map((t) => t.textContent)"
    shown, address = visitor.page.run(f"return {ticks}"), visitor.page.address
    visitor.page.driver.get("about:blank")
    visitor.page.driver.get(address)
    visitor.page.wait("#plot .plot-picture")
    assert visitor.page.run(f"return {ticks}") == shown


def test_two_releases_are_compared(visitor: Visitor) -> None:
    visitor.click(of_sdk("compare.html"))
    visitor.choose("#before", "v0.1")
    visitor.choose("#after", "v0.2")
    visitor.page.until("document.querySelector('h1').textContent.includes('v0.1')")
    assert visitor.heading() == f"v0.1 {ARROW} v0.2"
    assert any("worse" in row for row in visitor.rows("table.differences tbody tr"))


def test_only_what_got_worse_since_a_tag(visitor: Visitor, site: Site) -> None:
    visitor.click(of_sdk("index.html#kind=regression"))
    visitor.type("#since", f"v0.2{RETURN}")
    last = site.commits("sdk")[7]
    visitor.page.until(
        "![...document.querySelectorAll('#commits a')].some((a) => a.href.includes(arguments[0]))",
        last,
    )
    subjects = [a.text for a in visitor.page.all("#commits .subject a")]
    worse = {
        change["commit"]
        for change in site.changes("sdk")["changes"]
        if change["verdict"] == "regression" and change["commit"] in site.commits("sdk")[8:]
    }
    assert len(subjects) == len(worse)


def test_two_series_in_one_plot(visitor: Visitor) -> None:
    visitor.click("table.compare td a[href^='sdk/series.html#']")
    visitor.page.wait("#plot .plot-picture")
    visitor.click(".plot-add summary")
    visitor.page.until("document.querySelectorAll('#add-names option').length > 1")
    visitor.type("#add-series", f"{BASELINE}.makespan")
    visitor.page.wait("#add-series")[0].send_keys(RETURN)
    visitor.page.wait("#added .chip")
    names = "[...document.querySelectorAll('#plot .plot-line')].map((l) => l.dataset.name)"
    assert any("makespan" in (name or "") for name in visitor.page.run(f"return {names}"))


def test_a_series_is_found_by_a_word(visitor: Visitor) -> None:
    visitor.click(of_sdk("series.html"))
    visitor.type("#wanted", "makespan")
    found = visitor.page.wait("#list tbody tr")
    assert all("makespan" in row.text for row in found)
    found[0].find_element(CSS, "a").click()
    visitor.page.wait("#plot .plot-picture")
    assert "makespan" in visitor.heading()
