"""Tools, and calls to the model, that take longer than the SDK was told to wait."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Bullets, Prose, Section, Spans, sentence
from unladen.report.figures import Fact
from unladen.report.tables import Rows, table_of
from unladen.report.without import without

CLASS = "agent.timeouts.Limit"
HANG = "hang"

_ROWS: Rows = (
    ("what becomes of the run", "track_outcome"),
    ("how late it ends", "track_seconds_late"),
    ("tasks and tools that go on", "track_left"),
    ("what the tool still does", "track_ticks_after_end"),
)


def write(results: CommitResults) -> Section | None:
    """Whether they end in time, and what becomes of the run."""
    text = Prose()
    outcomes = results.series(f"{CLASS}.track_outcome")
    if outcomes is not None:
        text.say(
            "A tool that does something each second, many times, and a call to the model that "
            "never ends, may take {} each.",
            outcomes.held("limit_s", "s"),
        )
    caption = sentence("A run of which one of them takes too long.")
    blocks: list[Block] = [
        *text.paragraph(),
        *table_of(results, CLASS, _ROWS, "what", caption),
        *_said(results),
        *without(results, CLASS),
    ]
    return Section("Time limits", blocks, _exceeded(results)) if blocks else None


def _said(results: CommitResults) -> list[Block]:
    """What comes out where no answer does."""
    series = results.series(f"{CLASS}.track_outcome")
    if series is None:
        return []
    lines = [
        sentence("{}: {}", Fact(what), Fact(note, sources=(series.source(cell),)))
        for what in series.points("what")
        if (note := series.said(cell := series.cell(what=what))) and series.figure(cell) is not None
    ]
    return [Bullets(lines)] if lines else []


def _exceeded(results: CommitResults) -> list[tuple[int, Spans]]:
    """Limits that do not hold, and what goes on after them."""
    outcomes = results.series(f"{CLASS}.track_outcome")
    found: list[tuple[int, Spans]] = []
    for params, outcome in outcomes.figures() if outcomes is not None else ():
        what = Fact(params["what"])
        late = results.value(f"{CLASS}.track_seconds_late", what=what.text)
        left = results.value(f"{CLASS}.track_left", what=what.text)
        ticks = results.value(f"{CLASS}.track_ticks_after_end", what=what.text)
        if outcome.text == HANG:
            said = "A limit of time does not hold ({}): the run ends in a {}."
            found.append((0, sentence(said, what, outcome)))
        elif late is not None and late.value > 0:
            said = "A limit of time does not hold ({}): it is exceeded by {}."
            found.append((0, sentence(said, what, late)))
        elif left is not None and left.value > 0:
            said = "What took too long goes on when the run has ended ({}): {} left, {} more done."
            found.append((0, sentence(said, what, left, ticks or "–")))
    return found
