"""Users who come and go: what a service does under the load of a profile.

The users and rates are those of the two seeds' plans; ramp and soak are shorter here, for on the
virtual clock nothing but a change of the load makes a later minute unlike an earlier one.
``unladen load`` plays them in full.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.notes import note
from benchmarks.core.presentation import presented
from benchmarks.core.series import runs, series
from benchmarks.service.checks import check
from benchmarks.service.lasting import BATCHES, kept_over
from benchmarks.service.played import SEED, LoadResult, measure
from benchmarks.service.request import HOLDS, PROVIDER
from benchmarks.service.running import CACHE_TIMEOUT_S, fresh, fresh_each
from benchmarks.service.saying import needs, unless
from mocks.worlds.service.profiles import BASELINE, RAMP, SOAK, SPIKE, Profile
from mocks.worlds.service.rows import Error

PROFILES = {
    "baseline": BASELINE,
    "ramp": RAMP.changed(duration_s=120.0),
    "soak": SOAK.changed(duration_s=300.0),
    "spike": SPIKE,
}

Cache = Mapping[str, Attempt[LoadResult]]


def _no_right_reply(name: str, cache: Cache, profile: str) -> str:
    result = value_of(cache[profile])
    if getattr(result, name) is not None:
        return ""
    return "no such reply is right" + (f": {result.notes}" if result.notes else "")


def _no_stream(cache: Cache, profile: str) -> str:
    return "" if value_of(cache[profile]).streams else "nobody asks for a stream"


def _no_peak(cache: Cache, profile: str) -> str:
    return "its load has no peak" if value_of(cache[profile]).recovery_s is None else ""


def _cannot_tell(name: str, cache: Cache, profile: str) -> str:
    left = value_of(cache[profile]).left
    return "the driver cannot tell" if getattr(left, name) is None else ""


@presented(holds={**HOLDS, "seed": SEED})
class Load:
    """The load of a profile. Nobody but the users of the load uses the service."""

    params = (tuple(PROFILES),)
    param_names = ("profile",)

    def setup_cache(self) -> Cache:
        measures = {name: partial(measure, profile, PROVIDER) for name, profile in PROFILES.items()}
        return fresh_each(measures, kind=lambda _: "a load")

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, profile: str) -> None:
        self.result = value_of(cache[profile])
        if self.result.notes:
            note(self.result.notes)

    @series(version="1", kind="exact", unit="requests", group="calls", direction="higher")
    def track_requests(self, cache: Cache, profile: str) -> int:
        """Requests that the users make, who wait for each reply: slow replies make them fewer."""
        check(self.result.short)
        return self.result.requests

    @needs(partial(_no_right_reply, "p50"))
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_p50_latency(self, cache: Cache, profile: str) -> float:
        """Virtual seconds in which half of the right replies have come."""
        check(self.result.short)
        return self.result.p50 or 0.0

    @needs(partial(_no_right_reply, "p95"))
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_p95_latency(self, cache: Cache, profile: str) -> float:
        """Virtual seconds in which 95 % of the right replies have come."""
        check(self.result.short)
        return self.result.p95 or 0.0

    @unless(_no_stream)
    @needs(partial(_no_right_reply, "first_token_p95"))
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_p95_first_token(self, cache: Cache, profile: str) -> float:
        """Virtual seconds in which 95 % of the right streams have begun to say something."""
        check(self.result.short)
        return self.result.first_token_p95 or 0.0

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_longest_gap(self, cache: Cache, profile: str) -> float:
        """Longest time in which a user hears nothing, in virtual seconds."""
        return self.result.longest_gap

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_network_errors(self, cache: Cache, profile: str) -> int:
        """Requests whose connection is refused or breaks."""
        return self.result.errors.get(Error.NETWORK, 0)

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_time_outs(self, cache: Cache, profile: str) -> int:
        """Requests whose user gives up."""
        return self.result.errors.get(Error.TIME_OUT, 0)

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_authentication_errors(self, cache: Cache, profile: str) -> int:
        """Requests that are answered with 401 or 403 where they should not be."""
        return self.result.errors.get(Error.AUTHENTICATION, 0)

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_quota_errors(self, cache: Cache, profile: str) -> int:
        """Requests that are answered with 402 or 429: no success."""
        return self.result.errors.get(Error.QUOTA, 0)

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_server_errors(self, cache: Cache, profile: str) -> int:
        """Requests that are answered with 500 or above: 503 is no success either."""
        return self.result.errors.get(Error.SERVER, 0)

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_wrong(self, cache: Cache, profile: str) -> int:
        """Replies that are not what was asked for, for somebody else among them."""
        return self.result.errors.get(Error.WRONG, 0)

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_crosstalk(self, cache: Cache, profile: str) -> int:
        """Replies that carry another user's mark. Must be 0."""
        return self.result.foreign

    @unless(_no_peak)
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_recovery(self, cache: Cache, profile: str) -> float:
        """From the end of the peak until all is as before it, in virtual seconds."""
        return self.result.recovery_s or 0.0

    @series(version="1", kind="exact", unit="calls", group="calls")
    def track_model_refusals(self, cache: Cache, profile: str) -> int:
        """Calls that the model's provider refuses with 429."""
        return self.result.refused

    @series(version="1", kind="exact", unit="streams", group="outcome")
    def track_broken_off(self, cache: Cache, profile: str) -> int:
        """Replies that begin and do not come to their end. Must be 0."""
        return self.result.broken_off

    @series(version="1", kind="exact", unit="connections", group="outcome")
    def track_client_connections_left(self, cache: Cache, profile: str) -> int:
        """Connections to users that are open two minutes after the last has gone. Must be 0."""
        return self.result.left.to_clients

    @series(version="1", kind="exact", unit="connections", group="outcome")
    def track_model_connections_left(self, cache: Cache, profile: str) -> int:
        """Connections to the model that are open then, beyond one for each call that was in flight
        at the busiest moment, which a pool may keep. Must be 0."""
        return max(0, self.result.left.to_model - self.result.pooled)

    @series(version="1", kind="exact", unit="connections", group="outcome")
    def track_other_connections_left(self, cache: Cache, profile: str) -> int:
        """Connections to whatever else, such as a database, that are open then."""
        return self.result.left.to_others

    @series(version="1", kind="exact", unit="calls", group="outcome")
    def track_model_calls_left(self, cache: Cache, profile: str) -> int:
        """Calls to the model that are in flight then, for nobody. Must be 0."""
        return self.result.left.in_flight

    @unless(partial(_cannot_tell, "held"))
    @series(version="1", kind="exact", unit="sessions", group="outcome")
    def track_sessions_left(self, cache: Cache, profile: str) -> int:
        """Sessions that the service holds then."""
        return self.result.left.held or 0

    @unless(partial(_cannot_tell, "missing"))
    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_not_stored(self, cache: Cache, profile: str) -> int:
        """Requests that were answered and are not stored. Must be 0."""
        return self.result.left.missing or 0


BATCH_S = 60.0
"""Virtual seconds of each batch of the soak whose leftovers are measured."""


@presented(holds={**HOLDS, "batches": BATCHES, "seconds": BATCH_S})
class Kept:
    """What the users of a soak leave behind in the process: minutes of it, each with its rest."""

    def setup(self) -> None:
        self.bytes = value_of(attempt(partial(_kept, SOAK.changed(duration_s=BATCH_S))))

    @series(version="1", kind="sampled", unit="bytes", group="memory")
    @runs(repeat=1, rounds=1)
    def sample_bytes(self) -> int:
        """Bytes that a request of a soak leaves behind, to the nearest 16: sampled, because the
        tables of libraries grow by what their keys hash to."""
        return self.bytes


def _kept(profile: Profile) -> int:
    # What never ends is proved before anything is traced, which makes a proof long.
    value_of(fresh(partial(measure, profile, PROVIDER)))
    return value_of(fresh(partial(kept_over, profile)))
