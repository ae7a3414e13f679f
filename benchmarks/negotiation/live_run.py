"""One negotiation with a real model, in real time."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.core import subject
from benchmarks.core.harness import Harness
from benchmarks.core.notes import wrong
from benchmarks.core.workload import WrongOutcome
from benchmarks.negotiation.workload import PEOPLE_SEED, Negotiations
from mocks.openai.client import LiveModel
from mocks.openai.completions import Usage
from mocks.openai.endpoint import KEY, PRICE_IN, PRICE_OUT, Endpoint, NoEndpoint
from mocks.worlds.negotiation.dialect import DIALECT
from mocks.worlds.negotiation.people import Demand, People
from mocks.worlds.negotiation.script import OUTPUT_PLAN, Scenario
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.opening import finished
from targets.protocol import Unavailable
from targets.protocols.negotiation import Negotiated, Negotiation

AGENTS = 5

LIMIT_S = 540.0
"""Real seconds after which a negotiation is given up, before asv gives up the process."""


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """What one negotiation took. ``unmetered``: why there are no tokens, ``unpriced``: why there is
    no cost in US dollars; empty where there are. ``said``: what a reader of the figures must know.
    """

    seconds: float
    calls: int
    tokens_in: int
    tokens_out: int
    cost: float
    unmetered: str
    unpriced: str
    said: str


def measure(scenario: Scenario) -> LiveFigures:
    """Negotiate once with the mock model, which costs nothing, then once with the live one.

    Raises ``Unavailable`` if the environment names no live model, and what the SDK raises. Takes
    the key out of this process's environment: what the SDK starts has no use for it.
    """
    try:
        endpoint = Endpoint.from_environment(os.environ)
    except NoEndpoint as error:
        raise Unavailable(str(error)) from None
    os.environ.pop(KEY, None)
    with Harness(Negotiations(AGENTS, scenario)) as harness:
        harness.checked()
    return negotiate(endpoint, scenario)


def negotiate(endpoint: Endpoint, scenario: Scenario) -> LiveFigures:
    """One checked negotiation with the model behind ``endpoint``. Raises ``TimeoutError`` if it is
    not over after ``LIMIT_S``, and what the SDK raises."""
    # Left to choose, a model may or may not plan at once: then runs would differ in their work.
    offered = frozenset({OUTPUT_PLAN}) if scenario is Scenario.PLAN else None
    model = LiveModel(endpoint, DIALECT, offered=offered)
    people = People(AGENTS, seed=PEOPLE_SEED)
    demand = people.demand(1)
    try:
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            seconds, result = runner.run(
                _timed(NegotiationWorld(people=people, model=model), demand)
            )
    finally:
        model.close()
    missing: list[str] = []
    try:
        missing = check(demand, result, list(people.agents))
    except WrongOutcome as error:
        wrong(str(error))
    return _figures(endpoint, model, seconds, _remarks(model, demand, result, missing))


def check(demand: Demand, result: Negotiated, agents: Sequence[str]) -> list[str]:
    """The agents whose offer is missing. Raises ``WrongOutcome`` if the plan is empty, if somebody
    takes part who is no agent or takes part twice, or if there is no offer at all.

    What a model writes is not judged, nor whether it repeats marks.
    """
    if not result.plan.strip():
        raise WrongOutcome(f"{demand.id} ended with an empty plan")
    if len(set(result.participants)) != len(result.participants):
        raise WrongOutcome(f"{demand.id}: an agent takes part twice")
    strangers = {*result.participants, *result.offers}.difference(agents)
    if strangers:
        raise WrongOutcome(f"{demand.id}: {min(strangers)[:40]!r} takes part and is no agent")
    offering = {agent for agent, offer in result.offers.items() if offer.strip()}
    if not offering:
        raise WrongOutcome(f"{demand.id} ended with a plan and not one offer")
    return [agent for agent in agents if agent not in offering]


async def _timed(world: NegotiationWorld, demand: Demand) -> tuple[float, Negotiated]:
    negotiator = await finished(subject.capability(Negotiation).open(world))
    try:
        begin = time.perf_counter()
        async with asyncio.timeout(LIMIT_S) as limit:
            result = await negotiator.negotiate(demand)
        return time.perf_counter() - begin, result
    except TimeoutError:
        if limit.expired():
            raise TimeoutError(f"{demand.id} is not over after {LIMIT_S:g} s") from None
        raise
    finally:
        await negotiator.close()


def _figures(
    endpoint: Endpoint, model: LiveModel, seconds: float, remarks: list[str]
) -> LiveFigures:
    metered = [usage for usage in model.used if isinstance(usage, Usage)]
    unmetered = ""
    if len(metered) < len(model.used):
        without = len(model.used) - len(metered)
        unmetered = f"the endpoint gave no usage for {without} of {len(model.used)} answers"
    unpriced = unmetered
    if endpoint.prices is None:
        unpriced = f"no prices: set {PRICE_IN} and {PRICE_OUT} (docs/live.md)"
    tokens_in = sum(usage.tokens_in for usage in metered)
    tokens_out = sum(usage.tokens_out for usage in metered)
    return LiveFigures(
        seconds=seconds,
        calls=len(model.calls),
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost=endpoint.prices.cost(tokens_in, tokens_out) if endpoint.prices else 0.0,
        unmetered=unmetered,
        unpriced=unpriced,
        said="; ".join([f"live model {endpoint.hide(endpoint.model)}", *remarks]),
    )


def _remarks(
    model: LiveModel, demand: Demand, result: Negotiated, missing: Sequence[str]
) -> list[str]:
    """What went otherwise than with a mock."""
    remarks = [f"no offer of {', '.join(missing)}"] if missing else []
    ends = Counter(call.outcome for call in model.calls if call.outcome != "ok")
    remarks += [f"{count} calls ended {outcome}" for outcome, count in sorted(ends.items())]
    if model.calls_in_text:
        remarks.append("the model wrote its plan as text, without calling the tool")
    if demand.mark not in result.plan:
        remarks.append("the plan does not repeat the demand's mark")
    return remarks
