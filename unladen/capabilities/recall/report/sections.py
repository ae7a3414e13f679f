"""Storing, finding again, what is found, and what is lost."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact, Figure
from unladen.report.tables import Rows, pivot_of, table_of

STORE = "recall.store.Store"
FIND = "recall.find.Find"
GROWTH = "recall.find.Growth"
ASK = "recall.quality.Ask"
FIRST = "recall.first_use.First"
RACES = "recall.first_use.Races"
AFTER = "recall.after_relating.Store"

MANY = "1000"
"""The largest memory that operations are measured in."""

_WORK: Rows = (
    ("virtual time at a price for each statement", "track_seconds"),
    ("SQL statements", "track_sql_statements"),
    ("rows written", "track_rows_written"),
    ("steps inside SQLite", "track_sqlite_steps"),
    ("bytecodes in its own files", "track_own_bytecodes"),
    ("bytes kept in the process", "sample_kept_bytes"),
)

_FOUND: Rows = (
    ("share found", "track_recall"),
    ("entities of another session", "track_foreign"),
    ("found, and gone after a restart", "track_lost"),
)


def write_store(results: CommitResults) -> Section | None:
    """So many entities in one piece."""
    caption: Spans = ["So many entities are stored in one piece."]
    blocks = table_of(results, STORE, _WORK, "entities", caption, with_wrong=True)
    return Section("Storing entities", blocks) if blocks else None


def write_find(results: CommitResults) -> Section | None:
    """One operation on a large memory, and how each grows."""
    caption = sentence(
        "One operation on a memory that has {} entities of each of two sessions.", Fact(f"{MANY}")
    )
    blocks = table_of(results, FIND, _WORK, "operation", caption, with_wrong=True, entities=MANY)
    said: Spans = ["How it grows with what is stored, as the exponent of a power law: not at all,"
                   " if it is nought; as fast as what is stored, if it is one."]  # fmt: skip
    blocks += pivot_of(results, f"{GROWTH}.track_exponent", "operation", "quantity", said)
    text = Prose()
    steps = results.series(f"{FIND}.track_sqlite_steps")
    if steps is not None:
        few, many = steps.points("entities")[0], steps.points("entities")[-1]
        search = {size: steps.cell(operation="search", entities=size) for size in (few, many)}
        text.say(
            "A search by words takes {} inside SQLite where {} entities are stored, and {} where "
            "there are {}.",
            steps.marked(search[few]),
            Fact(few),
            steps.marked(search[many]),
            Fact(many),
        )
    blocks += text.paragraph()
    return Section("Finding them again", blocks) if blocks else None


def write_quality(results: CommitResults) -> Section | None:
    """What is found, by the way it is asked for."""
    caption: Spans = ["What is found, by the way in which it is asked for, beside a session that "
                      "has entities of the same words."]  # fmt: skip
    blocks = table_of(results, ASK, _FOUND, "way", caption, with_wrong=True)
    findings: list[tuple[int, Spans]] = []
    foreign = results.series(f"{ASK}.track_foreign")
    if foreign is not None and foreign.has(way="words"):
        figure = foreign.marked(foreign.cell(way="words"))
        if figure is not None and figure.value > 0:
            said = "Searches by words find {} entities of another session."
            count = Figure(figure.value, f"{figure.value:,.0f}", figure.sources)
            findings.append((2, sentence(said, count)))
    return Section("What is found", blocks, findings) if blocks else None


def write_trouble(results: CommitResults) -> Section | None:
    """First use, other orders, and a write that disturbs the next."""
    text = Prose()
    text.say(
        "As soon as the memory is opened, {} sessions store one entity each: {} acknowledged and "
        "gone, {} refused.",
        _held(results, f"{FIRST}.track_lost", "sessions"),
        results.value(f"{FIRST}.track_lost"),
        results.value(f"{FIRST}.track_refused"),
    )
    text.say(
        "Under {} other orders of what is due at the same instant, up to {} lost, in ways that the "
        "usual order does not show: {}.",
        _held(results, f"{RACES}.track_entities_lost", "schedules"),
        results.value(f"{RACES}.track_entities_lost"),
        results.value(f"{RACES}.track_outcomes"),
    )
    said = text.say(
        "Once two entities have been related, {} that are stored take {}; {} wait for a lock, and "
        "{} are lost.",
        _held(results, f"{AFTER}.track_lost", "entities"),
        results.value(f"{AFTER}.track_seconds"),
        results.value(f"{AFTER}.track_lock_waits"),
        results.value(f"{AFTER}.track_lost"),
    )
    lost = results.value(f"{AFTER}.track_lost")
    findings: list[tuple[int, Spans]] = []
    if said and lost is not None and lost.value > 0:
        words = "After two entities have been related, of those stored next {} are lost."
        findings.append((1, sentence(words, lost)))
    blocks: list[Block] = text.paragraph()
    return Section("What is lost", blocks, findings) if blocks else None


def _held(results: CommitResults, name: str, what: str) -> Fact | None:
    series = results.series(name)
    return None if series is None else series.held(what)
