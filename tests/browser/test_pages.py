"""Each kind of page, opened from a file with the network cut."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from chromium import DESKTOP, PHONE, Page
from published import KINDS, Site

pytestmark = pytest.mark.slow

CONTENT = {
    "portal": "table.compare td .length",
    "commits": "#commits > li",
    "commit": "table.changes tbody tr",
    "comparison": "table.differences tbody tr",
    "list of series": "main a[href^='series.html#']",
    "series": ".plot-picture",
    "scaling": ".plot-picture",
    "concurrency": ".plot-picture",
    "latency": "table.heat td",
    "faults": ".matrix td",
    "faults of all": ".matrix td.wrong",
    "service": ".plot-picture",
    "loads": ".plot-picture",
    "report": "section table td",
    "digest": "section table td",
    "environment": "main table tbody tr",
}
"""What is on each kind of page once it has drawn itself."""


def open_kind(page: Page, site: Site, kind: str, target: str = "sdk") -> None:
    """Open a page and wait until it is drawn."""
    page.open(*site.kinds(target)[kind])
    page.wait(CONTENT[kind])


def test_the_browser_has_no_network(browser: Page) -> None:
    from selenium.common.exceptions import WebDriverException

    with pytest.raises(WebDriverException, match="ERR_INTERNET_DISCONNECTED"):
        browser.driver.get("http://127.0.0.1:9/")
    browser.reset()


@pytest.mark.rotated(name="pages", each="kind")
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_opens_from_a_file_without_a_network(page: Page, site: Site, kind: str) -> None:
    open_kind(page, site, kind)
    assert page.wait("h1")[0].text
    text = page.run("return document.body.innerText")
    assert not [word for word in ("NaN", "undefined", "[object", "Infinity") if word in text]
    page.look()
    assert page.requests  # they are noted; the fixture sees to it that none leaves the folder


@pytest.mark.rotated(name="pages", each="kind")
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wider_than_the_window(page: Page, site: Site, kind: str) -> None:
    page.resize(PHONE)
    open_kind(page, site, kind)
    assert page.overflow() <= 0
    page.resize(DESKTOP)
    page.until("innerWidth > 1000")
    assert page.overflow() <= 0


def test_every_link_of_the_site_leads_to_a_file(page: Page, site: Site) -> None:
    links: set[str] = set()
    for kind in KINDS:
        open_kind(page, site, kind)
        links |= set(page.run("return [...document.links].map((link) => link.href)"))
    assert all(link.startswith(("file:", "https://example.org/")) for link in links)
    own = {urlsplit(link).path for link in links if link.startswith("file:")}
    assert [path for path in own if not Path(unquote(path)).is_file()] == []


def test_a_target_of_one_commit_has_pages_too(page: Page, site: Site) -> None:
    for name in (
        "index",
        "commit",
        "compare",
        "series",
        "scaling",
        "concurrency",
        "latency",
        "environment",
    ):
        page.open(site.root / "bare" / f"{name}.html")
        page.until("document.querySelector('main').innerText.length > 40")


def test_a_change_that_is_reported_leads_to_the_forges_issue(page: Page, site: Site) -> None:
    page.open(site.root / "sdk" / "commit.html", f"#{site.commits('sdk')[4]}")
    page.wait("table.changes")
    script = """
    const [said, done] = arguments;
    MatchingChanges.load(Commits.all[4]).then(({ items }) => {
      const line = document.createElement("p");
      line.append(...Notes.of({ ...items[0].changes[0], said }));
      const links = [...line.querySelectorAll("a")].filter((one) => one.innerText.startsWith("#"));
      done([line.innerText.includes(said), links.map((one) => one.href)]);
    });
    """
    assert page.run_async(script, "reported #12 as slow") == [
        True,
        ["https://example.org/issues/12"],
    ]
    assert page.run_async(script, "reported by mail") == [True, []]
