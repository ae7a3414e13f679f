"""One user's journey."""

from __future__ import annotations

from unladen.capabilities.turns.report.wording import WORDING
from unladen.report.commit_results import CommitResults
from unladen.report.document import Prose, Section, Spans, sentence
from unladen.report.figures import Figure

CLASS = "turns.journey.Journey"


def write(results: CommitResults) -> Section | None:
    """Its time, statements and work, and what is found of it afterwards."""
    seconds = results.series(f"{CLASS}.track_seconds")
    if seconds is None:
        return None
    text = Prose()
    text.say(
        "A session is begun, takes {}, is saved, and is loaded again: {} of virtual time, {}, {} "
        "and {}; {} of the SDK's own bytecodes.",
        seconds.held("turns", WORDING.one, WORDING.many),
        seconds.at(),
        _counted(results, "track_model_calls", "model call", "model calls"),
        _counted(results, "track_statements", "SQL statement", "SQL statements"),
        _counted(results, "track_rows_written", "row written", "rows written"),
        results.value(f"{CLASS}.track_sdk_bytecodes"),
    )
    held = results.value(f"{CLASS}.sample_retained_bytes")
    text.say("{} are still held when it is over.", held)
    found = results.value(f"{CLASS}.track_turns_found")
    text.say("Found again when it is loaded: {}.", found)
    text.say("A turn takes {} of CPU.", results.value(f"{CLASS}.sample_cpu_per_turn"))
    turns = seconds.held("turns")
    findings: list[tuple[int, Spans]] = []
    if found is not None and turns is not None and found.value < seconds.info.holds["turns"]:
        said = "Of the {} turns of a journey {} are found when its session is loaded again."
        findings.append((0, sentence(said, turns, found)))
    return Section("A journey", text.paragraph(), findings)


def _counted(results: CommitResults, name: str, one: str, many: str) -> Figure | None:
    """A count with its noun."""
    found = results.value(f"{CLASS}.{name}")
    return found and found.counted(one, many)
