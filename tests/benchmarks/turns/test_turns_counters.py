"""What a runtime tells Prometheus of itself is held against what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from made_runtimes import offered

from benchmarks.core import subject
from benchmarks.turns import counters
from mocks.worlds.turns.asks import Ask
from mocks.worlds.turns.world import TurnsWorld
from targets.bare.turns import _Runtime
from targets.exposition import Exposition
from targets.protocol import Unavailable
from targets.protocols.turns import NO_WISH, Runtime, Status, Taken, Wish


class Selective(_Runtime):
    """Counts only the turns that were done."""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        taken = await super().turn(session, ask, wish)
        del self._ended[Status.FAILED]
        return taken


class Unfed(_Runtime):
    """Has metrics for turns and tokens that nobody feeds."""

    def expose(self) -> Exposition:
        return Exposition(lambda: "turns_total 0\n", {"turns": "turns_total", "tokens": "t_total"})


class Garbled(_Runtime):
    """Tells something else."""

    def expose(self) -> Exposition:
        return replace(super().expose(), read=lambda: "<html>")


class Raising(_Runtime):
    """Raises where the model gives no answer, and has counted the turn."""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        taken = await super().turn(session, ask, wish)
        if taken.status is Status.FAILED:
            raise KeyError(ask.mark)
        return taken


class Silent:
    """Tells nothing."""

    def __init__(self, world: TurnsWorld) -> None:
        self._runtime: Runtime = _Runtime(world)

    def __getattr__(self, name: str) -> Any:
        if name == "expose":
            raise AttributeError(name)
        return getattr(self._runtime, name)


@pytest.fixture
def with_runtime(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Any], Any]], None]:
    """Puts a runtime in the place of the target's."""

    def put(runtime: Callable[[Any], Any]) -> None:
        monkeypatch.setattr(subject, "capability", lambda _: offered(runtime))

    return put


@pytest.mark.parametrize("runtime", [_Runtime, Raising])
def test_who_counts_all_is_right(with_runtime: Any, runtime: Any) -> None:
    with_runtime(runtime)
    told = counters.measure()
    assert told.true == {"floor_sessions_total": 2, "floor_turns_total": 6, "floor_calls_total": 6}
    assert told.wrong == []


@pytest.mark.parametrize(
    ("runtime", "wrong"),
    [
        (Selective, ["floor_turns_total is 4"]),
        (Unfed, ["turns_total is 0", "t_total is not there"]),
    ],
)
def test_who_counts_otherwise_is_told_by_name(with_runtime: Any, runtime: Any, wrong: Any) -> None:
    with_runtime(runtime)
    told = counters.measure()
    assert [line.partition(", and ")[0] for line in told.wrong] == wrong
    assert told.wrong[0].endswith(", and 6 were done")


def test_who_tells_nothing_is_not_asked(with_runtime: Any) -> None:
    with_runtime(Silent)
    with pytest.raises(Unavailable, match="it tells Prometheus nothing"):
        counters.measure()


def test_what_is_none_of_prometheus_texts_fails(with_runtime: Any) -> None:
    with_runtime(Garbled)
    with pytest.raises(ValueError, match="no sample of a metric: '<html>'"):
        counters.measure()
