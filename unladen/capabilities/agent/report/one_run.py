"""One run of an agent, and what making agents takes."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, sentence
from unladen.report.figures import share
from unladen.report.tables import table_of

CLASS = "agent.baseline.Run"
MADE = "agent.baseline.Made"
KEPT = "agent.baseline.Kept"
STRUCTURED = "agent.baseline.Structured"


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
    own = results.value(f"{CLASS}.track_sdk_bytecodes")
    every = results.value(f"{CLASS}.track_bytecodes")
    if own and every:
        text.say(
            "The SDK executes {} bytecodes in its own files, {} of all that are executed.",
            own,
            share(own, every),
        )
    text.say(
        "It holds up to {} at its peak, and {} once it is over and its result is kept.",
        results.value(f"{CLASS}.track_traced_peak"),
        results.value(f"{CLASS}.track_retained_bytes"),
    )
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
