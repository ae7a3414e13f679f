"""A history whose texts try to become script: it is shown as it is, and nothing happens."""

from __future__ import annotations

import pytest
from chromium import PHONE, Page
from made_site import ADDRESS, IMAGE, SCRIPT
from published import KINDS, Site
from test_pages import CONTENT, open_kind

pytestmark = pytest.mark.slow


@pytest.mark.rotated(name="pages", each="kind")
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_it_is_executed(page: Page, site: Site, kind: str) -> None:
    open_kind(page, site, kind, "hostile")
    page.run("for (const one of document.querySelectorAll('details')) one.open = true")
    page.run("scrollTo(0, document.body.scrollHeight)")
    page.until("new Promise((done) => setTimeout(done, 300, true))")
    assert page.run("return window.PWNED") == []
    assert page.run("return document.querySelectorAll('iframe, object, embed').length") == 0
    images = page.run("return [...document.images].map((one) => one.getAttribute('src'))")
    plots = {f"report/{file.name}" for file in (site.root / "hostile" / "report").glob("*.svg")}
    assert set(images) <= (plots if kind == "report" else set())
    own = int(kind == "portal")  # its policy lets no other run, by the digest
    assert page.run("return [...document.scripts].filter((s) => s.text && !s.src).length") == own
    links = page.run("return [...document.querySelectorAll('[href]')].map((one) => one.href)")
    assert not [link for link in links if link.lower().startswith(("javascript:", "vbscript:"))]
    handlers = page.run(
        "return [...document.querySelectorAll('*')].filter((one) =>"
        " [...one.attributes].some((a) => a.name.startsWith('on'))).length"
    )
    assert handlers == 0


@pytest.mark.rotated(name="pages", each="kind")
@pytest.mark.parametrize("kind", KINDS)
def test_its_long_words_break_no_layout(page: Page, site: Site, kind: str) -> None:
    page.resize(PHONE)
    open_kind(page, site, kind, "hostile")
    assert page.overflow() <= 0


def test_every_commit_of_it_can_be_read(page: Page, site: Site) -> None:
    for commit in {change["commit"] for change in site.changes("hostile")["changes"]}:
        page.open(site.root / "hostile" / "commit.html", f"#{commit}")
        page.wait(CONTENT["commit"])
        assert page.run("return window.PWNED") == []


def test_its_texts_are_shown_as_they_are(page: Page, site: Site) -> None:
    open_kind(page, site, "commits", "hostile")
    subjects = page.run(
        "return [...document.querySelectorAll('#commits .subject')].map((s) => s.textContent)"
    )
    for text in (SCRIPT, IMAGE, ADDRESS):
        assert [subject for subject in subjects if text in subject]
    assert not [s for s in subjects if "\x1b" in s or "\u202e" in s or "\u2028" in s]


def test_its_series_can_be_opened_by_name_and_cell(page: Page, site: Site) -> None:
    name = f"evil.{IMAGE}.track_{SCRIPT}"
    page.open(site.root / "hostile" / "series.html")
    links = page.wait("main a[href^='series.html#evil']")
    links[0].click()
    page.wait(".plot-picture")
    assert SCRIPT in page.run("return document.querySelector('main').textContent")
    assert name
    assert page.run("return window.PWNED") == []


FRAGMENTS = (
    "#<img src=x onerror=alert(1)>",
    "#javascript:alert(1)",
    "#%3Cscript%3Ealert(1)%3C/script%3E&cell=%3Cscript%3E",
    "#%",
    "#&&=&==",
    "#__proto__=1&constructor=2",
)


@pytest.mark.rotated(name="pages", each="kind")
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "portal"])
def test_a_hostile_address_does_nothing(page: Page, site: Site, kind: str) -> None:
    file, _ = site.kinds("sdk")[kind]
    page.open(file, FRAGMENTS[0])
    for fragment in FRAGMENTS:
        page.run("location.hash = arguments[0]", fragment)
        page.until("new Promise((done) => setTimeout(done, 50, true))")
        assert page.run("return document.querySelector('main').innerText.trim().length") > 0
        assert page.run("return window.PWNED") == []
