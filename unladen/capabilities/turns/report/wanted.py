"""What is wanted of a turn besides its answer."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, Table, sentence
from unladen.report.figures import Fact
from unladen.store.series import Status

CLASS = "turns.order.Wanted"
ENDED = "turns.order.Ended"


def write(results: CommitResults) -> Section | None:
    """A table of all that is wanted, and what was not done."""
    outcomes = results.series(f"{CLASS}.track_outcome")
    if outcomes is None:
        return None
    head: list[Spans] = [["wanted"], ["outcome"], ["ends after"], ["what happened"]]
    rows: list[list[Spans]] = []
    findings: list[tuple[int, Spans]] = []
    for cell in range(len(outcomes.info.cells)):
        figure = outcomes.figure(cell)
        if outcomes.status(cell) is not Status.MEASURED or figure is None:
            continue
        point = outcomes.params(cell)["wanted"]
        seconds = results.value(f"{ENDED}.track_seconds", wanted=point)
        note = " ".join(outcomes.note(cell).split())
        rows.append([[Fact(point)], [figure], [seconds or "–"], [Fact(note)]])
        if figure.value > 0:
            said = "What is wanted of a turn is not done ({}): {}."
            findings.append((0, sentence(said, Fact(point), figure)))
    if not rows:
        return None
    text = Prose()
    text.say(
        "A runtime of its own for each, in both orders of what is due at the same instant; the "
        "worse outcome counts. From good to bad: {}.",
        Fact(", ".join(outcomes.info.codes)),
    )
    blocks: list[Block] = [*text.paragraph(), Table(sentence("What became of it."), head, rows)]
    return Section("Priorities, dependencies, time-outs", blocks, findings)
