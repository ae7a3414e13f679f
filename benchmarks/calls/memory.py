"""What 200 calls in a row on one engine leave behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from benchmarks.calls.baseline import HELD
from benchmarks.calls.workload import Streams
from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented, renewed
from benchmarks.questions import leak
from benchmarks.questions.leak import Mix
from mocks.model import Disconnected, Fault, Reply, Request
from mocks.worlds.calls.world import Ask

Cache = Mapping[str, Attempt[leak.LeftPerRun]]


class _Disconnect:
    """The connection breaks at once."""

    async def apply(self, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        raise Disconnected("the connection was lost")


class EverySecond:
    """Every second call's stream breaks. It keeps no record, which would look like a leak."""

    def __init__(self) -> None:
        self._fault = _Disconnect()

    def strike(self, request: Request) -> Fault | None:
        """See ``mocks.model.Faults``."""
        return self._fault if _is_second(request.mark) else None


def is_struck(ask: Ask) -> bool:
    """Whether the call's stream breaks."""
    return _is_second(ask.mark)


def _is_second(mark: str) -> bool:
    return int(mark.removeprefix("#k")) % 2 == 0


def measure(mix: Mix) -> leak.LeftPerRun:
    """What calls in a row leave behind."""
    faults = EverySecond() if mix is Mix.FAULTS else None
    return leak.measure(mix, partial(Streams, faults=faults), is_struck)


@presented(holds=HELD, roles={"mix": "mix"})
class Leak:
    """200 calls in a row on one engine, after 24 others. Their results are dropped."""

    params = tuple(mix.value for mix in Mix)
    param_names = ("mix",)

    def setup_cache(self) -> Cache:
        return {mix.value: attempt(partial(measure, mix)) for mix in Mix}

    def setup(self, cache: Cache, mix: str) -> None:
        self.left = value_of(cache[mix])

    track_retained_bytes = renewed(leak.retained_bytes, version="2")
    track_retained_objects = leak.retained_objects
    track_results_alive = leak.results_alive
