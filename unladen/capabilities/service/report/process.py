"""What a report says of a service as a real process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Section, Spans, Table, sentence
from unladen.report.figures import Fact
from unladen.report.tables import Rows, table_of

PROCESS = "service.process"
STREAM = f"{PROCESS}.Stream"
WORKERS = f"{PROCESS}.Workers"
CONVERSATIONS = f"{PROCESS}.Conversations"
END = f"{PROCESS}.End"

_ROWS: Sequence[tuple[str, str, Mapping[str, str]]] = (
    ("seconds until it is ready", "Start.sample_seconds", {}),
    ("CPU until it is ready", "Start.sample_cpu", {}),
    ("resident memory then", "Start.sample_memory", {}),
    ("CPU of a chat", "Request.sample_cpu", {"kind": "chat"}),
    ("CPU of a stream", "Request.sample_cpu", {"kind": "stream"}),
    ("CPU of other work", "Request.sample_cpu", {"kind": "work"}),
    ("CPU of a health check", "Request.sample_cpu", {"kind": "health"}),
    ("first bytes of a stream", "Stream.sample_first_bytes", {}),
    ("first data of a stream", "Stream.sample_first_data", {}),
    ("streams that a client gives up", "Stream.sample_given_up", {}),
    ("replies broken off", "Left.sample_broken_off", {}),
    ("connections to users left", "Left.sample_client_connections", {}),
    ("connections to the model left", "Left.sample_model_connections", {}),
    ("connections to the database left", "Left.sample_database_connections", {}),
    ("transactions left open", "Left.sample_open_transactions", {}),
    ("sessions left", "Left.sample_sessions", {}),
    ("answered and not stored", "Left.sample_not_stored", {}),
)

_BY_WORKERS: Rows = (
    ("right replies a second", "sample_throughput"),
    ("resident memory", "sample_memory"),
)

_ENDS: Rows = (("how it ends", "sample_ending"), ("processes left", "sample_processes_left"))


def write_process(results: CommitResults) -> Section | None:
    """Start, requests, the first line of a stream, what is left, workers, and the end."""
    rows: list[list[Spans]] = []
    for label, name, params in _ROWS:
        series = results.series(f"{PROCESS}.{name}")
        figure = None if series is None else series.at(**params)
        if figure is not None:
            rows.append([[Fact(label)], [figure]])
    if not rows:
        return None
    caption: Spans = [
        "A real process before a mock model that answers at once, on the loopback of one machine: "
        "samples, unlike the figures of virtual time.",
    ]
    blocks: list[Block] = [Table(caption, [["figure"], ["measured"]], rows)]
    blocks += table_of(results, WORKERS, _BY_WORKERS, "workers", ["By worker processes."])
    blocks += table_of(
        results,
        CONVERSATIONS,
        (("conversations that lose their context", "sample_lost"),),
        "workers",
        ["Conversations whose next message comes over a new connection, by worker processes."],
    )
    blocks += table_of(results, END, _ENDS, "life", _asked_to_end(results))
    return Section("As a real process", blocks, _findings(results))


def _asked_to_end(results: CommitResults) -> Spans:
    series = results.series(f"{END}.sample_ending")
    seconds = None if series is None else series.held("grace_s", "second", "seconds")
    if seconds is None:
        return ["Asked to end (SIGTERM)."]
    return sentence("Asked to end (SIGTERM), killed after {}.", seconds)


def _findings(results: CommitResults) -> list[tuple[int, Spans]]:
    found = (_lost(results), _given_up(results))
    findings = [(2, spans) for spans in found if spans is not None]
    return [*findings, *_killed(results)]


def _lost(results: CommitResults) -> Spans | None:
    """More conversations lose their context with several workers than with one."""
    series = results.series(f"{CONVERSATIONS}.sample_lost")
    if series is None:
        return None
    alone, shared = series.at(workers="1"), series.at(workers="4")
    number = series.held("conversations", "conversation", "conversations")
    if alone is None or shared is None or number is None or shared.value <= alone.value:
        return None
    said = "With {} worker processes {} of {} lose their context, with one {}."
    return sentence(said, Fact("4"), shared, number, alone)


def _given_up(results: CommitResults) -> Spans | None:
    """Streams begin later than a client waits for them."""
    series = results.series(f"{STREAM}.sample_given_up")
    given_up = results.value(f"{STREAM}.sample_given_up")
    seconds = None if series is None else series.held("read_timeout_s", "second", "seconds")
    if given_up is None or seconds is None or given_up.value <= 0:
        return None
    said = "{} do not say anything within the read time-out of a client, {}."
    return sentence(said, given_up.counted("stream", "streams"), seconds)


def _killed(results: CommitResults) -> list[tuple[int, Spans]]:
    series = results.series(f"{END}.sample_ending")
    ends = [] if series is None else series.figures()
    bad = [(params["life"], figure) for params, figure in ends if figure.value > 0]
    said = "Asked to end ({}), it is {}."
    return [(2, sentence(said, Fact(life), figure)) for life, figure in bad]
