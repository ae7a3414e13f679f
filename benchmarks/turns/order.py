"""What is wanted of a turn besides its answer: priority, dependencies, time-outs, giving up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.notes import note
from benchmarks.core.presentation import presented
from benchmarks.core.series import series
from benchmarks.core.ties import Both, both, tie
from benchmarks.turns.fresh import CACHE_TIMEOUT_S, fresh
from benchmarks.turns.ordering import Result, play
from mocks.worlds.turns.orders import Kept, Order
from mocks.worlds.turns.script import LATENCY_S
from targets.protocol import Unavailable

Cache = Mapping[str, Attempt[Both[Result]]]


def setup_cache() -> Cache:
    """What becomes of each, played once for all series of this module."""
    return each_fresh({order.value: partial(both, partial(play, order)) for order in Order}, fresh)


vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S


@presented(holds={"latency_s": LATENCY_S})
class Wanted:
    """One runtime for each; in both orders of what is due at the same instant, the worse counts."""

    params = tuple(order.value for order in Order)
    param_names = ("wanted",)

    def setup(self, cache: Cache, wanted: str) -> None:
        self.results = value_of(cache[wanted])

    @series(
        version="1",
        kind="exact",
        unit="outcome",
        group="outcome",
        codes=[kept.word for kept in Kept],
    )
    def track_outcome(self, cache: Cache, wanted: str) -> int:
        """What became of it, from 0 (done as wanted) to 7 (never ends)."""
        worse = self.results.chosen(lambda result: result.kept)
        tied = tie(*(result.kept.word for result in self.results))
        note("\n".join(filter(None, [tied, worse.said])))
        return worse.kept.value


class Ended:
    """The same: when the turn ended that it is about."""

    params = Wanted.params
    param_names = Wanted.param_names

    def setup(self, cache: Cache, wanted: str) -> None:
        self.results = value_of(cache[wanted])
        if any(result.seconds is None for result in self.results):
            raise Unavailable("it never ends")

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, cache: Cache, wanted: str) -> float:
        """From its asking to its end, in virtual seconds."""
        return self.results.worse(lambda result: result.seconds or 0.0)
