"""A verdict as Markdown, JSON and JUnit."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET
from dataclasses import asdict
from typing import Any

import pytest
from made_history import commits, series
from terminals import Terminal, unstyled

from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.ab.statistics import estimate
from unladen.compare.gate import junit, markdown
from unladen.compare.gate.as_json import as_json
from unladen.compare.gate.model import Finding, GateResult, Judgement
from unladen.measure.machine_load import Load
from unladen.store.series import Status
from unladen.text.markdown_screen import MarkdownScreen
from unladen.text.screen import Screen
from unladen.text.terminal import width

NASTY = "m.C.track_<b>|`x`\x1b[31m"


def finding(judgement: Judgement, name: str = "m.C.track_x", **changes: Any) -> Finding:
    info = series(name, unit="seconds")
    fields: dict[str, Any] = {
        "cell": Cell(info, 0),
        "judgement": judgement,
        "before": Sample(Status.MEASURED, [1.0]),
        "after": Sample(Status.MEASURED, [1.2]),
        "worse": 0.2,
        "threshold": 0.01,
    }
    return Finding(**{**fields, **changes})


def result_of(*findings: Finding, **changes: Any) -> GateResult:
    base, head = commits(2)
    fields: dict[str, Any] = {
        "target": "sdk",
        "base": base,
        "head": head,
        "python": "3.11.7",
        "machine": "lab",
        "findings": findings,
        "rounds": 8,
        "seconds": 61.0,
    }
    return GateResult(**{**fields, **changes})


BROKEN = finding(
    Judgement.BROKEN,
    "m.D.track_y",
    after=Sample(Status.FAILED, reason="ValueError: <script>alert(1)</script>"),
    worse=None,
)
SAMPLED = finding(
    Judgement.REGRESSION,
    cell=Cell(series("m.C.time_z", kind="sampled", unit="seconds"), 0),
    first=estimate([0.1] * 4),
    again=estimate([0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17]),
)


@pytest.mark.parametrize(
    ("findings", "changes", "code"),
    [
        ([finding(Judgement.SAME)], {}, 0),
        ([finding(Judgement.IMPROVEMENT)], {}, 0),
        ([finding(Judgement.MINOR)], {}, 0),
        ([finding(Judgement.CLEARED), finding(Judgement.FLAGGED)], {}, 0),
        ([finding(Judgement.CLEARED), finding(Judgement.UNDECIDED)], {}, 5),
        ([finding(Judgement.UNDECIDED)], {"accepts_undecided": True}, 0),
        ([finding(Judgement.UNSTEADY)], {}, 5),
        (
            [finding(Judgement.UNDECIDED), finding(Judgement.REGRESSION)],
            {"accepts_undecided": True},
            1,
        ),
        ([finding(Judgement.UNDECIDED), BROKEN], {}, 3),
        ([finding(Judgement.REGRESSION)], {}, 1),
        ([finding(Judgement.REGRESSION), BROKEN], {}, 3),
        ([finding(Judgement.GONE)], {}, 3),
        ([finding(Judgement.NOT_MEASURED)], {}, 4),
        ([], {}, 4),
        ([], {"same_code": True}, 0),
    ],
)
def test_exit_codes(findings: list[Finding], changes: dict[str, Any], code: int) -> None:
    assert result_of(*findings, **changes).exit_code == code


def test_markdown_says_the_verdict_and_how_to_reproduce() -> None:
    text = markdown.render(result_of(SAMPLED, finding(Judgement.SAME)), "unladen --target sdk")
    assert text.startswith("### ❌ Regression: 1 regression in 2 values")
    assert "20 % worse" in text
    assert "8 rounds" in text
    assert "unladen --target sdk gate 00000000 00000001 --series '^m\\.C\\.time_z$'" in text
    assert "unladen --target sdk bisect m.C.time_z 00000000 00000001" in text


BUSY = Load(waiting=0.93, stolen=0.0, average=26.4, cores=2)
QUIET = Load(waiting=0.02, stolen=0.0, average=1.1, cores=2)


@pytest.mark.parametrize("accepted", [False, True])
def test_what_could_not_be_judged_is_said_first(accepted: bool) -> None:
    doubted = finding(Judgement.UNDECIDED, "m.C.time_z")
    flagged = finding(Judgement.FLAGGED, "m.C.time_y")
    found = result_of(
        *(doubted, flagged, finding(Judgement.SAME)),
        load=BUSY,
        waited=60.0,
        accepts_undecided=accepted,
    )
    line = "Could not judge: 1 undecided, 1 flagged in 3 values; the machine was busy (processes "
    line += "waited for a CPU 93 % of the time, load 26.4 on 2 cores)"
    text = markdown.render(found, "unladen")
    assert text.splitlines()[0] == f"### ⚠️ {line}"
    assert "60 s of them waiting for a quiet machine" in text
    assert ("accepted by --accept-undecided" if accepted else "exit code 5") in text
    data = as_json(found)
    assert (data["verdict"], data["judged"]) == (line, False)
    assert data["exit_code"] == (0 if accepted else 5)
    assert data["load"] == {**asdict(BUSY), "busy": True}
    (suite,) = ET.fromstring(junit.render(found))
    kind = "skipped" if accepted else "error"
    assert (suite.attrib["errors"], suite.attrib["skipped"]) == ("01"[not accepted], "01"[accepted])
    (case,) = [case for case in suite if case.attrib["name"] == "time_z"]
    assert [child.tag for child in case] == [kind]
    assert "could not be judged; the machine was busy" in case[0].attrib["message"]


def test_a_regression_counts_what_else_is_open() -> None:
    found = result_of(SAMPLED, finding(Judgement.UNDECIDED), load=QUIET)
    said = markdown.render(found, "unladen").splitlines()[0]
    assert said == "### ❌ Regression: 1 regression, 1 undecided in 2 values"


def test_a_quiet_machine_is_no_excuse() -> None:
    assert "busy" not in markdown.render(
        result_of(finding(Judgement.UNDECIDED), load=QUIET), "unladen"
    )


def test_markdown_fits_one_screen() -> None:
    many = [
        finding(judgement, f"m.C.track_{judgement.name}_{n}")
        for judgement in Judgement
        for n in range(100)
    ]
    text = markdown.render(result_of(*many), "unladen")
    assert len(text.splitlines()) <= 60
    assert "more series" in text


def test_markdown_escapes_what_others_wrote() -> None:
    nasty = finding(Judgement.REGRESSION, NASTY)
    remark = "see @everyone at https://example.org <img>"
    text = markdown.render(result_of(nasty, BROKEN, remarks=[remark]), "unladen")
    assert "`ValueError: <script>alert(1)</script>`" in text  # code, which nothing obeys
    assert text.count("<script>") == 1
    assert "<img>" not in text
    assert "@everyone" not in text
    assert "https://example" not in text
    assert "\x1b" not in text
    (row,) = [line for line in text.splitlines() if "m.C.<b>" in line and line[0] == "|"]
    assert row.count("|") == 6  # the name's own bar is none of the table's


def test_json_is_strict_and_complete() -> None:
    infinite = finding(Judgement.REGRESSION, worse=math.inf)
    text = json.dumps(as_json(result_of(SAMPLED, BROKEN, infinite)), allow_nan=False)
    data = json.loads(text)
    assert data["exit_code"] == 3
    first, broken, endless = data["findings"]
    assert first["measured_again"]["rounds"] == 8
    assert first["measured_again"]["ratio"] == pytest.approx(math.exp(0.135))
    assert first["first_look"]["low"] is None
    reason = BROKEN.after.reason
    assert broken["after"] == {"status": "failed", "value": None, "word": None, "reason": reason}
    assert endless["worse"] is None


def test_junit_has_a_case_for_each_series() -> None:
    other = finding(Judgement.NOT_MEASURED, "m.E.track_v", after=Sample(Status.NOT_APPLICABLE))
    nasty = finding(Judgement.REGRESSION, NASTY + "\x00\ufffe")
    found = result_of(SAMPLED, BROKEN, other, nasty, finding(Judgement.SAME))
    (suite,) = ET.fromstring(junit.render(found))
    assert suite.attrib["tests"] == "5"
    assert suite.attrib["failures"] == "3"
    assert suite.attrib["skipped"] == "1"
    cases = {case.attrib["name"]: case for case in suite}
    assert [child.tag for child in cases["time_z"]] == ["failure"]
    assert "20 % worse" in cases["time_z"][0].attrib["message"]
    assert "ValueError: <script>" in str(cases["y"][0].text)
    assert [child.tag for child in cases["v"]] == ["skipped"]
    assert len(cases["x"]) == 0


def test_junit_of_nothing_is_an_error() -> None:
    (suite,) = ET.fromstring(junit.render(result_of()))
    assert suite.attrib["errors"] == "1"


@pytest.mark.parametrize("columns", [60, 80, 100, 160])
def test_on_a_terminal_no_change_is_cut(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.delenv("NO_COLOR", raising=False)
    long = finding(Judgement.REGRESSION, f"module.{'Long' * 20}.track_{'*x*' * 10}")
    found = result_of(long, finding(Judgement.REGRESSION, NASTY), BROKEN, SAMPLED)
    stream = Terminal()
    Screen(stream, is_whole=True).print(MarkdownScreen(markdown.render(found, "unladen")))
    shown = unstyled(stream.getvalue())
    assert "\x1b" not in shown
    assert max(map(width, shown.splitlines())) <= columns
    assert shown.count("20 % worse") == 3
    dense = "".join(shown.split())
    assert "x1.12to1.17,8rounds,p0.0078" in dense
    assert "ValueError:<script>alert(1)</script>" in dense
