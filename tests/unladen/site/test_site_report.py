"""The report as a page of the site."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from made_history import commits, history, series
from made_report import CAPABILITY, over

from unladen.changes.by_commit import group_changes
from unladen.changes.exact import find_exact_changes
from unladen.report.document import Bullets, Document, Paragraph, Plot, Section, Table
from unladen.report.figures import Fact, Figure, FigureSource
from unladen.report.write import write
from unladen.site.pages import render
from unladen.site.report_page import newest_results, page_variables, write_plots
from unladen.store.records import Note, Record

COMMIT = commits(1)[0].hash
SOURCE = FigureSource("m.C.track_a", ("'a b'",), COMMIT)
HOSTILE = '"><img src=x onerror=alert(1)>'


def page(*blocks: Paragraph | Bullets | Table | Plot) -> str:
    document = Document([Fact(HOSTILE)], COMMIT, [], [Section("Part", blocks)])
    return render(
        "report.html",
        title="t",
        target="sdk",
        home="index.html",
        portal="",
        navigation=[],
        root="",
        scripts=(),
        data=(),
        **page_variables(document, {COMMIT}),
    )


def test_a_figure_leads_to_its_cell() -> None:
    text = page(Paragraph(["It takes ", Figure(3, "3 s", (SOURCE,)), "."]))
    link = '<a href="series.html#m.C.track_a&amp;cell=a%20b" title="from m.C.a (a b)">3 s</a>'
    assert f"<p>It takes {link}.</p>" in text


def test_a_commit_leads_to_its_page_if_it_has_one() -> None:
    known, unknown = Fact("00000000", True, COMMIT), Fact("beef", True, "beef" * 10)
    text = page(Bullets([[known], [unknown]]))
    assert f'<li><a href="commit.html#{COMMIT}"><code>00000000</code></a></li>' in text
    assert "<li><code>beef</code></li>" in text


def test_microseconds_are_spelled_as_on_all_pages() -> None:
    text = page(Paragraph(["It takes ", Figure(12e-6, "12 us", (SOURCE,)), "."]))
    assert ">12 µs</a>" in text


def test_text_of_others_is_escaped() -> None:
    fact = Fact(HOSTILE, code=True, sources=(FigureSource(HOSTILE, None, COMMIT),))
    table = Table([Fact(HOSTILE)], [[fact], ["b"]], [[[fact], [Figure(1, HOSTILE, (SOURCE,))]]])
    plot = Plot("p", "<svg/>", [Fact(HOSTILE)], [FigureSource(HOSTILE, None, COMMIT)])
    text = page(Paragraph([fact]), Bullets([[fact]]), table, plot)
    assert "<img src=x" not in text
    assert len(re.findall(r"<img ", text)) == 1


def test_numbers_stand_to_the_right_of_text() -> None:
    table = Table(["c"], [["name"], ["value"]], [[["x"], [Figure(1, "1", (SOURCE,))]]])
    text = page(table)
    assert '<th scope="col">name</th><th scope="col" class="number">value</th>' in text
    assert re.search(r'<th scope="row">x</th><td class="number"><a [^>]*>1</a></td>', text)


def test_the_report_is_of_the_newest_measured_commit(tmp_path: Path) -> None:
    sizes = ["5", "10"]
    made = history(
        (
            over("scaling.Agents.track_sdk_bytecodes", "agents", sizes),
            [[1, 2], [3, 6], [None, None]],
        ),
        (series("m.C.track_b"), [1, 2, None]),
    )
    note = Note("m.C.track_b", (), "n")
    made = replace(made, records=[None, Record(notes=(note,)), None])
    document = write(newest_results(group_changes(made, find_exact_changes(made))))
    assert document.commit == made.commits[1].hash
    write_plots(document, tmp_path)
    assert (tmp_path / "report" / f"{CAPABILITY}-scaling.svg").read_text().startswith("<svg ")
