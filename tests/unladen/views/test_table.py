from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from itertools import product

import pytest
from tiny_project import TinyProject

from unladen.history.commit_values import CellValue, SeriesValues, Status, Values
from unladen.text.screen import Screen
from unladen.views.table import WIDTH, render
from unladen.views.table_json import as_json
from unladen.views.table_screen import show


def values(*series: SeriesValues) -> Values:
    return Values("bare", "0123456789", 1767268800000, "lab", "3.11.7", series)


def cells(points: list[str], value: float) -> list[CellValue]:
    return [CellValue((point,), Status.MEASURED, value) for point in points]


def test_series_that_share_a_parameter_form_a_grid() -> None:
    points = ["'plan'", "'ask one'"]
    text = render(
        values(
            SeriesValues(
                "m.C.track_x", "calls", "exact", {"scenario": points}, cells(points, 1234)
            ),
            SeriesValues(
                "m.C.time_y", "seconds", "sampled", {"scenario": points}, cells(points, 0.5)
            ),
            SeriesValues("m.f", "bytes", "", {}, [CellValue((), Status.MEASURED, 2048)]),
        )
    )
    assert text.splitlines() == [
        "bare at 01234567 of 2026-01-01, on lab, Python 3.11.7",
        "",
        "m.C",
        "  scenario    plan  ask one",
        "  x          1,234    1,234  calls (exact)",
        "  time_y    500 ms   500 ms  (sampled)",
        "",
        "m",
        "  f  2.05 kB",
    ]


def test_with_several_parameters_the_first_goes_down_and_the_others_across() -> None:
    axes = {"s": ["'a'", "'b'"], "n": ["1", "20"], "k": ["'x'", "'y'"]}
    combinations = list(product(*axes.values()))
    cells = [CellValue(params, Status.MEASURED, i) for i, params in enumerate(combinations)]
    text = render(values(SeriesValues("m.f", "calls", "exact", axes, cells)))
    assert text.splitlines()[3:] == [
        "  f  calls (exact)",
        "    n:  1  1  20  20",
        "    k:  x  y   x   y",
        "    s:",
        "    a   0  1   2   3",
        "    b   4  5   6   7",
    ]


def test_a_wide_combination_of_parameters_is_folded() -> None:
    axes = {"s": ["'a'"], "n": [f"'number {n}'" for n in range(30)]}
    cells = [CellValue(params, Status.MEASURED, 5) for params in product(*axes.values())]
    text = render(values(SeriesValues("m.f", "calls", "exact", axes, cells)))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(f"number {n}" in text for n in range(30))


def test_a_wide_grid_is_folded_and_long_reasons_are_cut() -> None:
    points = [f"'scenario number {n}'" for n in range(20)]
    broken = [CellValue((point,), Status.FAILED, None, "x" * 300) for point in points]
    text = render(
        values(SeriesValues("m.C.track_x", "calls", "exact", {"scenario": points}, broken))
    )
    assert max(map(len, text.splitlines())) <= WIDTH
    for number in range(20):
        assert f"scenario number {number}" in text
    assert "failed: x(scenario number 0) and 19 more: xxx" in text


def test_codes_are_words_and_what_is_not_expected_has_its_note() -> None:
    points = ["'a'", "'b'", "'c'", "'d'"]
    made = [
        CellValue(("'a'",), Status.MEASURED, 0, note="not to be shown", is_expected=True),
        CellValue(
            ("'b'",), Status.MEASURED, 1, note="first line\n  second line", is_expected=False
        ),
        CellValue(("'c'",), Status.MEASURED, 7, is_expected=False),
        CellValue(("'d'",), Status.MEASURED, 1, note="not to be shown"),
    ]
    one = SeriesValues(
        "m.C.track_x", "outcome", "exact", {"f": points}, made, codes=("good", "bad")
    )
    assert render(values(one)).splitlines()[2:] == [
        "m.C",
        "  f     a    b  c    d",
        "  x  good  bad  7  bad  (exact)",
        "  bad: x(b): first line",
        "      second line",
    ]
    rows = as_json(values(one))["rows"]
    assert [row["word"] for row in rows] == ["good", "bad", None, "bad"]
    assert [row["value"] for row in rows] == [0, 1, 7, 1]
    assert [row["note"][:5] for row in rows] == ["not t", "first", "", "not t"]


