"""One request, many at once, loads, capacity, and what one user does to the others."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact
from unladen.report.tables import Rows, table_of

REQUEST = "service.request.Request"
BURST = "service.burst.Burst"
LOAD = "service.profiles.Load"
CAPACITY = "service.capacity.Capacity"
HEALTH = "service.freeze.Health"

_REQUEST_ROWS: Rows = (
    ("latency", "track_latency"),
    ("time to first token", "track_time_to_first_token"),
    ("longest time without a byte", "track_longest_gap"),
    ("events", "track_events"),
    ("calls to the model", "track_model_calls"),
    ("connections opened", "track_connections_opened"),
    ("SQL statements", "track_sql_statements"),
    ("SSL contexts made", "track_ssl_contexts"),
    ("work given to threads", "track_executor_calls"),
    ("calls that leave the machine", "track_outside_calls"),
    ("bytecodes in its own files", "track_own_bytecodes"),
)

_BURST_ROWS: Rows = (
    ("makespan", "track_makespan"),
    ("half of the replies within", "track_p50_latency"),
    ("95 % of the replies within", "track_p95_latency"),
    ("95 % of the first tokens within", "track_p95_first_token"),
    ("refused", "track_refused"),
    ("failed", "track_failed"),
    ("wrong", "track_wrong"),
    ("for somebody else", "track_crosstalk"),
    ("waits for locks of the database", "track_database_lock_waits"),
)

_LOAD_ROWS: Rows = (
    ("requests", "track_requests"),
    ("half of the replies within", "track_p50_latency"),
    ("95 % of the replies within", "track_p95_latency"),
    ("95 % of the first tokens within", "track_p95_first_token"),
    ("network errors", "track_network_errors"),
    ("time-outs", "track_time_outs"),
    ("authentication errors", "track_authentication_errors"),
    ("quota errors", "track_quota_errors"),
    ("server errors", "track_server_errors"),
    ("wrong replies", "track_wrong"),
    ("seconds to recover from the peak", "track_recovery"),
    ("refused by the model's provider", "track_model_refusals"),
    ("replies broken off", "track_broken_off"),
    ("connections to users left", "track_client_connections_left"),
    ("connections to the model left", "track_model_connections_left"),
    ("calls to the model left", "track_model_calls_left"),
    ("sessions left", "track_sessions_left"),
    ("answered and not stored", "track_not_stored"),
)

_HEALTH_ROWS: Rows = (
    ("health checks", "track_outcome"),
    ("the slowest", "track_slowest_check"),
    ("next user's request fails", "track_next_user_failed"),
)


def write_request(results: CommitResults) -> Section | None:
    """One request of each kind to an idle service."""
    caption: Spans = ["One request of each kind to an idle service, in virtual time."]
    blocks = table_of(results, REQUEST, _REQUEST_ROWS, "kind", caption)
    first = results.value(f"{REQUEST}.track_time_to_first_token", kind="stream")
    whole = results.value(f"{REQUEST}.track_latency", kind="stream")
    findings: list[tuple[int, Spans]] = []
    if first and whole:
        said = "The first token of a stream comes after {}, the last after {} of virtual time."
        findings.append((1, sentence(said, first, whole)))
    return Section("One request", blocks, findings) if blocks else None


def write_burst(results: CommitResults) -> Section | None:
    """So many users at the same moment."""
    blocks: list[Block] = []
    for kind in ("chat", "stream"):
        caption = sentence("So many users at the same moment, each with a {}.", Fact(kind))
        blocks += table_of(results, BURST, _BURST_ROWS, "users", caption, kind=kind)
    return Section("Many users at once", blocks) if blocks else None


def write_load(results: CommitResults) -> Section | None:
    """The load of each profile, and what is left after it."""
    caption: Spans = ["Users who come, ask, think and go, by the profile of the load."]
    blocks = table_of(results, LOAD, _LOAD_ROWS, "profile", caption)
    return Section("Under load", blocks) if blocks else None


def write_capacity(results: CommitResults) -> Section | None:
    """How many users meet the service level."""
    series = results.series(f"{CAPACITY}.track_users")
    if series is None:
        return None
    text = Prose()
    text.say(
        "The service level: no request fails, and {} of the replies come within {}.",
        Fact("95 %"),
        series.held("level_s", "virtual second", "virtual seconds"),
    )
    for params, users in series.figures():
        text.say(
            "With a model whose provider allows {}, it is met by {}.",
            Fact(params["provider"]),
            users.counted("user", "users"),
        )
    for cell in range(len(series.info.cells)):
        if said := series.said(cell):
            text.say("{}: beyond it, {}.", Fact(series.params(cell)["provider"]), Fact(said))
    return Section("Capacity", text.paragraph())


def write_health(results: CommitResults) -> Section | None:
    """What one user does to a health check."""
    caption: Spans = ["Health checks each tenth of a second while one user does something."]
    blocks = table_of(results, HEALTH, _HEALTH_ROWS, "disturbance", caption)
    return Section("What one user does to the others", blocks) if blocks else None
