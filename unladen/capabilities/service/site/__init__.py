"""The page of a service: what users wait for, by commit; many at once; loads; capacity; freezes;
what a real process takes."""

from __future__ import annotations

from unladen.site.capability_page import (
    ByOutcome,
    ByParameter,
    CapabilityPage,
    OverCommits,
    OverNumbers,
    PageSection,
    Panel,
)

REQUEST = "service.request.Request.track_"
BURST = "service.burst.Burst.track_"
LOAD = "service.profiles.Load.track_"
CAPACITY = "service.capacity.Capacity.track_"
HEALTH = "service.freeze.Health.track_"
PROCESS = "service.process."

STREAM = {"kind": "stream"}

_REQUEST = PageSection(
    "One request",
    "To a service that nobody else uses and that has answered three requests before. Time to the "
    "first token is that of a stream, to the first event that carries text.",
    (
        OverCommits("Time to the first token", f"{REQUEST}time_to_first_token"),
        OverCommits("Latency", f"{REQUEST}latency"),
        OverCommits("Longest silence in a stream", f"{REQUEST}longest_gap", STREAM),
        OverCommits("Calls to the model", f"{REQUEST}model_calls"),
        OverCommits("SQL statements", f"{REQUEST}sql_statements"),
        OverCommits("Connections opened", f"{REQUEST}connections_opened"),
        ByParameter(
            "What a request of each kind takes",
            (
                ("latency", f"{REQUEST}latency"),
                ("time to the first token", f"{REQUEST}time_to_first_token"),
                ("longest silence", f"{REQUEST}longest_gap"),
                ("events", f"{REQUEST}events"),
                ("calls to the model", f"{REQUEST}model_calls"),
                ("connections opened", f"{REQUEST}connections_opened"),
                ("SQL statements", f"{REQUEST}sql_statements"),
                ("SSL contexts made", f"{REQUEST}ssl_contexts"),
                ("work given to threads", f"{REQUEST}executor_calls"),
                ("bytecodes of its own files", f"{REQUEST}own_bytecodes"),
            ),
            "kind",
        ),
    ),
)


def _burst(kind: str) -> tuple[Panel, ...]:
    only = {"kind": kind}
    name = kind.capitalize()
    return (
        OverNumbers(f"{name}: until all have their reply", f"{BURST}makespan", "users", only),
        OverNumbers(f"{name}: half have theirs", f"{BURST}p50_latency", "users", only),
        OverNumbers(f"{name}: 95 of 100 have theirs", f"{BURST}p95_latency", "users", only),
        OverNumbers(f"{name}: failed", f"{BURST}failed", "users", only),
        OverNumbers(f"{name}: refused", f"{BURST}refused", "users", only),
        ByParameter(
            f"{name}: so many users at the same moment",
            (
                ("makespan", f"{BURST}makespan"),
                ("half of the replies within", f"{BURST}p50_latency"),
                ("95 of 100 replies within", f"{BURST}p95_latency"),
                ("95 of 100 first tokens within", f"{BURST}p95_first_token"),
                ("refused (429, 503)", f"{BURST}refused"),
                ("failed", f"{BURST}failed"),
                ("wrong", f"{BURST}wrong"),
                ("for somebody else", f"{BURST}crosstalk"),
                ("waits for locks of the database", f"{BURST}database_lock_waits"),
                ("calls to the model", f"{BURST}model_calls"),
            ),
            "users",
            only,
        ),
    )


_BURST = PageSection(
    "Many users at the same moment",
    "Each has a connection of their own and asks the same kind of thing. Percentiles are of right "
    "replies: read them together with what was refused or failed.",
    (*_burst("chat"), *_burst("stream")),
)

