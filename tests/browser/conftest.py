"""One made-up site and one browser for all tests; every test ends with a look at its logs."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from chromium import Page, chromium, programs
from made_site import floor, hostile_target, plain_target
from made_target import publish_all
from published import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The three targets of ``made_site``, published."""
    folder = tmp_path_factory.mktemp("made")
    return Site(publish_all(folder, [floor(), plain_target(), hostile_target()]))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser. Without one the tests are skipped, but never where CI runs them."""
    if programs() is None:
        reason = "chromium and chromedriver are not installed (Debian: chromium, chromium-driver)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with chromium(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture
def look(browser: Page) -> Iterator[Page]:
    """The browser with empty logs, for a site of a test's own. No script may fail."""
    browser.reset()
    yield browser
    browser.look()
    assert browser.errors == []


@pytest.fixture
def page(browser: Page, site: Site) -> Iterator[Page]:
    """The browser with empty logs, light, on a desktop. Afterwards nothing may have gone wrong:
    no script error, no request beyond the site's folder, no window that a script opened."""
    browser.reset()
    yield browser
    opened = browser.run("return window.PWNED || []")
    browser.look()
    assert browser.outside(site.root) == []
    assert browser.errors == []
    assert opened == []
