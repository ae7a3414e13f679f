"""One run of an agent, and what making agents takes."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact
from unladen.report.own_work import say_own_work
from unladen.report.tables import Rows, table_of

CLASS = "agent.baseline.Run"
MADE = "agent.baseline.Made"
KEPT = "agent.baseline.Kept"
STRUCTURED = "agent.baseline.Structured"
ADAPTER = "agent.adapter.Run"
CONNECTIONS = "agent.adapter.AtOnce"

_OVER_HTTP: Rows = (
    ("virtual time", "track_makespan"),
    ("requests", "track_requests"),
    ("bytes sent", "track_bytes_sent"),
    ("bytes received", "track_bytes_received"),
    ("bytecodes of its own", "track_sdk_bytecodes"),
    ("those of its adapter", "track_adapter_bytecodes"),
    ("function calls", "track_function_calls"),
)


def write(results: CommitResults) -> Section | None:
    """Its time and work, what agents take and hold, and what an output of a structure takes."""
    makespan = results.series(f"{CLASS}.track_makespan")
    if makespan is None:
        return None
    text = Prose()
    text.say(
        "A run asks the model once, which takes {}, and is answered in {}: {} of virtual time, {} "
        "function calls, {} of CPU time.",
        makespan.held("latency_s", "s"),
        makespan.held("words", "word", "words"),
        makespan.at(),
        results.value(f"{CLASS}.track_function_calls"),
        results.value(f"{CLASS}.time_cpu"),
    )
    say_own_work(text, results, CLASS)
    blocks: list[Block] = [
        *text.paragraph(),
        *table_of(
            results,
            MADE,
            (
                ("bytecodes of its own", "track_sdk_bytecodes"),
                ("function calls", "track_function_calls"),
            ),
            "agents",
            sentence("What making so many agents takes, with a tool each."),
        ),
        *table_of(
            results,
            KEPT,
            (("bytes held", "track_retained_bytes"),),
            "agents",
            sentence("What so many agents hold."),
        ),
        *table_of(
            results,
            STRUCTURED,
            (
                ("bytecodes of its own", "track_sdk_bytecodes"),
                ("function calls", "track_function_calls"),
            ),
            "items",
            sentence("A run whose output is a list of so many items."),
        ),
    ]
    return Section("A run of an agent", blocks)


def write_adapter(results: CommitResults) -> Section | None:
    """The same by the SDK's own provider adapter, over HTTP."""
    caption = sentence("A run over HTTP, by its turns with a tool.")
    blocks = table_of(results, ADAPTER, _OVER_HTTP, "turns", caption)
    if not blocks:
        return None
    findings: list[tuple[int, Spans]] = []
    opened = results.value(f"{CONNECTIONS}.track_connections_opened", runs="20")
    if opened is not None and opened.value > 0:
        said = "Connections are not used again: {} runs at once open {} new ones, after as many."
        findings.append((0, sentence(said, Fact("20"), opened)))
    return Section("By its own provider adapter", blocks, findings)
