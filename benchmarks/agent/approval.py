"""A run that is interrupted before it calls its tools, until a human approves, and is resumed.

One turn with so many calls of a tool, then the answer. The model takes 1.137 s a call, a tool
0.23 s, the human no time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from benchmarks.agent.running import CACHE_TIMEOUT_S, fresh
from benchmarks.agent.tools import function_calls
from benchmarks.agent.workload import Errands
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.parts import part
from benchmarks.core.presentation import portal_row, presented
from benchmarks.core.series import series
from benchmarks.core.workload import Engine, engine_of
from benchmarks.questions import scaling
from benchmarks.questions.scaling import SizeFigures
from mocks.worlds.agent.errands import Errand
from mocks.worlds.agent.script import LATENCY_S, Plan
from mocks.worlds.agent.tools import TOOL_S, running_errand
from targets.opening import Opened
from targets.protocols.agent import Approval, ApprovalSdk, Ended

CALLS = (1, 5)
HELD = {"latency_s": LATENCY_S, "tool_s": TOOL_S}

Cache = Mapping[int, Attempt[SizeFigures]]


class ApprovedErrands(Errands):
    """Errands whose tools are called once they are approved."""

    def __init__(self, calls: int) -> None:
        super().__init__(Plan(turns=(("look",) * calls,)))
        self._early: list[str] = []

    def open(self) -> Opened[Engine[Errand, Ended]]:
        """See ``Workload``."""
        return engine_of(part(Approval).open(self.world), self._approved)

    def forget(self) -> None:
        """See ``Workload``."""
        super().forget()
        self._early.clear()

    def what_went_wrong(self, inputs: Sequence[Errand]) -> str:
        """See ``Errands``: and no tool was called that nobody had approved."""
        if self._early:
            return f"the tool call {self._early[0]} was made before it was approved"
        return super().what_went_wrong(inputs)

    def _approved(self, sdk: ApprovalSdk) -> Engine[Errand, Ended]:
        agent = sdk.make(self.world.spec())

        async def run(errand: Errand) -> Ended:
            running_errand.set(errand.mark)
            paused = await sdk.start(agent, errand.text)
            keys = (use.key for use in self.world.toolbox.log)
            self._early += [key for key in keys if key.startswith(errand.mark)]
            return await sdk.resume(agent, paused)

        return Engine(run, sdk.close)


def measure(calls: int) -> SizeFigures:
    """A run with so many calls that wait together."""
    return scaling.measure(ApprovedErrands(calls), everywhere=False)


@presented(
    holds=HELD,
    roles={"calls": "size"},
    demo=("track_function_calls", "track_makespan", "track_model_calls", "track_sdk_bytecodes"),
)
class Run:
    """A run of which so many tool calls wait to be approved at once."""

    params = CALLS
    param_names = ("calls",)

    def setup_cache(self) -> Cache:
        return each_fresh({calls: partial(measure, calls) for calls in CALLS}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, calls: int) -> None:
        self.figures = value_of(cache[calls])

    track_makespan = scaling.makespan
    track_sdk_bytecodes = scaling.sdk_bytecodes
    track_function_calls = portal_row(
        function_calls,
        rank=839,
        label="Function calls of a run that waits for approval",
        work="one turn with a call of a tool: interrupted before it, resumed, answered",
        unit="calls",
        cell={"calls": "1"},
        needs_same="python",
    )
    track_retained_bytes = scaling.retained_bytes

    @series(version="1", kind="exact", unit="calls", group="calls", explain="counted")
    def track_model_calls(self, cache: Cache, calls: int) -> int:
        """Calls to the model. 2: nothing is asked again when the run goes on."""
        return self.figures.model_calls
