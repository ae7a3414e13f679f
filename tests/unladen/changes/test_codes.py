"""Series whose values are codes: words instead of numbers, and no ratios."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from made_history import OUTCOMES, commits, history, outcomes, series

from unladen.changes.as_json import as_json
from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.exact import find_exact_changes
from unladen.changes.lines import WIDTH
from unladen.changes.outcomes import sentence
from unladen.changes.summary import summarise
from unladen.changes.text import render
from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.gate import junit, markdown
from unladen.compare.gate.as_json import as_json as gate_json
from unladen.compare.gate.exact import judge
from unladen.compare.gate.model import GateResult, Judgement
from unladen.compare.gate.thresholds import Rule
from unladen.errors import UserError
from unladen.labels.check import commit_values, disagreements
from unladen.labels.labels import Effect, Kind, Label, LabelledChange, Labels, Range
from unladen.labels.score.matching import Matcher, detection_of
from unladen.site.headlines import headline
from unladen.store.benchmarks_file import load_series
from unladen.store.series import SeriesInfo, Status
from unladen.text.units import quantity, word

PLAIN = series("m.C.track_mode", unit="mode", codes=("off", "slow", "fast"))


def report(*rows: tuple[SeriesInfo, Any]) -> HistoryChanges:
    made = history(*rows)
    return group_changes(made, find_exact_changes(made))


@pytest.mark.parametrize("value", [-1, 0.5, 3, float("nan"), float("inf"), None])
def test_what_is_no_code_has_no_word(value: float | None) -> None:
    assert word(value, ("a", "b", "c")) is None
    assert word(0, ()) is None


def test_a_code_is_its_word_and_others_are_numbers() -> None:
    assert [quantity(v, "outcome", "exact", ("a", "b")) for v in (0, 1.0, 2, 0.5)] == [
        *("a", "b", "2", "0.5")
    ]


def described(tmp_path: Path, **changes: object) -> Path:
    entry = {
        "kind": "exact",
        "version": "1",
        "param_names": ["fault"],
        "params": [["'offer: hangs'", "'x'"]],
        "codes": ["good", "bad \x1b[31m"],
        "expected": {"offer: hangs": ["good"], "no such case": []},
        "about": {"offer: hangs": "two\nlines"},
        **changes,
    }
    (tmp_path / "benchmarks.json").write_text(json.dumps({"version": 2, "m.f": entry}))
    return tmp_path


def test_codes_and_what_is_expected_are_read_from_benchmarks_json(tmp_path: Path) -> None:
    info = load_series(described(tmp_path))["m.f"]
    assert info.codes == ("good", "bad \ufffd[31m")
    assert info.about == {"offer: hangs": "two lines"}
    first, second = info.cells
    assert [info.is_expected(first, value) for value in (0, 1, 7, None)] == [
        *(True, False, False, None)
    ]
    assert info.is_expected(second, 0) is None


@pytest.mark.parametrize(
    "changes",
    [
        *({"codes": "good"}, {"codes": [1]}, {"codes": ["a", "a"]}, {"codes": ["", "a"]}),
        *({"codes": [str(n) for n in range(1000)]}, {"codes": {"a": 1}}, {"codes": 7}),
        *({"expected": ["good"]}, {"expected": {"x": "good"}}, {"expected": {"x": ["other"]}}),
        *({"expected": {"x": [["good"]]}}, {"about": ["x"]}, {"about": {"x": 1}}, {"about": "x"}),
    ],
)
def test_malformed_codes_are_refused(changes: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="a benchmark is malformed"):
        load_series(described(tmp_path, **changes))


def test_a_change_of_codes_is_told_in_words_without_a_ratio() -> None:
    found = report((PLAIN, [0, 2, 1]))
    lines = render(found, None).splitlines()
    (better,) = [line for line in lines if "better " in line and "m.C.mode" in line]
    assert better.split() == ["better", "m.C.mode", "fast", "->", "slow"]
    (worse,) = [line for line in lines if "WORSE " in line and "m.C.mode" in line]
    assert worse.split() == ["WORSE", "m.C.mode", "off", "->", "fast"]
    assert "off -> fast" in summarise(found)
    first, _ = as_json(found)["changes"]
    assert first["before"] == {"status": "measured", "value": 2, "word": "fast", "reason": ""}
    assert first["ratio"] is None


def test_a_code_out_of_range_is_a_number() -> None:
    (line,) = [line for line in render(report((PLAIN, [0, 7])), None).splitlines() if "->" in line]
    assert line.split() == ["WORSE", "m.C.mode", "off", "->", "7"]


def test_codes_do_not_drift_whatever_they_are() -> None:
    many = series("m.C.track_mode", codes=[f"mode {n}" for n in range(100)])
    assert report((many, [90, 91, 92, 93, 94])).drifts == []


def test_a_change_of_outcome_is_a_sentence() -> None:
    rows = [[0, 0, 2], [4, 4, 2], [0, 3, 0]]
    found = report((outcomes(), rows))
    lines = [" ".join(line.split()) for line in render(found, None).splitlines()]
    assert [line for line in lines if " now " in line] == [
        "better now recovers from 'offer: hangs' (was hang)",
        "better now recovers from 'center: raises' (was typed error)",
        "better now crashes when 'offer: 429' (was hang)",
        "WORSE now hangs when 'offer: hangs', 'offer: 429' (was recovered) 1 of 2 still there",
    ]
    line = headline(found.commits[-1].items[0])
    assert (line.before, line.after, line.unit, line.size) == ("recovered", "hang", "", "")


def test_a_sentence_about_many_cases_fits_its_line() -> None:
    cases = [f"place number {n}: it hangs, every call" for n in range(50)]
    many = outcomes(axes={"fault": [repr(case) for case in cases]})
    found = report((many, [[0] * 50, [4] * 50, [0] * 50]), (PLAIN, [0, 1, 0]))
    lines = render(found, None).splitlines()
    assert max(map(len, lines)) <= WIDTH
    (worse,) = [line for line in lines if "now hangs" in line]
    assert worse.startswith("  WORSE   now hangs when 'place number 0: it hangs, every call' +49 ")
    assert worse.endswith("(was recovered)  fixed 00000002")


def test_outcomes_with_words_of_their_own_have_regular_sentences() -> None:
    other = outcomes(codes=("fine", "odd"), expected={"offer: hangs": ("fine",)})
    assert sentence(other, ["a", "b"], 0, 1) == "now gives odd when 'a', 'b' (was fine)"
    assert sentence(other, ["a"], 0, 5) == ""
    assert sentence(PLAIN, ["a"], 0, 1) == ""


def sample(value: int) -> Sample:
    return Sample(Status.MEASURED, [float(value)])


def gate(info: SeriesInfo, *pairs: tuple[int, int], rules: Any = ()) -> GateResult:
    base, head = commits(2)
    findings = [
        judge(Cell(info, n), sample(before), sample(after), rules)
        for n, (before, after) in enumerate(pairs)
    ]
    return GateResult("sdk", base, head, "3.11.7", "lab", findings)


def test_a_gate_tells_outcomes_in_words() -> None:
    result = gate(outcomes(), (2, 4), (2, 4), (3, 0))
    text = markdown.render(result, "unladen")
    assert "| typed error | hang | worse | certain |" in text
    assert "- now hangs when 'offer: 429', 'offer: hangs' (was typed error)" in text
    assert "- now recovers from 'center: raises' (was untyped crash)" in text
    (suite,) = ET.fromstring(junit.render(result))
    assert "now hangs when 'offer: hangs' (was typed error)" in suite[0][0].attrib["message"]
    first = json.loads(json.dumps(gate_json(result), allow_nan=False))["findings"][0]
    assert first["after"] == {"status": "measured", "value": 4, "word": "hang", "reason": ""}
    assert first["worse"] is None


def test_many_changed_outcomes_are_one_line_for_each_kind() -> None:
    cases = tuple(f"case `{n}` | <b>" for n in range(300))
    many = outcomes(axes={"fault": [repr(case) for case in cases]})
    pairs = [(n % 4, 4) for n in range(300)]
    text = markdown.render(gate(many, *pairs), "unladen")
    (line,) = [line for line in text.splitlines() if "(was recovered)" in line]
    assert line.startswith(r"- now hangs when 'case \`0\` \| &lt;b&gt;'")
    assert line.endswith("and 71 more")
    assert len(text.splitlines()) <= 60


def test_no_threshold_hides_a_change_of_codes() -> None:
    rules = [Rule.parse("*=90")]
    assert [one.judgement for one in gate(outcomes(), (3, 4), rules=rules).findings] == [
        Judgement.REGRESSION
    ]
    assert OUTCOMES[3] == "untyped crash"


def test_labels_of_outcomes_are_checked_and_scored_by_their_numbers() -> None:
    info = outcomes()
    made = history((info, [[0, 2, 2], [4, 2, 2], [4, 0, 2]]))

    def exactly(number: int) -> Range:
        return Range(number, number)

    def label(n: int, kind: Kind, *changes: LabelledChange) -> Label:
        return Label(f"commit {n}", kind, "it does", changes)

    hangs = LabelledChange(info.name, Effect.WORSE, ("offer: hangs",), exactly(0), exactly(4))
    recovers = LabelledChange(info.name, Effect.BETTER, ("offer: 4*",), exactly(2), exactly(0))
    first = label(0, Kind.FEATURE)
    good = (first, label(1, Kind.REGRESSION, hangs), label(2, Kind.IMPROVEMENT, recovers))
    values = commit_values(made)
    assert disagreements(Labels("3.11", good), {info.name: info}, values) == []
    unlabelled = (*good[:2], label(2, Kind.NEUTRAL))
    assert len(disagreements(Labels("3.11", unlabelled), {info.name: info}, values)) == 1

    judge = Matcher(made, Labels("3.11", good))
    places = {commit.hash: n for n, commit in enumerate(made.commits)}
    detections = [detection_of(change, places) for change in find_exact_changes(made)]
    matched = judge.match(judge.truths, detections)
    assert [(truth.commit, detection is not None) for truth, detection in matched.found] == [
        *((1, True), (2, True))
    ]
    assert not matched.wrong


@pytest.mark.parametrize(("last", "is_undone"), [(4, True), (3, False), (2, False)])
def test_a_better_outcome_is_undone_by_one_as_bad_as_before(last: int, is_undone: bool) -> None:
    """From one unexpected outcome to another and back."""
    made = history((outcomes(), [[4, 0, 0], [3, 0, 0], [last, 0, 0]]))
    change = find_exact_changes(made)[0]
    assert (change.undone_by is not None) is is_undone
