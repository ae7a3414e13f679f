"""The flame graph of a difference."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from made_explanation import made_explanation, made_pair, rows
from made_sources import Row, own

from unladen.errors import UserError
from unladen.explain.code import Key
from unladen.explain.contexts import RunFunction
from unladen.explain.flamegraph import MARGIN, WIDTH, flamegraph
from unladen.explain.run import CommitPair, ExplainedPair
from unladen.explain.work.tally import SURROUNDINGS

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert(1)</script> & "q" \x1b[31m ]]> \u202e'


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> CommitPair:
    return made_pair(tmp_path_factory.mktemp("flamegraph"), f"Ask {HOSTILE}")


class Graph:
    """What is in a picture."""

    def __init__(self, found: ExplainedPair) -> None:
        self.text = flamegraph(found)
        self.root = ElementTree.fromstring(self.text)
        self.boxes = {
            title.partition("\n")[0]: (box, title)
            for box in self.root.iter(f"{SVG}g")
            if (title := box.findtext(f"{SVG}title")) is not None
        }

    def width(self, name: str) -> float:
        return float(self._rect(name).attrib["width"]) + 0.5

    def shade(self, name: str) -> str:
        return self._rect(name).attrib["class"]

    def _rect(self, name: str) -> ElementTree.Element:
        found = self.boxes[name][0].find(f"{SVG}rect")
        assert found is not None
        return found


def test_it_is_as_wide_as_what_is_executed_and_red_where_more_is(pair: CommitPair) -> None:
    graph = Graph(made_explanation(pair, rows(1, "was_called"), rows(4)))
    whole = WIDTH - 2 * MARGIN
    assert graph.width("run  sdk/engine.py") == pytest.approx(whole * 496 / 523, abs=0.02)
    assert graph.width("ask  sdk/engine.py") == pytest.approx(whole * 436 / 523, abs=0.02)
    assert graph.shade("ask  sdk/engine.py") == graph.shade("run  sdk/engine.py") == "more4"
    assert graph.shade("is_called  sdk/engine.py") == graph.shade(SURROUNDINGS) == "same"
    title = graph.boxes["ask  sdk/engine.py"][1].splitlines()
    assert title[1:] == [
        "109 -> 436 (+327, +300.0%)",
        "83.4% of all",
        "in itself 2 -> 8",
        "the commit changes it",
    ]


def test_if_less_is_executed_it_is_as_wide_as_before_and_blue(pair: CommitPair) -> None:
    graph = Graph(made_explanation(pair, rows(4, "was_called"), rows(1)))
    assert graph.width("run  sdk/engine.py") == pytest.approx(1180 * 496 / 523, abs=0.02)
    assert graph.shade("ask  sdk/engine.py") == "less4"
    assert "as wide as what is executed before" in graph.text


def test_what_the_drawn_commit_does_not_execute_is_named(pair: CommitPair) -> None:
    gone: list[Row] = [*rows(1, "was_called"), (2, own("gone"), 1, 1, {1: 33})]
    graph = Graph(made_explanation(pair, gone, rows(4)))
    assert "gone  sdk/engine.py" not in graph.boxes
    assert "executed only before, and not drawn: gone -33" in graph.text


def test_what_is_too_narrow_is_counted(pair: CommitPair) -> None:
    many: list[Row] = [*rows(4), *((2, own(f"f{n}"), 1, 1, {1: 1}) for n in range(7))]
    large: list[Row] = [(-1, own("large"), 0, 1, {1: 10**8})]
    graph = Graph(made_explanation(pair, [], [*many, *large]))
    assert "large  sdk/engine.py" in graph.boxes
    assert len(graph.boxes) == 1
    left = len(many) - 1  # two of the loop are one frame
    assert f"{left} frames narrower than 0.5 px are left out" in graph.text


def test_hostile_names_stay_text(pair: CommitPair) -> None:
    hostile = RunFunction("own", Key(f"sdk/{HOSTILE}.py", HOSTILE))
    made: list[Row] = [(-1, hostile, 0, 1, {1: 10})]
    graph = Graph(made_explanation(pair, [], made, target=HOSTILE))
    allowed = {f"{SVG}{name}" for name in ("svg", "title", "style", "rect", "g", "text")}
    assert {one.tag for one in graph.root.iter()} == allowed
    assert "\x1b" not in graph.text
    assert "\u202e" not in graph.text
    assert all("alert(1)" in title for _, title in graph.boxes.values())


def test_it_needs_nothing_from_outside(pair: CommitPair) -> None:
    text = flamegraph(made_explanation(pair, rows(1, "was_called"), rows(4)))
    own_name = 'xmlns="http://www.w3.org/2000/svg"'
    assert "http" not in text.replace(own_name, "")
    assert not [word for word in ("<script", "href", "url(", "@import", "<!") if word in text]
    assert "prefers-color-scheme:dark" in text


def test_no_label_is_wider_than_its_box(pair: CommitPair) -> None:
    graph = Graph(made_explanation(pair, rows(1, "was_called"), rows(4)))
    for box, _ in graph.boxes.values():
        label, rect = box.findtext(f"{SVG}text"), box.find(f"{SVG}rect")
        assert rect is not None
        assert len(label or "") * 7.25 <= float(rect.attrib["width"])


def test_without_a_figure_whose_work_is_known_there_is_none(pair: CommitPair) -> None:
    with pytest.raises(UserError, match="there is no flame graph"):
        flamegraph(ExplainedPair("sdk", pair, []))
    with pytest.raises(UserError, match="there is no flame graph"):
        flamegraph(made_explanation(pair, [], []))


def test_it_is_the_same_each_time(pair: CommitPair, tmp_path: Path) -> None:
    found = made_explanation(pair, rows(1, "was_called"), rows(4))
    turned = made_explanation(pair, rows(1, "was_called"), [*rows(4)])
    assert flamegraph(found) == flamegraph(turned)
