"""What fails a gate and has been accepted: it passes as far as somebody saw it, and no further."""

from __future__ import annotations

import pytest
from made_history import series

from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.gate.accepted import Accepted
from unladen.compare.gate.exact import judge
from unladen.compare.gate.markdown import render
from unladen.compare.gate.model import GateResult, Judgement
from unladen.repo.commits import Commit
from unladen.store.series import Status
from unladen.store.triage import JudgedSeries, TriageEntry, TriageWord

WORK = series("m.C.track_work")
CPU = series("m.C.time_cpu", kind="sampled", unit="seconds")


def said(
    up_to: float | None, said: TriageWord = TriageWord.ACCEPTED, name: str = WORK.name
) -> Accepted:
    names = {name: JudgedSeries("1", ((),), up_to)}
    return Accepted([TriageEntry("c" * 40, said, "it has to", "Ann", 0, names)])


def judged(accepted: Accepted, before: float | None, after: float | None) -> Judgement:
    def sample(value: float | None) -> Sample:
        return Sample(Status.FAILED) if value is None else Sample(Status.MEASURED, [value])

    finding = judge(Cell(WORK, 0), sample(before), sample(after), [])
    (found,) = accepted.applied([finding])
    return found.judgement


@pytest.mark.parametrize(
    ("up_to", "after", "expected"),
    [
        (0.1, 109.0, Judgement.ACCEPTED),
        (0.1, 110.9, Judgement.ACCEPTED),  # worse than that by less than the threshold
        (0.1, 112.0, Judgement.REGRESSION),
        (0.1, 100.1, Judgement.MINOR),
        (0.1, 90.0, Judgement.IMPROVEMENT),
        (0.1, None, Judgement.BROKEN),
        (None, None, Judgement.ACCEPTED),
        (None, 900.0, Judgement.ACCEPTED),
    ],
)
def test_it_is_accepted_as_far_as_somebody_saw(
    up_to: float | None, after: float | None, expected: Judgement
) -> None:
    assert judged(said(up_to), 100.0, after) is expected


def test_others_and_noise_of_exact_figures_are_not() -> None:
    assert judged(said(None, name="m.C.track_other"), 100.0, 200.0) is Judgement.REGRESSION
    assert judged(said(None, TriageWord.NOISE), 100.0, 200.0) is Judgement.REGRESSION


def test_the_verdict_passes_and_says_why() -> None:
    finding = judge(
        Cell(WORK, 0), Sample(Status.MEASURED, [100.0]), Sample(Status.MEASURED, [110.0]), []
    )
    base, head = (Commit(letter * 40, 0, "Ann", letter) for letter in "ab")
    findings = said(0.1).applied([finding])
    result = GateResult("sdk", base, head, "3.11", "lab", findings)
    text = render(result, "unladen")
    assert result.exit_code == 0
    assert "No regression: 1 accepted in 1 values" in text
    assert "Worse: `m.C.work` 10 % worse; accepted: it has to (cccccccc)" in text
