"""axe-core on every kind of page, light and dark: no serious or critical finding.

Its script comes from the wheel axe-playwright-python, which bundles a current axe-core; its
Playwright is not used.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from chromium import PHONE, Page
from published import KINDS, Site
from test_pages import open_kind

pytestmark = pytest.mark.slow

GRAVE = ("serious", "critical")
RIGHT = "\ue014"
"""The key, in WebDriver's words."""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script."""
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.mark.rotated(name="pages", each="kind")
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_serious(
    page: Page, site: Site, axe: str, kind: str, colours: str
) -> None:
    page.colours(colours)
    open_kind(page, site, kind)
    assert findings(page, axe) == []


@pytest.mark.rotated(name="pages", each="kind")
@pytest.mark.parametrize("kind", KINDS)
def test_nor_on_a_phone(page: Page, site: Site, axe: str, kind: str) -> None:
    page.resize(PHONE)
    open_kind(page, site, kind)
    assert findings(page, axe) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nor_in_a_plot_that_is_used(page: Page, site: Site, axe: str, colours: str) -> None:
    page.colours(colours)
    open_kind(page, site, "series")
    page.run("for (const one of document.querySelectorAll('#one details')) one.open = true")
    page.wait("#plot .plot-legend button")[0].click()
    (area,) = page.wait("#plot .plot-area")
    area.send_keys("+" + RIGHT)
    page.wait("#plot .plot-tip a")
    assert findings(page, axe) == []


def test_axe_works_here(page: Page, site: Site, axe: str) -> None:
    open_kind(page, site, "commits")
    page.run("document.documentElement.removeAttribute('lang')")
    assert [finding for finding in findings(page, axe) if "html-has-lang" in finding]


def findings(page: Page, axe: str) -> list[str]:
    page.run(axe)
    result: dict[str, Any] = page.run_async(
        "const done = arguments[arguments.length - 1];"
        "const failed = (error) => done({ error: String(error) });"
        "axe.run(document, { preload: false }).then(done, failed);"
    )
    assert "error" not in result, result["error"]
    return [
        f"{found['id']} ({found['impact']}): {node['html'][:200]}"
        for found in result["violations"]
        if found["impact"] in GRAVE
        for node in found["nodes"]
    ]
