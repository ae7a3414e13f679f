"""What stands between a runtime and its model."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Section, Spans, sentence
from unladen.report.tables import Rows, table_of

CLASS = "turns.provider.Batch"
TOKENS = "turns.provider.Tokens"

_ROWS: Rows = (
    ("until all are answered", "track_seconds"),
    ("in flight at most", "track_peak_in_flight"),
    ("connections opened", "track_connections_opened"),
    ("bytecodes of its own", "track_sdk_bytecodes"),
)


def write(results: CommitResults) -> Section | None:
    """A table by the number of calls, and whether a batch overlaps."""
    caption = sentence("Calls asked for in one go, by their number.")
    blocks: list[Block] = table_of(results, CLASS, _ROWS, "calls", caption)
    if not blocks:
        return None
    findings: list[tuple[int, Spans]] = []
    peak = results.value(f"{CLASS}.track_peak_in_flight", calls="10")
    seconds = results.value(f"{CLASS}.track_seconds", calls="10")
    if peak is not None and seconds is not None and peak.value == 1:
        said = "A batch is asked for one call after the other: {} at most, {} for all of it."
        findings.append((0, sentence(said, peak, seconds)))
    off = results.value(f"{TOKENS}.track_miscounted_tokens", calls="1")
    if off is not None and off.value > 0:
        findings.append((0, sentence("Tokens are miscounted, by {} in a single call.", off)))
    return Section("The provider", blocks, findings)
