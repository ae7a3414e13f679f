"""Many users at once: is what they get another thing when what is due at one instant comes in
another order?

Users come, the model answers and threads have their turns in any order of an instant
(``benchmarks.questions.races``), each time on a service that was started anew and has served one
user in the usual order. Who gets a right reply in one order and none, or somebody else's, in
another, meets a *race*.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.core.schedules import tried
from benchmarks.questions import races
from benchmarks.questions.races import HANGS, RIGHT, End, Outcome
from benchmarks.service.request import HOLDS, PROVIDER, Asking
from benchmarks.service.running import CACHE_TIMEOUT_S, Frozen, Running, fresh, is_frozen
from benchmarks.service.visitors import at_once
from mocks.clock import Hang
from mocks.clock.schedules import Trial
from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.prompts import PROMPTS
from mocks.worlds.service.rows import Error, Row
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import users

RACING = 10
"""Users at once; with fewer, fewer answers are due together."""

SEEDS = range(1, 9)
"""A service is started for each of them, so they are fewer than where an engine is enough."""

BUDGET = 60
"""Runs that shrinking one race may take."""

SPINS = "spins"
FOREIGN = "for somebody else"


class Runs:
    """Requests at once to services under one schedule after the other.

    Where the request before them, whose order is always the usual one, never ends, the first
    schedule tells it of all of them.
    """

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._spins_before = False

    def outcome(self, trial: Trial) -> Outcome:
        """How the requests end under a schedule. Raises as ``value_of`` does."""
        if self._spins_before:
            return _all(SPINS)
        with tried(trial):
            cell = fresh(partial(_ends, self._kind, trial))
        if not is_frozen(cell):
            return value_of(cell)
        self._spins_before = is_frozen(fresh(partial(_one, self._kind)))
        return _all(SPINS)


def _one(kind: Kind) -> None:
    with Running(PROVIDER) as running:
        Asking(running, kind).one()


def _ends(kind: Kind, trial: Trial) -> Outcome:
    trial.is_held = True
    with Running(PROVIDER) as running:
        Asking(running, kind).one()
        asks = [ask_of(user, 1000, PROMPTS[1]) for user in users(RACING)]
        coming = at_once(running.endpoint(kind), asks)
        trial.is_held = False
        try:
            rows = running.run(coming).rows
        except Hang:
            return _all(HANGS)
        except Frozen:
            return _all(SPINS)
        finally:
            trial.is_held = True
        return Outcome(tuple(map(_end, sorted(rows, key=lambda row: row.user))))


def _all(kind: str) -> Outcome:
    """None of them has a reply."""
    return Outcome((End(kind, 1, 0),) * RACING)


def _end(row: Row) -> End:
    if row.ok:
        return End(RIGHT, 0, 0)
    if row.foreign:
        return End(FOREIGN, 0, 1)
    has_status = row.error not in (Error.NETWORK, Error.TIME_OUT, Error.WRONG)
    return End(f"status {row.status}" if has_status else str(row.error), 1, 0)


KINDS = (Kind.CHAT, Kind.STREAM)

Cache = Mapping[str, Attempt[races.Races]]


@presented(holds={**HOLDS, "schedules": len(SEEDS), "runs": RACING})
class Races:
    """10 users at the same moment, once in the canonical order of what is due at the same instant
    and under 8 schedules with other orders."""

    params = (tuple(kind.value for kind in KINDS),)
    param_names = ("kind",)

    def setup_cache(self) -> Cache:
        return {
            kind.value: attempt(partial(races.search, Runs(kind).outcome, SEEDS, budget=BUDGET))
            for kind in KINDS
        }

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, kind: str) -> None:
        self.races = value_of(cache[kind])

    track_outcomes = races.outcomes
    track_requests_lost = races.lost("requests")
    track_crosstalk = races.crosstalk
