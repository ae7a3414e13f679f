"""Negotiations as a workload: demands go in, plans made of every agent's offer must come out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from benchmarks.core import subject
from benchmarks.core.harness import Harness
from benchmarks.core.ties import wakeups
from benchmarks.core.workload import Engine, engine_of
from benchmarks.negotiation import checks
from mocks.model import Call, Faults, Model, RateLimit, Span
from mocks.world import Trouble
from mocks.worlds.negotiation.events import EventKind
from mocks.worlds.negotiation.people import Demand, People
from mocks.worlds.negotiation.script import Scenario, Script
from mocks.worlds.negotiation.stages import spans
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.opening import Opened
from targets.protocols.negotiation import Negotiated, Negotiation, Negotiator

NegotiationHarness: TypeAlias = Harness[Demand, Negotiated]

PEOPLE_SEED = 1

LATENCY_S = 1.0
"""Of a model call, where a benchmark has no reason for another one."""


class Negotiations:
    """``agents`` agents, a model of ``latency`` seconds a call and ``slots`` slots.

    ``limit``: what the provider allows; ``faults``: what goes wrong with its calls; ``trouble``:
    what goes wrong elsewhere; ``script``: what the model says, if it is more than a scenario.
    """

    def __init__(
        self,
        agents: int,
        scenario: Scenario = Scenario.PLAN,
        latency: float = LATENCY_S,
        slots: int | None = None,
        *,
        limit: RateLimit | None = None,
        faults: Faults | None = None,
        script: Script | None = None,
        trouble: Trouble | None = None,
    ) -> None:
        self.script = script or Script(scenario)
        model = Model(
            self.script,
            latency=latency,
            slots=slots,
            limit=limit,
            faults=faults,
            wakeups=wakeups(),
        )
        self.world = NegotiationWorld(people=people_of(agents), model=model, trouble=trouble)

    def open(self) -> Opened[Engine[Demand, Negotiated]]:
        """See ``Workload``."""
        return engine_of(subject.capability(Negotiation).open(self.world), _engine)

    def input(self, number: int) -> Demand:
        """A demand that no other negotiation has."""
        return self.world.people.demand(number)

    def unavailable(self) -> str:
        """The scenario's tool, if the SDK does not offer it."""
        if not self.script.missing:
            return ""
        scenario, tool = self.script.scenario, self.script.missing
        return f"scenario {scenario}: the center is not offered the tool {tool}"

    def require_results(
        self, inputs: Sequence[Demand], results: Sequence[Negotiated], *, complete: bool = True
    ) -> None:
        """See ``Workload``; incomplete: offers may be missing and the plan a fallback."""
        checks.check_results(self.world, inputs, results, may_lose_offers=not complete)

    def require_calls(self, inputs: Sequence[Demand]) -> None:
        """The calls are the scenario's."""
        checks.check_scenario(self.world, self.script.scenario, inputs)

    def foreign(self, inputs: Sequence[Demand], results: Sequence[Negotiated]) -> int:
        """What carries another demand's mark, and strangers among the participants."""
        return checks.crosstalk(self.world, inputs, results)

    def lost(self, result: Negotiated | None) -> int:
        """Agents whose offer is missing."""
        return self.world.people.count - (len(result.offers) if result else 0)

    def spans(self) -> list[Span]:
        """See ``Workload``."""
        return spans(self.world.model.calls)

    def forget(self) -> None:
        """See ``Workload``."""
        self.world.clear()
        self.script.clear()

    def native(self, result: Negotiated) -> object:
        """The SDK's own result."""
        return result.native

    def is_done(self, result: Negotiated) -> bool:
        """Whether it ended with a plan."""
        return bool(result.plan)

    def calls_used(self, inputs: Sequence[Demand], results: Sequence[Negotiated]) -> int:
        """Calls whose answer is in a result: of an agent's offers, only one can be."""
        by_mark = {demand.mark: result for demand, result in zip(inputs, results, strict=True)}
        offers = set()
        others = 0
        for call in self.world.model.calls:
            result = by_mark.get(call.mark)
            if result is None or call.outcome != "ok":
                continue
            if call.role != "offer":
                others += 1
            elif call.agent in result.offers:
                offers.add((call.mark, call.agent))
        return others + len(offers)

    def longest_step(self, inputs: Sequence[Demand]) -> float:
        """Virtual seconds from the moment at which an agent's negotiation could ask for offers to
        that agent's answer: the SDK announces who was matched, or makes the first request."""
        marks = {demand.id: demand.mark for demand in inputs}
        begun = {
            marks[event.run]: event.at
            for event in self.world.events
            if event.kind == EventKind.MATCHED and event.run in marks
        }
        longest = 0.0
        for call in self.world.model.calls:
            if call.role == "offer":
                start = begun.setdefault(call.mark, call.queued)
                longest = max(longest, _answered(call, start))
        return round(longest, 9)


def _engine(negotiator: Negotiator) -> Engine[Demand, Negotiated]:
    return Engine(negotiator.negotiate, negotiator.close)


def _answered(call: Call, start: float) -> float:
    return call.ended - start if call.outcome == "ok" and call.ended is not None else 0.0


@lru_cache(maxsize=4)
def people_of(agents: int) -> People:
    """The population of ``agents`` agents that workloads have."""
    return People(agents, seed=PEOPLE_SEED)
