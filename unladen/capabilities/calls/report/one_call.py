"""One call: its time, its work, what it reads in vain, and what each message takes."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact
from unladen.report.own_work import say_own_work
from unladen.report.tables import Rows, table_of

CLASS = "calls.baseline.Run"
MESSAGES = "calls.messages.Messages"
MARGIN = "calls.messages.Margin"
SCOPE = "calls.scopes.One"

_MESSAGES_ROWS: Rows = (
    ("messages after which more memory was held", "track_memory_rises"),
    ("bytes taken from message to message", "track_bytes_taken"),
    ("most memory", "track_traced_peak"),
    ("memory kept", "track_retained_bytes"),
    ("bytecodes of its own", "track_sdk_bytecodes"),
    ("CPU time", "time_cpu"),
)


def write(results: CommitResults) -> Section | None:
    """A plain call, and what it does once its target has come."""
    makespan = results.series(f"{CLASS}.track_makespan")
    if makespan is None:
        return None

    text = Prose()
    text.say(
        "A call reads a stream until its target has come. Of {}, the first after {}, number {} is "
        "the target. It takes {} of virtual time and {} of CPU time.",
        makespan.held("messages", "message", "messages"),
        makespan.held("latency_s", "s"),
        makespan.held("target"),
        makespan.at(),
        results.value(f"{CLASS}.time_cpu"),
    )
    say_own_work(text, results, CLASS)
    findings: list[tuple[int, Spans]] = []
    read = results.value(f"{CLASS}.track_messages_after_target")
    seconds = results.value(f"{CLASS}.track_seconds_after_target")
    if read and seconds:
        if read.value or seconds.value:
            said = (
                "When the target has come, a call reads {} more and ends {} later: it does not let "
                "its stream go."
            )
            told = sentence(said, read.counted("message", "messages"), seconds)
            findings.append((0, told))
        else:
            told = sentence("It reads {} after its target and ends at once.", read)
        text.say("{}", told)
    return Section("One call", text.paragraph(), findings)


def write_messages(results: CommitResults) -> Section | None:
    """What each message takes."""
    caption: Spans = ["A call by the number of its messages, which all come at once."]
    blocks: list[Block] = table_of(results, MESSAGES, _MESSAGES_ROWS, "messages", caption)
    if not blocks:
        return None
    text = Prose()
    text.say(
        "One more message costs {} bytecodes of the SDK's own and takes {} until the next one "
        "comes.",
        results.value(f"{MARGIN}.track_sdk_bytecodes"),
        results.value(f"{MARGIN}.track_bytes_taken"),
    )
    rises = results.series(f"{MESSAGES}.track_memory_rises")
    findings: list[tuple[int, Spans]] = []
    if rises is not None and (most := rises.at(messages=(size := rises.points("messages")[-1]))):
        told = sentence(
            "A list grows in steps: of {} messages, {} made a call hold more than before.",
            Fact(f"{int(size):,}"),
            most,
        )
        text.say("{}", told)
        if most.value > float(size) / 2:
            said = "Each of {} messages is kept by copying all before it: memory grows {} times."
            findings.append((0, sentence(said, Fact(f"{int(size):,}"), most)))
    return Section("Message by message", [*text.paragraph(), *blocks], findings)


def write_scope(results: CommitResults) -> Section | None:
    """What a scope costs, and whether one can be used again."""
    again = results.value(f"{SCOPE}.track_used_again")
    if again is None:
        return None
    text = Prose()
    text.say(
        "A scope of the SDK's kind, made, entered and left with nothing in it, takes {} of CPU "
        "time and {} bytecodes, libraries included, and {} at its peak.",
        results.value(f"{SCOPE}.sample_cpu"),
        results.value(f"{SCOPE}.track_bytecodes"),
        results.value(f"{SCOPE}.track_traced_peak"),
    )
    text.say("Work that is done in it for the second time: {}.", again)
    if again.value:
        text.say("So a pool of scopes that are used again cannot work.")
    return Section("Scopes", text.paragraph())
