"""Negotiations whose offers do not fit into memory: what ``questions.pressure`` runs."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.negotiation.workload import Negotiations
from benchmarks.questions.pressure import REPLY_BYTES
from benchmarks.questions.pressure_child import answer
from mocks.model import Reply, Request
from mocks.worlds.negotiation.people import Demand
from mocks.worlds.negotiation.script import Scenario, Script
from targets.protocols.negotiation import Negotiated

AGENTS = 3


def main() -> None:
    """See ``questions.pressure_child``."""
    answer(NegotiationsWithLargeOffers())


class NegotiationsWithLargeOffers(Negotiations):
    """Negotiations of 3 agents; ``reply_bytes``: the size of each large offer."""

    def __init__(self, reply_bytes: int = REPLY_BYTES) -> None:
        self._large = LargeOffers()
        self._reply_bytes = reply_bytes
        super().__init__(AGENTS, script=self._large)

    def get_ready(self, inputs: Sequence[Demand]) -> None:
        """Have the offers for these demands ready, all large."""
        for demand in inputs:
            self._large.get_ready(list(self.world.people.agents), demand.mark, self._reply_bytes)

    def release(self) -> None:
        """Make offers as small as usual again."""
        self._large.ready.clear()

    def misplaced(self, one: Demand, result: Negotiated) -> str:
        """The first offer that is not for this demand."""
        foreign = [agent for agent, offer in result.offers.items() if one.mark not in offer[:200]]
        return f"the offer of {foreign[0]} is not for {one.id}" if foreign else ""


class LargeOffers(Script):
    """Every agent's offer for one demand is ready beforehand, and long."""

    def __init__(self) -> None:
        super().__init__(Scenario.PLAN)
        self.ready: dict[str, Reply] = {}

    def __call__(self, request: Request, /) -> Reply:
        if request.role == "offer" and request.agent in self.ready:
            return self.ready[request.agent]
        return super().__call__(request)

    def get_ready(self, agents: list[str], mark: str, size: int) -> None:
        """Have offers of ``size`` bytes ready for the demand with this mark."""
        for agent in agents:
            text = super().__call__(Request("offer", agent, mark, "")).text
            self.ready[agent] = Reply(text.ljust(size, "x"))
