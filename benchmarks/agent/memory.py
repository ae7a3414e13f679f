"""What 200 runs in a row of one agent leave behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from benchmarks.agent.concurrency import HELD, WITH_TOOLS
from benchmarks.agent.running import CACHE_TIMEOUT_S, fresh
from benchmarks.agent.workload import Errands
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.presentation import presented
from benchmarks.questions import leak
from benchmarks.questions.leak import Mix
from mocks.model import Disconnected, Fault, Reply, Request
from mocks.worlds.agent.errands import Errand

Cache = Mapping[str, Attempt[leak.LeftPerRun]]


class _Disconnect:
    """The connection breaks at once."""

    async def apply(self, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        raise Disconnected("the connection was lost")


class EverySecond:
    """Calls for every second errand break. It keeps no record, which would look like a leak."""

    def __init__(self) -> None:
        self._fault = _Disconnect()

    def strike(self, request: Request) -> Fault | None:
        """See ``mocks.model.Faults``."""
        return self._fault if int(request.mark.removeprefix("#a")) % 2 == 0 else None


def is_struck(errand: Errand) -> bool:
    """Whether calls for it break."""
    return errand.number % 2 == 0


def measure(mix: Mix) -> leak.LeftPerRun:
    """What runs in a row leave behind."""
    faults = EverySecond() if mix is Mix.FAULTS else None
    return leak.measure(
        mix, partial(Errands, WITH_TOOLS, faults=faults, on_machine=False), is_struck
    )


@presented(holds=HELD, roles={"mix": "mix"})
class Leak:
    """200 runs in a row of one agent, after 24 others. Their results are dropped."""

    params = tuple(mix.value for mix in Mix)
    param_names = ("mix",)

    def setup_cache(self) -> Cache:
        return each_fresh({mix.value: partial(measure, mix) for mix in Mix}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, mix: str) -> None:
        self.left = value_of(cache[mix])

    track_retained_bytes = leak.retained_bytes
    track_retained_objects = leak.retained_objects
    track_results_alive = leak.results_alive
