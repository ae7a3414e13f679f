"""A flame graph as a browser shows it, opened from a file with the network cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Page
from made_site import HOSTILE

from unladen.explain.code import Key
from unladen.explain.contexts import RunFunction
from unladen.explain.flamegraph import picture
from unladen.explain.frames import FunctionFrame

pytestmark = pytest.mark.slow

NAMES = ("Engine.answer", "W" * 40, "計算する" * 8, "m", *HOSTILE)
LABELS = """
return [...document.querySelectorAll("g")].map((box) => {
  const label = box.querySelector("text");
  return [label ? label.getBBox().width : 0, box.querySelector("rect").getBBox().width];
});
"""


def frame(name: str, before: int, after: int, *children: FunctionFrame) -> FunctionFrame:
    totals = [sum(one.total[side] for one in children) for side in (0, 1)]
    total = before + totals[0], after + totals[1]
    function = RunFunction("own", Key(f"sdk/{name[:20]}.py", name))
    return FunctionFrame(function, bool(children), (before, after), total, list(children))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    leaves = [frame(name, 20 * n + 10, 50 * n) for n, name in enumerate(NAMES)]
    roots = [frame(name, 5, 9, frame(name, 1, 90, *leaves)) for name in NAMES[:3]]
    path = tmp_path_factory.mktemp("picture") / "graph.svg"
    path.write_text(picture(HOSTILE[0], [*HOSTILE], roots))
    return path


@pytest.fixture
def page(browser: Page, file: Path) -> Iterator[Page]:
    browser.reset()
    browser.open(file)
    yield browser
    browser.look()
    assert browser.errors == []
    assert browser.outside(file.parent) == []
    assert browser.run("return window.PWNED || []") == []
    browser.reset()


def test_each_label_fits_its_box(page: Page) -> None:
    widths = page.run(LABELS)
    assert len(widths) > 20
    assert any(label for label, _ in widths)
    assert all(label <= box for label, box in widths)


def test_what_others_write_is_text(page: Page) -> None:
    tags = set(page.run("return [...document.querySelectorAll('*')].map((one) => one.tagName)"))
    assert tags == {"svg", "title", "style", "rect", "g", "text"}
    assert "<script>" in page.run("return document.querySelector('.head').textContent")


@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 23, 29)")]
)
def test_it_is_light_and_dark(page: Page, scheme: str, paper: str) -> None:
    page.colours(scheme)
    fill = "getComputedStyle(document.querySelector('.paper')).fill"
    assert page.run(f"return {fill}") == paper
