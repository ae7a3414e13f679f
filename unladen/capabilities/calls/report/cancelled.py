"""What comes of a call that is cancelled, by who cancels it."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults, Series
from unladen.report.document import Block, Prose, Section, Spans, listed, sentence
from unladen.report.figures import Fact
from unladen.report.tables import Rows, table_of

CANCEL = "calls.cancel.Cancel"

_ROWS: Rows = (
    ("it ends", "track_outcome"),
    ("virtual time to its end", "track_seconds_to_end"),
    ("messages still read", "track_messages_after"),
    ("left in flight", "track_left_in_flight"),
    ("bytecodes of its own, a call", "track_sdk_bytecodes"),
)

_WAYS = {
    "task": "whoever awaits the call cancels its task",
    "group": "another task of its task group fails",
    "scope": "its scope is cancelled",
    "time-out": "the time is up that the SDK was told",
    "request": "its user asks the SDK for it",
}

_GOES_ON = "goes on to its end"


def write(results: CommitResults) -> Section | None:
    """A table for one call and one for many, and which ways do nothing."""
    outcomes = results.series(f"{CANCEL}.track_outcome")
    if outcomes is None:
        return None
    text = Prose()
    text.say(
        "Calls of {} are cancelled after {}, when all are in the midst of their streams.",
        outcomes.held("messages", "message", "messages"),
        outcomes.held("cancelled_after_s", "s"),
    )
    text.say(
        "Who cancels: {}.",
        listed(
            [
                [Fact(way), " (", Fact(_WAYS[way]), ")"]
                for way in outcomes.points("way")
                if way in _WAYS
            ]
        ),
    )
    blocks: list[Block] = [*text.paragraph()]
    for calls in outcomes.points("calls"):
        caption: Spans = sentence("At once: {}.", Fact(calls))
        blocks += table_of(results, CANCEL, _ROWS, "way", caption, calls=calls)
    return Section("Cancelled in the midst", blocks, _findings(results, outcomes))


def _findings(results: CommitResults, outcomes: Series) -> list[tuple[int, Spans]]:
    """Ways of a single call that do not end it."""
    findings: list[tuple[int, Spans]] = []
    for way in outcomes.points("way"):
        figure = outcomes.at(way=way, calls=outcomes.points("calls")[0])
        seconds = results.value(
            f"{CANCEL}.track_seconds_to_end", way=way, calls=outcomes.points("calls")[0]
        )
        if figure is not None and seconds is not None and figure.text == _GOES_ON:
            said = "When {}, nothing comes of it: the call goes on to its end for {}."
            findings.append((0, sentence(said, Fact(_WAYS.get(way, way)), seconds)))
    return findings
