"""What a report is made of: figures, sentences, charts, Markdown."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from unladen.report import charts
from unladen.report.charts import Bar, Curve
from unladen.report.document import (
    Bullets,
    Document,
    Paragraph,
    Plot,
    Prose,
    Section,
    Table,
    TypedNumber,
    joined,
    listed,
    sentence,
)
from unladen.report.figures import (
    Fact,
    Figure,
    FigureSource,
    compared,
    derived,
    percent,
    rough,
    share,
    total,
    written,
)
from unladen.report.markdown import render
from unladen.report.tables import plain_name

ONE = FigureSource("m.C.track_one", ("'a'",), "1" * 40)
TWO = FigureSource("m.C.track_two", None, "1" * 40)


def figure(value: float, source: FigureSource = ONE) -> Figure:
    return Figure(value, written(value, "calls"), (source,))


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0, "0 %"), (1, "100 %"), (0.5, "50 %"), (0.0321, "3.2 %"), (0.0994, "9.9 %"),
        (0.0996, "10 %"), (0.0004, "below 0.1 %"), (12.5, "1,250 %"), (0.03, "3 %"),
    ],
)  # fmt: skip
def test_a_fraction_is_per_cent(fraction: float, text: str) -> None:
    assert percent(fraction) == text


@pytest.mark.parametrize(
    ("value", "text"), [(3.14159, "3.1"), (27.3, "27"), (1234, "1,200"), (0.0123, "0.012")]
)
def test_a_rough_number_has_two_digits(value: float, text: str) -> None:
    assert rough(value) == text


@pytest.mark.parametrize(
    ("after", "before", "text"),
    [
        (300, 100, "3 times as much"), (199, 100, "99 % more"), (50, 100, "50 % less"),
        (100, 100, "as much"), (104, 100, "4 % more"),
    ],
)  # fmt: skip
def test_a_comparison_says_which_way(after: float, before: float, text: str) -> None:
    found = compared(figure(after), figure(before, TWO))
    assert found is not None
    assert found.text == text
    assert found.sources == (ONE, TWO)


def test_nothing_is_compared_with_nothing() -> None:
    assert compared(figure(3), figure(0)) is None
    assert share(figure(3), figure(0)) is None


def test_what_is_counted_agrees_with_its_number() -> None:
    assert figure(1).counted("case", "cases").text == "1 case"
    assert figure(0).counted("case", "cases").text == "0 cases"


def test_a_sum_has_all_sources_once() -> None:
    found = total([figure(1), figure(2), figure(3, TWO)], "calls")
    assert (found.value, found.text, found.sources) == (6, "6", (ONE, TWO))


def test_a_figure_needs_a_source() -> None:
    with pytest.raises(ValueError, match="no source"):
        derived(1, "1", [])


@pytest.mark.parametrize("text", ["3 calls {}", "{} of 12", "x2 {}", "429 {}"])
def test_a_number_cannot_be_typed(text: str) -> None:
    with pytest.raises(TypedNumber):
        Prose().say(text, figure(1))


def test_nor_handed_over_as_text() -> None:
    with pytest.raises(TypedNumber):
        sentence("{} calls", "3")


def test_a_name_may_hold_a_digit() -> None:
    assert sentence("the p95 is {}", figure(1))[0] == "the p95 is "


def test_a_sentence_without_one_of_its_parts_is_left_out() -> None:
    text = Prose()
    assert not text.say("It takes {}.", None)
    assert text.paragraph() == []
    assert text.say("It takes {}.", figure(3))
    assert not text.say("And {}.", None)
    assert text.paragraph() == [Paragraph(("It takes ", figure(3), "."))]


def test_a_sentence_has_as_many_parts_as_places() -> None:
    with pytest.raises(ValueError, match="has 1 places, not 2"):
        sentence("It takes {}.", figure(1), figure(2))


def test_lists() -> None:
    assert listed(["a"]) == ["a"]
    assert listed(["a", ["b", "c"], "d"], "or") == ["a", ", ", "b", "c", " or ", "d"]
    assert joined([["a"], ["b"]], "; ") == ["a", "; ", "b"]


def texts(svg: str) -> list[str]:
    root = ET.fromstring(svg)
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


def test_bars_say_their_labels_and_values() -> None:
    svg = charts.bars("A <title>", [Bar("a & b", 2, "2 s"), Bar("c" * 90, 0, "0 s")])
    said = texts(svg)
    assert said[0] == "A <title>"
    assert {"a & b", "2 s", "0 s"} <= set(said)
    assert any(text.endswith("...") and text.startswith("ccc") for text in said)
    widths = [float(w) for w in re.findall(r'class="b p0"[^>]*width="([\d.]+)"', svg)]
    assert widths[0] > widths[1] > 0


def test_lines_have_axes_and_a_legend() -> None:
    lines = [Curve("x", [(5, 1), (1000, 150)]), Curve("y", [(5, 1)])]
    said = texts(charts.lines("T", lines, x_label="agents", y_label="times", log=True))
    assert {"T", "x", "y", "agents", "times", "10", "100"} <= set(said)


@pytest.mark.parametrize(
    "points",
    [[(0, 0), (1, 0)], [(1, 5), (1, 5)], [(0, -3), (9, 3)], [(1, 1e-9), (2, 2e-9)],
     [(n, n * 1e6) for n in range(90)]],
)  # fmt: skip
@pytest.mark.parametrize("width", [1, 2])
def test_any_line_lies_inside_its_chart(points: list[tuple[float, float]], width: int) -> None:
    svg = charts.lines("T", [Curve("x", points)] * width, x_label="x", y_label="y")
    ET.fromstring(svg)
    drawn = " ".join(re.findall(r'points="([^"]*)"', svg))
    for x, y in re.findall(r"([-\d.]+),([-\d.]+)", drawn):
        assert 0 <= float(x) <= charts.WIDTH
        assert 0 <= float(y) <= 340


def test_there_is_no_chart_of_nothing() -> None:
    with pytest.raises(ValueError, match="needs"):
        charts.bars("T", [])
    with pytest.raises(ValueError, match="needs"):
        charts.lines("T", [Curve("x", [])], x_label="", y_label="")


HOSTILE = "a|b `c` *d* <script>alert(1)</script> [x](javascript:1) \\ # & ~"


def document() -> Document:
    fact = Fact(HOSTILE)
    return Document(
        [fact],
        "1" * 40,
        [Paragraph(["It takes ", figure(3), " for ", fact, "."])],
        [
            Section(
                "Part",
                [
                    Bullets([[Fact("note", sources=(TWO,)), ": ", Fact("`x` | y", code=True)]]),
                    Table(["Caption."], [["a"], ["b"]], [[[fact], [figure(4)]]]),
                    Plot("p", "<svg/>", ["A plot."], [ONE]),
                ],
            )
        ],
    )


def test_every_number_leads_to_its_series() -> None:
    text = render(document(), lambda plot: f"folder/{plot.name}.svg")
    labels = set(re.findall(r"\]\[([^\]]+)\]", text))
    defined = dict(re.findall(r"^\[([^\]]+)\]: (#s\d+) ", text, re.MULTILINE))
    assert labels == set(defined)
    anchors = dict(re.findall(r'<a id="(s\d+)"></a>\d+\. `([^`]+)`', text))
    assert {anchors[target[1:]] for target in defined.values()} == {"m.C.one", "m.C.two"}
    assert "It takes [3][s1] for" in text
    assert "![A plot.](folder/p.svg)" in text


def test_text_of_others_stays_text() -> None:
    text = render(document(), None)
    assert not re.search(r"(?<!\\)<(?!a id=|/a>|sub>|/sub>)", text)
    assert "](javascript" not in text.replace("\\]", "")
    row = next(line for line in text.splitlines() if line.startswith("| a"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 3
    assert "*(Plot: A plot.)*" in text


def test_a_label_stays_short_however_many_series_there_are() -> None:
    many = tuple(FigureSource(f"m.C.track_{n}", None, "1" * 40) for n in range(9))
    paragraph = Paragraph([Figure(9, "9", many)])
    text = render(Document(["T"], "1" * 40, [paragraph], []), None)
    assert "[9][s1+s2+s3+6 more]" in text
    assert "m.C.8" in text


def test_an_underscore_within_a_word_stands_for_itself() -> None:
    document = Document([Fact("an_sdk")], "1" * 40, [Paragraph([Fact("_x_ and a_b")])], [])
    assert render(document, None) == "# an_sdk\n\n\\_x\\_ and a_b\n"


def test_quantities_are_told_by_plain_names() -> None:
    assert plain_name("sdk_bytecodes") == "bytecodes of its own"
    assert plain_name("function_calls") == "function calls"
