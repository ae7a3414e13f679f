"""Agents that hand over to one another, and agents that are tools of another one.

Of so many helpers; the model takes 1.137 s a call.
"""

from __future__ import annotations

from collections import Counter
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
from benchmarks.core.ties import wakeups
from benchmarks.core.workload import Engine, engine_of
from benchmarks.questions import scaling
from benchmarks.questions.scaling import SizeFigures
from mocks.model import Model
from mocks.worlds.agent.errands import Errand
from mocks.worlds.agent.script import LATENCY_S, Plan
from mocks.worlds.agent.team import Team, TeamScript, TeamWorld
from mocks.worlds.agent.tools import running_errand
from targets.opening import Opened
from targets.protocols.agent import Ended, Teams, TeamsSdk

HELPERS = (1, 5)
HELD = {"latency_s": LATENCY_S}

Cache = Mapping[int, Attempt[SizeFigures]]


class TeamErrands(Errands):
    """Errands that several agents share."""

    world: TeamWorld

    def __init__(self, team: Team) -> None:
        super().__init__()
        self._team = team
        model = Model(TeamScript(team), latency=LATENCY_S, wakeups=wakeups())
        self.world = TeamWorld(model=model, plan=Plan())

    def open(self) -> Opened[Engine[Errand, Ended]]:
        """See ``Workload``."""
        return engine_of(part(Teams).open(self.world), self._teamed)

    def what_went_wrong(self, inputs: Sequence[Errand]) -> str:
        """See ``Errands``: each agent was asked, as often as it must be, for each errand."""
        asked = Counter(self.world.asked)
        due = {
            (name, errand.mark): times
            for errand in inputs
            for name, times in self._team.requests.items()
        }
        for (name, mark), times in due.items():
            if asked[name, mark] != times:
                return f"{mark}: the model of {name} was asked {asked[name, mark]} times"
        if more := next((one for one in asked if one not in due), None):
            return f"{more[1] or 'nobody'}: the model of {more[0] or 'nobody'} was asked"
        return ""

    def _teamed(self, sdk: TeamsSdk) -> Engine[Errand, Ended]:
        lead, *others = self._team.specs()
        agent = (
            sdk.handing_over([lead, *others]) if self._team.handing else sdk.asking(lead, others)
        )

        async def run(errand: Errand) -> Ended:
            running_errand.set(errand.mark)
            return await sdk.run(agent, errand.text)

        return Engine(run, sdk.close)


def measure(handing: bool, helpers: int) -> SizeFigures:
    """A run with so many helpers."""
    return scaling.measure(TeamErrands(Team(helpers, handing)), everywhere=False)


def _cache(handing: bool) -> Cache:
    return each_fresh({each: partial(measure, handing, each) for each in HELPERS}, fresh)


@series(version="1", kind="exact", unit="calls", group="calls", explain="counted")
def model_calls(self: scaling.OfSize, *cell: object) -> int:
    """Calls to the model."""
    return self.figures.model_calls


@presented(holds=HELD, roles={"hand_overs": "steps"}, demo=("track_sdk_bytecodes",))
class HandOver:
    """An errand is handed over so many times; who has it last answers."""

    params = HELPERS
    param_names = ("hand_overs",)

    def setup_cache(self) -> Cache:
        return _cache(handing=True)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, hand_overs: int) -> None:
        self.figures = value_of(cache[hand_overs])

    track_makespan = scaling.makespan
    track_model_calls = model_calls
    track_sdk_bytecodes = scaling.sdk_bytecodes
    track_function_calls = portal_row(
        function_calls,
        rank=832,
        label="Function calls of a hand-over",
        work="an errand that is handed over 5 times",
        unit="calls",
        cell={"hand_overs": "5"},
        per=5,
        needs_same="python",
    )
    track_retained_bytes = scaling.retained_bytes


@presented(holds=HELD, roles={"agents": "size"})
class Asking:
    """An agent asks so many others in one answer of its model: their time says whether they
    overlap."""

    params = HELPERS
    param_names = ("agents",)

    def setup_cache(self) -> Cache:
        return _cache(handing=False)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, agents: int) -> None:
        self.figures = value_of(cache[agents])

    track_makespan = portal_row(
        scaling.makespan,
        rank=834,
        label="5 agents asked by another one",
        work="in one answer of its model: three calls one after the other at least",
        unit="seconds",
        cell={"agents": "5"},
    )
    track_model_calls = model_calls
    track_sdk_bytecodes = scaling.sdk_bytecodes
    track_function_calls = function_calls
    track_retained_bytes = scaling.retained_bytes
