"""Reading rule files, and reading them again."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact
from unladen.report.tables import Rows, pivot_of, table_of

FILE = "rules.files.File"
GROWTH = "rules.files.Growth"
CHANGES = "rules.changes.Changes.track_kept_bytes"

_ROWS: Rows = (
    ("bytecodes to load it", "track_load_bytecodes"),
    ("bytecodes to interpret it", "track_interpret_bytecodes"),
    ("both", "track_own_bytecodes"),
    ("bytes kept", "track_kept_bytes"),
    ("constraints found", "track_constraints"),
    ("rules missed", "track_missed"),
    ("rules told that are no more", "track_stale"),
)


def write_files(results: CommitResults) -> Section | None:
    """Each size, by what the reader knows of the file."""
    blocks: list[Block] = []
    for state in ("fresh", "cached", "changed"):
        caption = sentence("A file of so many kilobytes, {}.", Fact(state))
        blocks += table_of(results, FILE, _ROWS, "kilobytes", caption, with_wrong=True, state=state)
    said: Spans = ["How it grows with the file, as the exponent of a power law: as fast as the "
                   "file, if it is one."]  # fmt: skip
    blocks += pivot_of(results, f"{GROWTH}.track_exponent", "state", "quantity", said)
    return Section("Reading rules", blocks) if blocks else None


def write_changes(results: CommitResults) -> Section | None:
    """What changes leave behind."""
    series = results.series(CHANGES)
    kept = results.value(CHANGES)
    if series is None or kept is None:
        return None
    text = Prose()
    text.say(
        "Each time that a file of {} is changed and read again, {} stay in the reader.",
        series.held("kilobytes", "kilobyte", "kilobytes"),
        kept,
    )
    findings: list[tuple[int, Spans]] = []
    if kept.value > 0:
        words = "A reader keeps {} of each earlier state of a changed rule file."
        findings.append((3, sentence(words, kept)))
    return Section("Rules that change", text.paragraph(), findings)
