"""The page of a load: one file, no script, no network, light and dark, and what it says."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import PHONE, Page
from test_accessibility import axe, findings

sys.path.append(str(Path(__file__).parents[1] / "unladen" / "load"))
import made_load

from unladen.load.acceptance import judge
from unladen.load.acceptance_file import shipped_criteria
from unladen.load.page import load_page

pytestmark = pytest.mark.slow

assert axe  # the fixture

HOSTILE = "<script>alert('reason')</script>\x1b[2J"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ramp of which some failed, with a provider's limit."""
    chance = random.Random(5)
    lines = [made_load.plan(profile="ramp", limit_per_minute=60, subject=HOSTILE)]
    for n in range(300):
        if n % 20 == 0:
            lines.append(made_load.users(n / 5, n // 20 + 1))
        wait = 1.1 + chance.expovariate(4)
        stream = {"kind": "stream", "events": 9, "first_token": n / 5 + wait / 2}
        kind = stream if n % 5 == 0 else {}
        if n > 250 and n % 3 == 0:
            said = {"status": 429, "reason": HOSTILE, "user": n % 20}
            lines.append(made_load.failed(n / 5, 0.1, "quota", **said))
        else:
            lines.append(made_load.row(n / 5, wait, user=n % 20, calls=1, **kind))
    report = made_load.report([*lines, made_load.users(61.0, 0), made_load.end(65.0)])
    path = tmp_path_factory.mktemp("load") / "load.html"
    path.write_text(load_page(report, judge(shipped_criteria("ramp"), report)))
    return path


@pytest.fixture
def shown(browser: Page, file: Path) -> Iterator[Page]:
    """The page, opened. Afterwards nothing may have gone wrong."""
    browser.reset()
    browser.open(file)
    yield browser
    opened = browser.run("return window.PWNED || []")
    browser.look()
    assert browser.outside(file.parent) == []
    assert browser.errors == []
    assert opened == []


def test_it_says_what_was_measured(shown: Page) -> None:
    text = shown.run("return document.body.innerText")
    for said in ("300 requests", "not met", "Errors under 5 %", "alert(", "planning formula"):
        assert said in text, said
    assert "virtual clock" in text


def test_all_drawings_are_there(shown: Page) -> None:
    widths = shown.run("return [...document.images].map((one) => one.naturalWidth)")
    assert len(widths) == 5
    assert all(widths)


def test_each_user_has_a_row(shown: Page) -> None:
    shown.all("summary")[0].click()
    assert len(shown.wait("details tbody tr", 20)) == 20


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_serious(shown: Page, axe: str, colours: str) -> None:
    shown.colours(colours)
    assert findings(shown, axe) == []


def test_it_fits_a_phone(shown: Page, axe: str) -> None:
    shown.resize(PHONE)
    assert shown.overflow() == 0
    assert findings(shown, axe) == []