def test_many_values_of_a_shared_parameter_go_down() -> None:
    points = [f"'a rather long scenario, number {n}'" for n in range(40)]
    made = [
        SeriesValues(f"m.C.track_{n}", "calls", "exact", {"scenario": points}, cells(points, n))
        for n in range(3)
    ]
    lines = render(values(*made)).splitlines()
    assert len(lines) == 3 + 2 + 40
    assert lines[5].split() == ["a", "rather", "long", "scenario,", "number", "0", "0", "1", "2"]
    assert max(map(len, lines)) <= WIDTH


def test_series_that_were_not_measured_are_counted() -> None:
    text = render(values(SeriesValues("m.f", "s", "exact", {}, [CellValue((), Status.MISSING)])))
    assert text.endswith("1 series not measured at this commit.")


@pytest.mark.slow
def test_the_table_shows_the_newest_commit_with_reasons(measured: TinyProject) -> None:
    newest = measured.unladen("--target", "tiny", "table")
    assert newest.stdout.startswith(f"tiny at {measured.history.commits['good'][:8]} of 2026-01-05")
    assert "value     3  4,000,000  calls (exact)" in newest.stdout
    assert "12.3 ms  (sampled)" in newest.stdout

    commit = measured.history.commits["raising"][:7]
    raising = measured.unladen("table", commit, "--target", "tiny")
    assert "value     2  FAILED" in raising.stdout
    assert "failed: value(b): ValueError: b is broken" in raising.stdout

    first = measured.unladen("table", "main~4", "--target", "tiny")
    assert "n/a: value(b): tiny has no b yet" in first.stdout


def test_the_table_as_json_says_the_same(measured: TinyProject) -> None:
    commit = measured.history.commits["first"]
    shown = measured.unladen("--target", "tiny", "table", commit, "--json")
    (table,) = json.loads(shown.stdout)
    assert table["commit"] == commit
    assert table["rows"][:2] == [
        {
            "series": "work.Work.track_value",
            "params": {"scenario": "'a'"},
            "value": 1,
            "word": None,
            "unit": "calls",
            "kind": "exact",
            "status": "measured",
            "reason": "",
            "note": "",
            "lender": "",
            "carried": "",
        },
        {
            "series": "work.Work.track_value",
            "params": {"scenario": "'b'"},
            "value": None,
            "word": None,
            "unit": "calls",
            "kind": "exact",
            "status": "n/a",
            "reason": "tiny has no b yet",
            "note": "",
            "lender": "",
            "carried": "",
        },
    ]


@pytest.mark.slow
def test_a_commit_that_was_not_measured_is_refused_in_one_line(measured: TinyProject) -> None:
    for commit, said in (
        (measured.history.commits["elsewhere"], "is not measured; the nearest that is: "),
        ("no-such-branch", "no such commit, branch or tag: no-such-branch"),
    ):
        refused = measured.unladen("--target", "tiny", "table", commit)
        assert refused.returncode == 2
        assert refused.stderr.startswith("unladen: ")
        assert said in refused.stderr
        assert len(refused.stderr.splitlines()) == 1


def test_a_reader_that_has_seen_enough_is_no_error(measured: TinyProject) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "unladen", "--target", "tiny", "table"],
        cwd=measured.folder,
        env=measured.variables(),
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 141
    assert done.stderr == ""


def test_on_a_terminal_what_is_wrong_comes_first_then_the_headlines() -> None:
    points = ["'a'", "'b'"]
    failed = [CellValue((point,), Status.FAILED) for point in points]
    missing = [CellValue((point,), Status.NOT_APPLICABLE) for point in points]
    shown = values(
        SeriesValues("m.C.track_away", "calls", "exact", {"f": points}, missing, rank=0),
        SeriesValues("m.C.track_plain", "calls", "exact", {"f": points}, cells(points, 2)),
        SeriesValues("m.C.track_second", "calls", "exact", {"f": points}, cells(points, 3), rank=2),
        SeriesValues("m.C.track_first", "calls", "exact", {"f": points}, cells(points, 4), rank=1),
        SeriesValues("m.C.track_broken", "calls", "exact", {"f": points}, failed),
    )
    stream = io.StringIO()
    show(shown, Screen(stream, is_whole=True), "unladen table --all")
    rows = [line.split(maxsplit=1) for line in stream.getvalue().splitlines() if "m.C." in line]
    assert [[name, text.strip()] for name, text in rows] == [
        ["m.C.broken", "2 of 2 not as expected: FAILED in all 2"],
        ["m.C.first", "4 calls in all 2"],
        ["m.C.second", "3 calls in all 2"],
        ["m.C.plain", "2 calls in all 2"],
        ["m.C.away", "n/a in all 2"],
    ]
