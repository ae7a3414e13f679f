"""How many users meet a service level, by what the model's provider allows.

The level: 95 % of the right replies come within 10 virtual seconds of when they were due, and no
request fails, is refused or is answered wrongly. The users think for as long as in the other loads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.notes import note
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.questions.capacity import LEVEL_S
from benchmarks.service.checks import check
from benchmarks.service.played import SEED, LoadResult, loaded, measure
from benchmarks.service.running import CACHE_TIMEOUT_S, Provider, Running, fresh, fresh_each
from benchmarks.service.saying import needs
from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.profiles import Group, Profile
from mocks.worlds.service.rows import Row

CAP = 40
"""The search looks no further: users."""

DURATION_S = 75.0
"""Virtual seconds of each try: a provider's minute must have run out."""

PROVIDERS = {
    "60/min": Provider(per_minute=60),
    "120/min": Provider(per_minute=120),
    "unlimited": Provider(),
}


@dataclass(frozen=True, slots=True)
class Found:
    """The largest number of users found to meet the level; ``beyond``: what ends it. ``p95`` and
    ``calls_per_request``: at that number, or at one user if not even one meets it; ``short``: see
    ``checks.shortfall``."""

    users: int
    beyond: str
    p95: float | None
    calls_per_request: float
    short: str
    tries: int


def profile_of(users: int) -> Profile:
    """So many users, all of whom come within ten seconds."""
    group = Group(users, 0.0, DURATION_S, max(users / 10.0, 1.0))
    return Profile(name="capacity", groups=(group,), duration_s=DURATION_S)


def find(provider: Provider, cap: int = CAP) -> Found:
    """Search: first at what the provider allows if each user made a call each think time, then in
    growing steps from there, then by bisection.

    The number found meets the level and the next one does not; a larger one may meet it again,
    which nobody could rely on. Only what is told of the search is played to its end where requests
    fail.
    """
    tried: dict[int, LoadResult | None] = {}

    def meets(users: int) -> bool:
        if users not in tried:
            tried[users] = value_of(fresh(partial(unless_any_fails, users, provider)))
        result = tried[users]
        return result is not None and not shortfall(result)

    def whole(users: int) -> LoadResult:
        return tried.get(users) or value_of(fresh(partial(measure, profile_of(users), provider)))

    users = search(meets, first_guess(provider, cap), cap)
    beyond = f"{cap} users, no more tried"
    if users < cap:
        beyond = f"{users + 1} users: {shortfall(whole(users + 1))}"
    at = whole(max(users, 1))
    return Found(users, beyond, at.p95, at.model_calls / max(1, at.requests), at.short, len(tried))


def unless_any_fails(users: int, provider: Provider) -> LoadResult | None:
    """What so many users come to, in a process of its own; ``None``, without waiting for the rest,
    once a request fails."""
    with Running(provider) as running:

        def heard(row: Row) -> None:
            if not row.ok:
                running.leave(None)

        return loaded(running, profile_of(users), heard=heard)


def first_guess(provider: Provider, cap: int) -> int:
    """Users whose calls a provider allows if each request but those against the rules makes one."""
    if provider.per_minute is None:
        return cap
    profile = profile_of(1)
    calls = 1 - profile.mix.get(Kind.BLOCKED, 0) / sum(profile.mix.values())
    seconds = sum(profile.think_s) / 2 + provider.latency_s
    return min(cap, max(1, round(provider.per_minute / 60 * seconds / calls)))


def search(meets: Callable[[int], bool], guess: int, cap: int) -> int:
    """A number up to ``cap`` that ``meets``, the next of which does not; 0 if 1 does not. Few tries
    if it is near the ``guess``."""
    good, bad = 0, cap + 1
    step, tried = 1, guess
    while bad - good > 1:
        if meets(tried):
            good = tried
        else:
            bad = tried
        if bad > cap:
            tried = min(cap, good + step)
        elif good == 0:
            tried = max(1, bad - step)
        else:
            tried = (good + bad) // 2
        step *= 2
    return good


def shortfall(result: LoadResult) -> str:
    """In what the level is missed, empty if it is met."""
    if failed := sum(result.errors.values()):
        return f"{failed} of {result.requests} requests fail\n{result.notes}"
    if result.p95 is None:
        return "no request was made"
    return f"95 % of the replies within {result.p95:g} s" if result.p95 > LEVEL_S else ""


Cache = Mapping[str, Attempt[Found]]


def _no_right_reply(cache: Cache, provider: str) -> str:
    found = value_of(cache[provider])
    return f"no reply is right; {found.beyond}" if found.p95 is None else ""


SIXTY = {"provider": "60/min"}


@presented(
    holds={"level_s": LEVEL_S, "seconds": DURATION_S, "most": CAP, "seed": SEED},
    roles={"provider": "provider"},
)
class Capacity:
    """Users that the service can have."""

    params = (tuple(PROVIDERS),)
    param_names = ("provider",)

    def setup_cache(self) -> Cache:
        measures = {name: partial(find, provider) for name, provider in PROVIDERS.items()}
        return fresh_each(measures, kind=lambda _: "a load")

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, provider: str) -> None:
        self.found = value_of(cache[provider])
        note(self.found.beyond)

    @series(version="1", kind="exact", unit="users", group="outcome", direction="higher")
    def track_users(self, cache: Cache, provider: str) -> int:
        """The largest number of users that meets the level; 0 if not even one does."""
        return self.found.users

    track_users = headline(
        portal_row(
            track_users,
            rank=240,
            label="Users with 60 model calls a minute",
            work="users who think for 5 to 20 s and all get right replies, 95 % in 10 s",
            unit="users",
            cell=SIXTY,
            in_floors=False,
        ),
        of="a model with a limit",
        label="users within the service level",
        rank=14,
        cell=SIXTY,
    )

    @needs(_no_right_reply)
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_p95_latency(self, cache: Cache, provider: str) -> float:
        """Virtual seconds in which 95 % of the replies come, at that number (at one, if 0)."""
        check(self.found.short)
        return self.found.p95 or 0.0

    @series(version="1", kind="exact", unit="calls", group="calls")
    def track_calls_per_request(self, cache: Cache, provider: str) -> float:
        """Calls to the model for each request of the usual mix, at that number."""
        check(self.found.short)
        return round(self.found.calls_per_request, 9)
