"""What a load comes to: its percentiles, errors, recovery, and what it leaves behind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.service.checks import reasons, share_of, shortfall
from benchmarks.service.readings import Leftovers, left_after, most_in_flight
from benchmarks.service.running import Provider, Running
from benchmarks.service.visitors import Played, play
from mocks.worlds.service.endpoints import Ask, Kind
from mocks.worlds.service.profiles import Profile
from mocks.worlds.service.rows import Error, Row

SEED = 1

REST_S = 120.0
"""Virtual seconds between the last reply and the look at what is left."""

RECOVERED = 1.5
"""A service has recovered from a peak when no reply takes longer than so many times the longest of
its kind before."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What came of a load; virtual seconds. ``p95`` and the like: of the right replies (``None``:
    there is none); ``streams``: requests for one; ``errors``: requests by class; ``recovery_s``:
    after the end of the peak, if it has one; ``refused``: calls to the model that were refused with
    429; ``pooled``: most calls to it at the same time, for each of which a pool may keep a
    connection; ``short``: see ``checks.shortfall``."""

    requests: int
    streams: int
    p50: float | None
    p95: float | None
    first_token_p95: float | None
    longest_gap: float
    errors: Mapping[Error, int]
    broken_off: int
    foreign: int
    recovery_s: float | None
    model_calls: int
    refused: int
    pooled: int
    left: Leftovers
    short: str
    notes: str


def measure(profile: Profile, provider: Provider) -> LoadResult:
    """Play a profile on a service that nobody has used before."""
    with Running(provider) as running:
        return loaded(running, profile)


def loaded(
    running: Running,
    profile: Profile,
    seed: int = SEED,
    heard: Callable[[Row], None] | None = None,
) -> LoadResult:
    """Play a profile on a running service, and look at what is left when it had its rest. ``heard``
    gets each row as soon as there is one."""
    played = running.run(play(running, profile, seed, heard))
    running.rest(REST_S)
    return result_of(running, profile, played)


def result_of(running: Running, profile: Profile, played: Played) -> LoadResult:
    """What came of a load that was played, once the service had its rest."""
    rows = played.rows
    right = [row for row in rows if row.ok]
    tokens = [row.time_to_first_token for row in right if row.time_to_first_token is not None]
    return LoadResult(
        requests=len(rows),
        streams=sum(row.kind == Kind.STREAM for row in rows),
        p50=share_of([row.latency for row in right], 0.5),
        p95=share_of([row.latency for row in right], 0.95),
        first_token_p95=share_of(tokens, 0.95),
        longest_gap=max((row.longest_gap for row in rows), default=0.0),
        errors=Counter(row.error for row in rows if not row.ok),
        broken_off=sum(is_broken_off(row) for row in rows),
        foreign=sum(row.foreign for row in rows),
        recovery_s=recovery(profile, rows),
        model_calls=len(running.calls),
        refused=sum(call.error == "RateLimited" for call in running.calls),
        pooled=most_in_flight(running.calls),
        left=left_after(running, list(asked_of_model(running, played))),
        short=shortfall(rows),
        notes="\n".join(filter(None, [reasons(rows), *running.remarks()])),
    )


def is_broken_off(row: Row) -> bool:
    """Whether its reply began and did not come to its end."""
    return row.status is not None and row.error in (Error.NETWORK, Error.TIME_OUT)


def asked_of_model(running: Running, played: Played) -> Iterator[Ask]:
    """The asks that were answered rightly, in words of the model's: a service keeps those."""
    marked = {one.kind for one in running.offered.endpoints if one.carries_mark}
    for row, ask in zip(played.rows, played.asks, strict=True):
        if row.ok and row.kind in marked:
            yield ask


def recovery(profile: Profile, rows: Sequence[Row]) -> float | None:
    """Virtual seconds from the end of the peak to the end of the last request, due after it, that
    fails or takes longer than before the peak (``RECOVERED``). 0 if none does; to the end of the
    load if none is answered rightly; ``None`` if there is no peak."""
    if profile.peak_s is None:
        return None
    begins, ends = profile.peak_s
    usual: dict[str, float] = defaultdict(float)
    for row in rows:
        if row.ok and row.ended <= begins:
            usual[row.kind] = max(usual[row.kind], row.latency)
    if not any(row.ok and row.due >= ends for row in rows):
        last = max((row.ended for row in rows), default=0.0)
        return round(max(profile.duration_s, last) - ends, 9)
    slow = [
        row.ended - ends
        for row in rows
        if row.due >= ends
        and (not row.ok or (row.kind in usual and row.latency > RECOVERED * usual[row.kind]))
    ]
    return round(max(slow, default=0.0), 9)
