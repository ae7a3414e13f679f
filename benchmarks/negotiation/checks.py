"""Is what was measured right? A fast wrong result must never pass for a fast one."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.core.workload import WrongOutcome
from mocks.model import Call
from mocks.worlds.negotiation.people import AGENT, MARK, Demand
from mocks.worlds.negotiation.script import Scenario
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.protocols.negotiation import Negotiated


def check_results(
    world: NegotiationWorld,
    demands: Sequence[Demand],
    results: Sequence[Negotiated],
    *,
    may_lose_offers: bool = False,
) -> None:
    """One plan for each demand, built from one offer of every agent.

    ``may_lose_offers``: under a slow provider offers may be missing and the plan a fallback; a
    plan for the right demand is still due. Raises ``WrongOutcome`` with the first thing wrong.
    """
    if len(results) != len(demands):
        raise WrongOutcome(f"{len(demands)} negotiations gave {len(results)} results")
    agents = set(world.people.agents)
    for demand, result in zip(demands, results, strict=True):
        _check_plan(demand, result)
        if not may_lose_offers:
            _check_offers(demand, result, agents)


def check_scenario(world: NegotiationWorld, scenario: Scenario, demands: Sequence[Demand]) -> None:
    """The log's calls are the scenario's and all were answered, or ``WrongOutcome``."""
    for demand in demands:
        calls = [c for c in world.model.calls if c.mark.partition(".")[0] == demand.mark]
        _check_calls(scenario, demand, calls, world.people.count)


def crosstalk(
    world: NegotiationWorld, demands: Sequence[Demand], results: Sequence[Negotiated]
) -> int:
    """How many things in the results belong to somebody else.

    Counted: an offer, a plan or an event's data that carries another demand's mark; a participant
    who is none of the agents or is listed twice.
    """
    return sum(
        _foreign(demand, result, world) for demand, result in zip(demands, results, strict=True)
    )


def _foreign(demand: Demand, result: Negotiated, world: NegotiationWorld) -> int:
    texts = [result.plan, *result.offers.values()]
    texts += [str(event.data) for event in world.events if event.run == demand.id]
    known = [agent for agent in result.participants if agent in world.people.agents]
    strangers = len(result.participants) - len(set(known))
    return strangers + sum(not _own(demand, text) for text in texts)


def _own(demand: Demand, text: str) -> bool:
    return all(mark.partition(".")[0] == demand.mark for mark in MARK.findall(text))


def _check_plan(demand: Demand, result: Negotiated) -> None:
    if demand.mark not in result.plan:
        raise WrongOutcome(f"{demand.id} ended with the plan {result.plan[:80]!r}")


def _check_offers(demand: Demand, result: Negotiated, agents: set[str]) -> None:
    if set(result.offers) != agents or sorted(result.participants) != sorted(agents):
        raise WrongOutcome(
            f"{demand.id}: {len(agents)} agents, {len(result.participants)} participants, "
            f"{len(result.offers)} offers"
        )
    for agent, offer in result.offers.items():
        if not _is_offer_of(agent, demand, offer):
            raise WrongOutcome(f"{demand.id}: the offer of {agent} is {offer[:80]!r}")
    planned = set(AGENT.findall(result.plan))
    if planned != agents:
        raise WrongOutcome(f"{demand.id}: the plan names {len(planned)} of {len(agents)} agents")


def _is_offer_of(agent: str, demand: Demand, offer: str) -> bool:
    # No pattern made up for each agent: a thousand of them would push the SDK's own out of the
    # cache of ``re``, and the SDK would compile them again in the next measured run.
    due = f"{agent} offers help for {demand.mark}"
    return offer.startswith(due) and not offer[len(due) : len(due) + 1].isdigit()


def _check_calls(scenario: Scenario, demand: Demand, calls: Sequence[Call], agents: int) -> None:
    questions = sum(call.role == "question" for call in calls)
    expected = {Scenario.ASK_ONE: 1, Scenario.ASK_ALL: agents}.get(scenario)
    if expected is not None and questions != expected:
        raise WrongOutcome(f"{demand.id}: {questions} agents were asked, not {expected}")
    if scenario is Scenario.DISCOVERY and not any(call.role == "discovery" for call in calls):
        raise WrongOutcome(f"{demand.id}: the discovery that the center started was never run")
    sub = f"{demand.mark}.1"
    if scenario is Scenario.SUB_DEMAND and not any(
        call.role == "center" and call.mark == sub for call in calls
    ):
        raise WrongOutcome(f"{demand.id}: the sub-negotiation that the center opened was never run")
    unfinished = [call for call in calls if call.outcome != "ok"]
    if unfinished:
        raise WrongOutcome(
            f"{demand.id}: a {unfinished[0].role} call ended {unfinished[0].outcome}"
        )
