"""What each operation on sessions takes."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.tables import Rows, table_of

CLASS = "sessions.operations.Operations"
HELD = "sessions.operations.Held"

_ROWS: Rows = (
    ("SQL statements", "track_statements"),
    ("rows written", "track_rows_written"),
    ("virtual time", "track_seconds"),
    ("bytecodes of its own", "track_sdk_bytecodes"),
    ("CPU", "sample_cpu"),
)


def write(results: CommitResults) -> Section | None:
    """A table of all operations, and what saving nothing new costs."""
    statements = results.series(f"{CLASS}.track_statements")
    if statements is None:
        return None
    text = Prose()
    text.say(
        "A session has {} of a sentence each; the keeper has done the same before. Virtual time "
        "passes in pauses and in waits for locks only.",
        statements.held("notes", "note", "notes"),
    )
    findings: list[tuple[int, Spans]] = []
    rows = results.value(f"{CLASS}.track_rows_written", operation="save unchanged")
    if rows is not None and rows.value > 0:
        said = (
            "A session in which nothing has changed is saved all the same: rows written: {}; "
            "statements: {}."
        )
        executed = statements.at(operation="save unchanged")
        if executed is not None:
            findings.append((0, sentence(said, rows, executed)))
    blocks: list[Block] = [
        *text.paragraph(),
        *table_of(results, CLASS, _ROWS, "operation", sentence("What an operation takes.")),
        *table_of(
            results,
            HELD,
            (("bytes held", "track_retained_bytes"),),
            "operation",
            sentence("What is still held when it is done."),
        ),
    ]
    return Section("Sessions created, loaded, saved", blocks, findings)