_LOAD = PageSection(
    "Under load",
    "Users who come, ask, wait for the reply, think and go, as the profile has it; two minutes "
    "after the last has gone it is looked at what is left.",
    (
        OverCommits("95 of 100 replies within", f"{LOAD}p95_latency"),
        OverCommits("Recovery after the peak", f"{LOAD}recovery"),
        OverCommits("Server errors", f"{LOAD}server_errors"),
        OverCommits("Wrong replies", f"{LOAD}wrong"),
        ByParameter(
            "What became of each load",
            (
                ("requests", f"{LOAD}requests"),
                ("half of the replies within", f"{LOAD}p50_latency"),
                ("95 of 100 replies within", f"{LOAD}p95_latency"),
                ("95 of 100 first tokens within", f"{LOAD}p95_first_token"),
                ("longest silence", f"{LOAD}longest_gap"),
                ("network errors", f"{LOAD}network_errors"),
                ("time-outs", f"{LOAD}time_outs"),
                ("authentication errors", f"{LOAD}authentication_errors"),
                ("quota errors (402, 429)", f"{LOAD}quota_errors"),
                ("server errors (500 and above)", f"{LOAD}server_errors"),
                ("wrong replies", f"{LOAD}wrong"),
                ("for somebody else", f"{LOAD}crosstalk"),
                ("recovery after the peak", f"{LOAD}recovery"),
                ("refused by the model's provider", f"{LOAD}model_refusals"),
                ("streams broken off", f"{LOAD}broken_off"),
                ("left: connections to users", f"{LOAD}client_connections_left"),
                ("left: connections to the model", f"{LOAD}model_connections_left"),
                ("left: other connections", f"{LOAD}other_connections_left"),
                ("left: calls to the model", f"{LOAD}model_calls_left"),
                ("left: sessions", f"{LOAD}sessions_left"),
                ("answered, not stored", f"{LOAD}not_stored"),
            ),
            "profile",
        ),
    ),
)

_CAPACITY = PageSection(
    "Capacity",
    "The most users who all get right replies, 95 of 100 within 10 virtual seconds, by the calls "
    "that the model's provider allows in a minute.",
    (
        OverCommits("Users within the service level", f"{CAPACITY}users"),
        ByParameter(
            "At that number of users",
            (
                ("users", f"{CAPACITY}users"),
                ("95 of 100 replies within", f"{CAPACITY}p95_latency"),
                ("calls to the model a request", f"{CAPACITY}calls_per_request"),
            ),
            "provider",
        ),
    ),
)

_FREEZE = PageSection(
    "What one user does to all others",
    "Health checks each tenth of a second while one user does something. A hang is no answer "
    "within 10 virtual seconds; a spin is a step of the service that never ends, proved.",
    (
        ByOutcome(
            "What became of the health checks",
            f"{HEALTH}outcome",
            (
                ("slowest check", f"{HEALTH}slowest_check"),
                ("next user's request fails", f"{HEALTH}next_user_failed"),
            ),
        ),
        OverCommits("Health checks over the commits", f"{HEALTH}outcome"),
    ),
)

_PROCESS = PageSection(
    "As a real process",
    "Before a mock model that answers at once, on the loopback of one machine: samples, unlike all "
    "figures above. CPU and memory are those of all processes of the service.",
    (
        OverCommits("CPU until it is ready", f"{PROCESS}Start.sample_cpu"),
        OverCommits("Seconds until it is ready", f"{PROCESS}Start.sample_seconds"),
        OverCommits("CPU of a request", f"{PROCESS}Request.sample_cpu"),
        OverCommits("Resident memory after requests", f"{PROCESS}Workers.sample_memory"),
        OverCommits("First data of a stream", f"{PROCESS}Stream.sample_first_data"),
        OverCommits("Streams that a client gives up", f"{PROCESS}Stream.sample_given_up"),
        OverCommits("Right replies a second", f"{PROCESS}Workers.sample_throughput"),
        OverCommits("Conversations that lose their context", f"{PROCESS}Conversations.sample_lost"),
        ByParameter(
            "By worker processes",
            (
                ("right replies a second", f"{PROCESS}Workers.sample_throughput"),
                ("resident memory", f"{PROCESS}Workers.sample_memory"),
                ("conversations that lose their context", f"{PROCESS}Conversations.sample_lost"),
            ),
            "workers",
        ),
        ByOutcome(
            "How it ends when it is asked to",
            f"{PROCESS}End.sample_ending",
            (("processes left", f"{PROCESS}End.sample_processes_left"),),
        ),
    ),
)

PAGE = CapabilityPage(
    label="Service",
    heading="The service, and its users",
    lead="An unmodified service with its users and a mock model on a network in memory and the "
    "virtual clock. All figures on this page are mock results, and exact: the same in every "
    "process on every machine; but for those of a real process, which are the last. CPU takes no "
    "virtual time.",
    sections=(_REQUEST, _BURST, _LOAD, _CAPACITY, _FREEZE, _PROCESS),
)
