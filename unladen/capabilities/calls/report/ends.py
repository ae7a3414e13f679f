"""How a call ends, by how its stream goes and what it is given to stream."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults, Series
from unladen.report.document import Block, Prose, Section, Spans, Table, sentence
from unladen.report.figures import Fact
from unladen.store.series import Status

CLASSES = (
    ("calls.ends.Stream", "end", "How a call ends, by how its stream goes."),
    ("calls.ends.Callables", "kind", "The same, by the kind of callable that it is given."),
)


def write(results: CommitResults) -> Section | None:
    """A table of all ends, and those that are not as they should be."""
    blocks: list[Block] = []
    findings: list[tuple[int, Spans]] = []
    for name, axis, caption in CLASSES:
        outcomes = results.series(f"{name}.track_outcome")
        if outcomes is not None:
            blocks.append(_table(results, outcomes, name, axis, caption))
            findings += _findings(outcomes)
    waits = results.value("calls.ends.Stream.track_seconds", end="no target")
    least = results.value("calls.ends.Stream.track_seconds", end="target")
    text = Prose()
    if waits and least:
        told = sentence(
            "A call whose stream has a target takes {}, one whose stream ends without takes {}.",
            least,
            waits,
        )
        text.say("{}", told)
        if waits.value > 2 * least.value:
            findings.append((0, told))
    return Section("How calls end", [*text.paragraph(), *blocks], findings) if blocks else None


def _table(results: CommitResults, outcomes: Series, name: str, axis: str, caption: str) -> Table:
    head: list[Spans] = [
        [axis], ["expected"], ["outcome"], ["what it says"], ["virtual time"], ["bytecodes"],
    ]  # fmt: skip
    rows: list[list[Spans]] = []
    for cell in range(len(outcomes.info.cells)):
        if outcomes.status(cell) is not Status.MEASURED:
            continue
        point = outcomes.params(cell)[axis]
        expected = " / ".join(outcomes.info.expected.get(point, ())) or "–"
        seconds = results.value(f"{name}.track_seconds", **{axis: point})
        work = results.value(f"{name}.track_sdk_bytecodes", **{axis: point})
        rows.append(
            [[Fact(point)], [Fact(expected)], [outcomes.figure(cell) or "–"],
             [Fact(outcomes.said(cell), sources=(outcomes.source(cell),))], [seconds or "–"],
             [work or "–"]]
        )  # fmt: skip
    return Table([caption], head, rows, text_columns=4)


def _findings(outcomes: Series) -> list[tuple[int, Spans]]:
    """What ends otherwise than in a robust SDK."""
    findings: list[tuple[int, Spans]] = []
    for cell, params in enumerate(outcomes.info.cells):
        figure = outcomes.figure(cell)
        if figure is None or outcomes.info.is_expected(params, figure.value) is not False:
            continue
        (point,) = outcomes.params(cell).values()
        about = outcomes.info.about.get(point, "")
        source = (outcomes.source(cell),)
        said = "“{}” ends as {}: {}."
        findings.append((1, sentence(said, Fact(point), figure, Fact(about, sources=source))))
    return findings
