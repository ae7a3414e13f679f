"""What it costs that an SDK traces what its agents do: spans go to an exporter that drops them.

Five turns with a call of a tool each, then the answer; the model takes 1.137 s a call, a tool
0.23 s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial

from benchmarks.agent.running import CACHE_TIMEOUT_S, fresh
from benchmarks.agent.tools import function_calls
from benchmarks.agent.workload import Errands
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.harness import Harness
from benchmarks.core.notes import note, wrong
from benchmarks.core.parts import part
from benchmarks.core.presentation import portal_row, presented
from benchmarks.core.series import series
from benchmarks.core.workload import Engine, engine_of
from benchmarks.questions import scaling
from mocks.worlds.agent.errands import Errand
from mocks.worlds.agent.script import LATENCY_S, Plan
from mocks.worlds.agent.tools import TOOL_S, running_errand
from targets.opening import Opened
from targets.protocols.agent import Ended, Tracing, TracingSdk

TURNS = 5
OFF, ON = "off", "on"
HELD = {"latency_s": LATENCY_S, "tool_s": TOOL_S, "turns": TURNS}


@dataclass(frozen=True, slots=True)
class TracedFigures(scaling.SizeFigures):
    """The figures of a run, and the kinds of the spans that were traced in it."""

    spans: tuple[str, ...]


class TracedErrands(Errands):
    """Errands whose runs are traced, or are not. ``traced``: the kinds of their spans so far."""

    def __init__(self, tracing: str) -> None:
        super().__init__(Plan(turns=(("look",),) * TURNS))
        self._tracing = tracing
        self.traced: list[str] = []

    def open(self) -> Opened[Engine[Errand, Ended]]:
        """See ``Workload``."""
        return engine_of(part(Tracing).open(self.world), self._traced)

    def forget(self) -> None:
        """See ``Workload``."""
        super().forget()
        self.traced.clear()

    def _traced(self, sdk: TracingSdk) -> Engine[Errand, Ended]:
        agent = sdk.make(self.world.spec(), self.traced.append if self._tracing == ON else None)

        async def run(errand: Errand) -> Ended:
            running_errand.set(errand.mark)
            return await sdk.run(agent, errand.text)

        return Engine(run, sdk.close)


def measure(tracing: str) -> TracedFigures:
    """A run with tracing on or off."""
    sized = scaling.measure(TracedErrands(tracing), everywhere=False)
    workload = TracedErrands(tracing)
    with Harness(workload) as harness:
        harness.checked()
        harness.checked()
        spans = tuple(workload.traced)
    if (tracing == ON) is not bool(spans):
        wrong(f"tracing is {tracing}, and {len(spans)} spans were traced")
    return TracedFigures(**asdict(sized), spans=spans)


Cache = Mapping[str, Attempt[TracedFigures]]


@presented(holds=HELD)
class Run:
    """A run of five turns with a tool each, with tracing off and on."""

    params = (OFF, ON)
    param_names = ("tracing",)

    def setup_cache(self) -> Cache:
        return each_fresh({tracing: partial(measure, tracing) for tracing in (OFF, ON)}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, tracing: str) -> None:
        self.figures: TracedFigures = value_of(cache[tracing])

    track_makespan = scaling.makespan
    track_sdk_bytecodes = scaling.sdk_bytecodes
    track_function_calls = portal_row(
        function_calls,
        rank=836,
        label="Function calls of a run that is traced",
        work="five turns with a call of a tool each; spans go to an exporter that drops them",
        unit="calls",
        cell={"tracing": ON},
        needs_same="python",
    )
    track_retained_bytes = scaling.retained_bytes

    @series(version="1", kind="exact", unit="spans", group="calls", direction="higher")
    def track_spans(self, cache: Cache, tracing: str) -> int:
        """Spans of the run that the exporter got."""
        kinds = self.figures.spans
        if kinds:
            note("\n".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)))
        return len(kinds)
