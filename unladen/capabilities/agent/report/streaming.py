"""Answers that are streamed."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.tables import Rows, table_of

WORDS = "agent.streaming.Words"
MARGIN = "agent.streaming.Margin"
EARLY = "agent.streaming.Early"

_ROWS: Rows = (
    ("virtual time", "track_makespan"),
    ("until the first piece", "track_first_piece"),
    ("pieces", "track_pieces"),
    ("bytecodes of its own", "track_sdk_bytecodes"),
    ("most memory", "track_traced_peak"),
)


def write(results: CommitResults) -> Section | None:
    """What pieces take, and what becomes of a stream whose reader stops."""
    makespan = results.series(f"{WORDS}.track_makespan")
    if makespan is None:
        return None
    text = Prose()
    text.say(
        "The model's first word comes after {}, each further one {} later.",
        makespan.held("first_word_s", "s"),
        makespan.held("word_s", "s"),
    )
    text.say(
        "One more word takes {} function calls and {} bytecodes in the SDK's own files.",
        results.value(f"{MARGIN}.track_function_calls"),
        results.value(f"{MARGIN}.track_sdk_bytecodes"),
    )
    caption = sentence("An answer of so many words, streamed.")
    blocks: list[Block] = [
        *text.paragraph(),
        *table_of(results, WORDS, _ROWS, "words", caption),
    ]
    return Section("Streaming", blocks, [*_late(results), *_read_on(results)])


def _late(results: CommitResults) -> list[tuple[int, Spans]]:
    """The first piece comes with the last word only."""
    first = results.value(f"{WORDS}.track_first_piece", words="1000")
    whole = results.value(f"{WORDS}.track_makespan", words="1000")
    if first is None or whole is None or first.value < whole.value / 2:
        return []
    said = "What is called a stream is none: the first piece comes after {} of {}."
    return [(0, sentence(said, first, whole))]


def _read_on(results: CommitResults) -> list[tuple[int, Spans]]:
    """The model is read on though nobody reads the stream."""
    words = results.value(f"{EARLY}.track_words_after_stop")
    tasks = results.value(f"{EARLY}.track_tasks_left")
    calls = results.value(f"{EARLY}.track_calls_left")
    if words is None or tasks is None or calls is None:
        return []
    if not (words.value or tasks.value or calls.value):
        return []
    said = (
        "A stream that its reader has closed is not let go: {} more are read and paid for, {} and "
        "{} to the model are left."
    )
    counted = words.counted("word", "words"), tasks.counted("task", "tasks")
    return [(0, sentence(said, *counted, calls.counted("call", "calls")))]
