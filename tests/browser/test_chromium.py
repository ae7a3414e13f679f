"""The tests' own eyes: what must never happen on a page is noticed if it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Page

pytestmark = pytest.mark.slow

BAD = {
    "picture.html": "<img src='http://example.org/x.png'>",
    "script.html": "<script src='https://cdn.example.org/x.js'></script>",
    "fetch.html": "<script>fetch('http://127.0.0.1:1/x').catch(() => 0)</script>",
    "socket.html": "<script>new WebSocket('ws://127.0.0.1:1/x')</script>",
    "above.html": "<link rel=stylesheet href='../above.css'>",
}


@pytest.fixture
def watched(browser: Page) -> Iterator[Page]:
    """The browser with empty logs."""
    browser.reset()
    yield browser
    browser.reset()


@pytest.mark.parametrize("name", BAD)
def test_a_request_beyond_the_folder_is_noticed(watched: Page, tmp_path: Path, name: str) -> None:
    page = tmp_path / "site" / name
    page.parent.mkdir()
    page.write_text(f"<!doctype html><title>x</title>{BAD[name]}")
    watched.open(page)
    watched.look()
    (outside,) = watched.outside(page.parent)
    assert "above.css" in outside or "example.org" in outside or "127.0.0.1" in outside


def test_the_network_is_cut(watched: Page, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><title>x</title>")
    watched.open(tmp_path / "page.html")
    tried = "fetch('http://127.0.0.1:1/').then(() => 'reached', () => 'cut')"
    assert watched.run(f"return {tried}") == "cut"


def test_a_script_error_is_noticed(watched: Page, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><script>missing.name</script>")
    watched.open(tmp_path / "page.html")
    watched.look()
    assert [error for error in watched.errors if "missing is not defined" in error]


def test_a_window_that_a_script_opens_is_noticed(watched: Page, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><script>alert('hello')</script>")
    watched.open(tmp_path / "page.html")
    assert watched.run("return window.PWNED") == ["alert: hello"]
