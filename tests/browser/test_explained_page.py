"""The page of a commit with an explanation of it that is kept, and without one."""

from __future__ import annotations

import pytest
from chromium import CSS, DESKTOP, PHONE, Page
from made_explanations import EXPLAINED, SAID
from published import Site

pytestmark = pytest.mark.slow

COPIED = """
window.COPIED = [];
const copy = async (text) => { window.COPIED.push(text); };
Object.defineProperty(navigator, "clipboard", { value: { writeText: copy } });
"""


def open_commit(page: Page, site: Site, number: int, target: str = "sdk") -> str:
    """Open the page of a commit, by its number; its hash."""
    commit = site.commits(target)[number]
    page.open(site.root / target / "commit.html", f"#{commit}")
    page.wait("table.changes")
    return commit


def test_the_first_functions_of_a_figure_lead_to_their_lines(page: Page, site: Site) -> None:
    commit = open_commit(page, site, EXPLAINED)
    (section,) = page.wait("#explained")
    assert "3 s → 6 s" in section.text
    assert "By the work of its whole benchmark." in section.text
    (row,) = section.find_elements(CSS, "tbody tr")
    assert "Offers.collect sdk/offers.py:29" in row.text
    assert "+3 s" in row.text
    assert "100%" in row.text
    assert SAID in row.text
    (link,) = row.find_elements(CSS, "a")
    address = f"https://example.org/blob/{commit}/src/sdk/offers.py#L29"
    assert link.get_attribute("href") == address
    titles = [one.text for one in page.wait("h2")]
    assert titles[:2] == ["What it is made of", "Changes"]


@pytest.mark.parametrize(("number", "is_kept"), [(EXPLAINED, True), (8, False)])
def test_the_command_that_explains_it_can_be_copied(
    page: Page, site: Site, number: int, is_kept: bool
) -> None:
    commit = open_commit(page, site, number)
    (section,) = page.wait("#explained")
    assert bool(section.find_elements(CSS, "table")) == is_kept
    page.run(COPIED)
    section.find_element(CSS, "button").click()
    page.until("document.querySelector('#explained button').textContent === 'Copied'")
    assert page.run("return window.COPIED") == [f"unladen --target sdk explain {commit[:12]}"]


def test_where_nothing_can_be_explained_no_command_is_shown(page: Page, site: Site) -> None:
    open_commit(page, site, 7)
    assert page.wait("h2")
    assert page.all("#explained") == []


def test_it_fits_a_phone(page: Page, site: Site) -> None:
    page.resize(PHONE)
    open_commit(page, site, EXPLAINED, "hostile")
    assert page.wait("#explained tbody tr")
    assert page.overflow() <= 0
    page.resize(DESKTOP)


def test_hostile_names_stay_text(page: Page, site: Site) -> None:
    open_commit(page, site, EXPLAINED, "hostile")
    (section,) = page.wait("#explained")
    assert "onerror=" in section.text
    assert section.find_elements(CSS, "img, script, td a") == []
