"""What a report says of the steps of a history that somebody has explained."""

from __future__ import annotations

from dataclasses import replace

from made_history import commits, series
from made_report import figures_of, measured, text_of
from msgspec import structs

from unladen.labels.explanations import Explanation
from unladen.report.sections.explained import write
from unladen.report.write import write as write_report

CALLS = series("m.C.track_calls", group="calls", axes={"n": ["1", "2"]})
SECONDS = series("m.C.track_seconds", group="virtual time", unit="seconds")
WORK = series("m.C.track_bytecodes", group="work")

RESULTS = measured(
    (CALLS, [[1, 1], [2, 4], [2, 4], [2, 4], [2, 4], ["failed", "failed"], ["failed", "failed"]]),
    (SECONDS, [1.0, 1.0, 1.0, 1.0, 2.0, "failed", "failed"]),
    (WORK, [10, 20, 30, 30, 30, "failed", "failed"]),
)
HASHES = [commit.hash[:8] for commit in commits(7)]
TWICE = Explanation(HASHES[1], "asks twice, 2 times", ("a/b.py:7", "a/c.py"), rank=1)
SLEEPS = Explanation(HASHES[4], "sleeps", ("a/d.py:1",))


def test_nothing_is_said_where_nobody_has_explained_anything() -> None:
    assert write(RESULTS) is None


def test_each_step_is_told_with_what_did_it_and_where() -> None:
    section = write(replace(RESULTS, explanations=(SLEEPS, TWICE)))
    said = text_of(section)
    assert f"{HASHES[1]} of 2023-11-15: asks twice, 2 times (a/b.py:7 and a/c.py). " in said
    assert "m.C.calls 2 and 1 more: 1 to 4." in said
    assert f"{HASHES[4]} of 2023-11-18: sleeps (a/d.py:1). m.C.seconds: 1 s to 2 s." in said
    assert said.index("asks twice") < said.index("sleeps")
    assert {figure.sources[0].series for figure in figures_of(section)} == {
        "m.C.track_calls",
        "m.C.track_seconds",
    }


def test_the_neutral_commits_are_counted() -> None:
    said = text_of(write(replace(RESULTS, explanations=(TWICE, SLEEPS))))
    assert "Of 7 measured commits 3 change what the subject does" in said
    assert "Of the 3 others after the first, 2 have such figures:" in said
    assert "At 1 of them the same holds of work and imports. At 1 nothing runs." in said


def test_what_nobody_has_explained_is_told_too() -> None:
    said = text_of(write(replace(RESULTS, explanations=(TWICE,))))
    assert "Nobody has said what did these:" in said
    assert "m.C.seconds: 1 s to 2 s" in said


def test_what_leads_comes_first_in_the_report() -> None:
    report = write_report(replace(RESULTS, explanations=(TWICE, SLEEPS)))
    lead = text_of(replace(report, sections=[]))
    assert f"{HASHES[1]}: asks twice, 2 times. m.C.calls 2 and 1 more: 1 to 4" in lead
    assert "sleeps" not in lead


def test_what_leads_is_told_by_the_step_that_it_shows_and_in_the_order_of_its_rank() -> None:
    twice = structs.replace(TWICE, rank=2, shows="C.calls(1)")
    both = (twice, structs.replace(SLEEPS, rank=1))
    lead = text_of(replace(write_report(replace(RESULTS, explanations=both)), sections=[]))
    assert "asks twice, 2 times. m.C.calls 1: 1 to 2" in lead
    assert lead.index("sleeps") < lead.index("asks twice")
