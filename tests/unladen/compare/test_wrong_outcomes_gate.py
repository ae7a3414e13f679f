"""A gate, and a bisection, on what goes wrong: broken, with both figures and the words."""

from __future__ import annotations

import json

import pytest
from made_history import OLD_FAILURE, WRONG, commits, series
from made_sides import FAILED, NOT_APPLICABLE, MadeSides, sampled

from unladen.asv_bridge.suite import OneRun
from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.ab.interleaved import _sample
from unladen.compare.bisect.probes import nearer
from unladen.compare.bisect.search import ProbeAnswer
from unladen.compare.gate import as_json, junit, markdown
from unladen.compare.gate.exact import judge
from unladen.compare.gate.model import Finding, GateResult, Judgement
from unladen.compare.gate.sampled import Budget, gate_sampled
from unladen.store.reasons import WRONG as MARK
from unladen.store.reasons import tells_wrong_outcome, wrong
from unladen.store.series import Status

SPAN = series("talk.baseline.Run.track_makespan", unit="seconds", group="virtual time")


def right(value: float) -> Sample:
    return Sample(Status.MEASURED, [float(value)])


def bad(value: float) -> Sample:
    return Sample(Status.WRONG, [float(value)], WRONG)


def result_of(*findings: Finding) -> GateResult:
    base, head = commits(2)
    return GateResult("sdk", base, head, "3.11.7", "lab", findings)


@pytest.mark.parametrize(
    ("before", "after", "judgement", "code"),
    [
        (right(4), bad(8), Judgement.WRONG, 3),
        (right(4), bad(4), Judgement.WRONG, 3),
        (NOT_APPLICABLE, bad(4), Judgement.WRONG, 3),
        (bad(8), right(4), Judgement.RIGHT, 0),
        (bad(4), right(8), Judgement.RIGHT, 0),
        (bad(4), bad(8), Judgement.REGRESSION, 1),
        (bad(8), bad(4), Judgement.IMPROVEMENT, 0),
        (bad(4), bad(4), Judgement.SAME, 0),
        (FAILED, bad(4), Judgement.NOT_MEASURED, 4),
        (bad(4), FAILED, Judgement.NOT_MEASURED, 4),
        (bad(4), NOT_APPLICABLE, Judgement.NOT_MEASURED, 4),
    ],
)
def test_what_a_wrong_outcome_is_to_a_gate(
    before: Sample, after: Sample, judgement: Judgement, code: int
) -> None:
    found = judge(Cell(SPAN, 0), before, after, ())
    assert found.judgement is judgement
    assert result_of(found).exit_code == code


def test_both_figures_and_the_words_are_in_every_form_of_the_verdict() -> None:
    said = result_of(
        judge(Cell(SPAN, 0), right(4), bad(8), ()),
        judge(Cell(series("m.f.g", unit="seconds"), 0), bad(8), right(4), ()),
    )
    text = markdown.render(said, "unladen")
    assert text.startswith("### ❌ Broken: 1 wrong in 2 values")
    assert "| `talk.baseline.Run.makespan` | 4 s | 8 s (wrong) | goes wrong |" in text
    assert WRONG in text
    assert "Right again: `m.f.g` 8 s (wrong) -\\> 4 s" in text.replace("-&gt;", "-\\>")
    assert "unladen bisect talk.baseline.Run.makespan" in text
    xml = junit.render(said)
    assert 'failures="1"' in xml
    assert f"4 s -&gt; 8 s (wrong): goes wrong; {WRONG}" in xml
    data = json.loads(json.dumps(as_json.as_json(said)))
    assert data["exit_code"] == 3
    after = data["findings"][0]["after"]
    assert after == {"status": "wrong outcome", "value": 8, "word": None, "reason": WRONG}


def test_sampled_figures_of_a_wrong_outcome_are_not_compared_with_right_ones() -> None:
    def instead(side: int, cell: Cell, number: int) -> Sample | None:
        return bad(0.0005) if side else None

    info = sampled()
    made = MadeSides(instead=instead)
    (found,) = gate_sampled(made, [Cell(info, 0)], (), Budget(), lambda line: None)
    assert (found.judgement, found.after.level, found.after.reason) == (
        Judgement.WRONG,
        0.0005,
        WRONG,
    )
    assert len(made.rounds) == Budget().rounds  # nothing was measured again


def test_a_wrong_outcome_that_seems_cheaper_or_dearer_is_not_measured_again() -> None:
    def instead(side: int, cell: Cell, number: int) -> Sample | None:
        return bad(0.001 * (1.05 + 0.3 * (number % 3))) if side else None

    made = MadeSides(instead=instead)
    (found,) = gate_sampled(made, [Cell(sampled(), 0)], (), Budget(), lambda line: None)
    assert found.judgement is Judgement.WRONG
    assert len(made.rounds) == Budget().rounds


def test_what_a_process_printed_makes_its_figures_wrong() -> None:
    said = f"text\n{MARK}5\n{MARK}{json.dumps('first  line')}\n{MARK}{json.dumps('second')}\n"
    assert wrong(said) == "first line"
    assert wrong(f"{MARK}5") == ""
    assert wrong("text") is None
    assert _sample(OneRun(1.0, [1.0, 2.0], "", 0), said) == Sample(
        Status.WRONG, [1.0, 2.0], "first line"
    )
    assert _sample(OneRun(1.0, None, "", 0), "text") == Sample(Status.MEASURED, [1.0])
    assert _sample(OneRun(None, None, "", 1), said).status is Status.FAILED


@pytest.mark.parametrize(
    ("sample", "good", "end", "answer"),
    [
        (bad(8), right(4), bad(8), ProbeAnswer.BAD),
        (bad(4), right(4), bad(8), ProbeAnswer.BAD),
        (right(8), right(4), bad(8), ProbeAnswer.GOOD),
        (FAILED, right(4), bad(8), ProbeAnswer.SKIP),
        (bad(5), bad(4), bad(8), ProbeAnswer.GOOD),
        (right(8), bad(4), bad(8), ProbeAnswer.SKIP),
        (bad(8), right(4), right(8), ProbeAnswer.SKIP),
    ],
)
def test_a_bisection_tells_right_from_wrong(
    sample: Sample, good: Sample, end: Sample, answer: ProbeAnswer
) -> None:
    assert nearer(sample, good, end) is answer


def test_only_the_old_suites_own_exception_tells_of_a_wrong_outcome() -> None:
    assert tells_wrong_outcome(OLD_FAILURE)
    assert not tells_wrong_outcome("ValueError: WrongOutcome: no")
    assert not tells_wrong_outcome("mine.WrongOutcome: no")
