"""A limited provider: how negotiations end on it, what is counted, how capacity is found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from suite import measure, project_with_driver

from benchmarks.core import subject
from benchmarks.core.notes import hearing
from benchmarks.core.ties import Both
from benchmarks.negotiation import limits
from benchmarks.negotiation.limits import AGENTS
from benchmarks.questions import capacity
from benchmarks.questions.limits import Allowance, Burst, burst
from mocks.clock import Hang
from mocks.model import RateLimited, Reply, Request
from mocks.worlds.negotiation.events import EventKind
from mocks.worlds.negotiation.people import Demand
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.protocols.negotiation import Negotiated

UNLIMITED = Allowance(slots=None, per_minute=None)


class Sdk:
    """A negotiator of a few lines; a test changes one of them."""

    def __init__(self, world: NegotiationWorld) -> None:
        self.world = world
        self.agents = list(world.people.agents)

    async def negotiate(self, demand: Demand) -> Negotiated:
        await self.ask("formulation", demand.user, demand)
        offers = await self.offers(demand)
        return Negotiated(await self.plan(demand, offers), offers, self.agents, None)

    async def offers(self, demand: Demand) -> dict[str, str]:
        texts = await asyncio.gather(*(self.offer(agent, demand) for agent in self.agents))
        return dict(zip(self.agents, texts, strict=True))

    async def offer(self, agent: str, demand: Demand) -> str:
        return (await self.ask("offer", agent, demand)).text

    async def plan(self, demand: Demand, offers: dict[str, str]) -> str:
        reply = await self.ask("center", "", demand)
        return str(reply.tools[0].arguments["text"])

    async def ask(self, role: str, agent: str, demand: Demand) -> Reply:
        return await self.world.model.call(Request(role, agent, demand.mark, demand.text))

    async def close(self) -> None:
        """Nothing is held."""


Use = Callable[[type[Sdk]], None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Make a class the SDK under test."""

    def chosen(sdk: type[Sdk]) -> None:
        monkeypatch.setattr(subject, "capability", lambda kind: kind(open=sdk))

    return chosen


class Patient(Sdk):
    """Comes again when it is told to."""

    async def ask(self, role: str, agent: str, demand: Demand) -> Reply:
        while True:
            try:
                return await super().ask(role, agent, demand)
            except RateLimited as refused:
                await asyncio.sleep(refused.retry_after or 1)


class Twice(Sdk):
    """Asks every agent twice and takes the second offer."""

    async def offer(self, agent: str, demand: Demand) -> str:
        await super().offer(agent, demand)
        return await super().offer(agent, demand)


class Forgetful(Sdk):
    """Drops the first agent's offer."""

    async def offers(self, demand: Demand) -> dict[str, str]:
        return dict(list((await super().offers(demand)).items())[1:])


class Impatient(Sdk):
    """Gives up what takes longer than 2 s."""

    async def offers(self, demand: Demand) -> dict[str, str]:
        async def in_time(agent: str) -> str | None:
            try:
                return await asyncio.wait_for(self.offer(agent, demand), 2.5)
            except TimeoutError:
                return None

        texts = await asyncio.gather(*map(in_time, self.agents))
        return {agent: text for agent, text in zip(self.agents, texts, strict=True) if text}


class Raises(Sdk):
    async def plan(self, demand: Demand, offers: dict[str, str]) -> str:
        raise KeyError("plan\nand more")


class Planless(Sdk):
    async def plan(self, demand: Demand, offers: dict[str, str]) -> str:
        return ""


class WrongPlan(Sdk):
    async def plan(self, demand: Demand, offers: dict[str, str]) -> str:
        return "Plan for #d99999"


class ForeignOffer(Sdk):
    async def offer(self, agent: str, demand: Demand) -> str:
        return f"{agent} offers help for #d99999"


class Hangs(Sdk):
    async def plan(self, demand: Demand, offers: dict[str, str]) -> str:
        await asyncio.Event().wait()
        return ""


class OneByOne(Sdk):
    async def offers(self, demand: Demand) -> dict[str, str]:
        return {agent: await self.offer(agent, demand) for agent in self.agents}


class OwnQueue(Sdk):
    """Has two calls in flight and no more, and announces who was matched a second late."""

    def __init__(self, world: NegotiationWorld) -> None:
        super().__init__(world)
        self.turn = asyncio.Semaphore(2)

    async def offers(self, demand: Demand) -> dict[str, str]:
        await asyncio.sleep(1)
        self.world.note(EventKind.MATCHED, demand.id, self.agents)
        return await super().offers(demand)

    async def ask(self, role: str, agent: str, demand: Demand) -> Reply:
        async with self.turn:
            return await super().ask(role, agent, demand)


def outcomes(done: Burst) -> list[str]:
    return [call.outcome for call in done.calls]


def test_within_its_limits_a_provider_costs_its_queue_only(use: Use) -> None:
    use(Sdk)
    done = burst(limits.provide(Allowance(slots=4, per_minute=24)), 2)
    assert done.makespans == [7.7, 7.7]  # 1.1 s, 20 offers at 4 in 1.1 s, 1.1 s
    assert (done.failures, done.lost, done.calls_wasted) == ([], 0, 0)
    assert done.longest_call == done.longest_step == 5.5


def test_above_the_rate_a_naive_sdk_fails_and_wastes_every_call(use: Use) -> None:
    use(Sdk)
    done = burst(limits.provide(Allowance(slots=None, per_minute=21, tell=False)), 2)
    assert done.makespans == [2.2, 1.1]  # the second's last offer is the 22nd request, at 1.1 s
    assert done.failures == ["RateLimited: 429 too many requests"] * 2
    assert done.lost == 2 * AGENTS
    assert done.calls_wasted == len(done.calls) == 23


def test_a_patient_sdk_wastes_the_refusals_and_nobody_is_lost(use: Use) -> None:
    use(Patient)
    done = burst(limits.provide(Allowance(slots=None, per_minute=21)), 2)
    assert (done.failures, done.lost) == ([], 0)
    assert done.calls_wasted == outcomes(done).count("RateLimited") == 2
    assert sorted(done.makespans) == [61.3, 62.3]  # retry-after says whole seconds
    assert done.longest_call == 1.1
    assert done.longest_step == 60.1


def test_a_call_that_is_given_up_or_answered_in_vain_is_wasted(use: Use) -> None:
    use(Twice)
    assert burst(limits.provide(UNLIMITED), 2).calls_wasted == 2 * AGENTS
    use(Forgetful)
    forgetful = burst(limits.provide(UNLIMITED), 3)
    assert (forgetful.calls_wasted, forgetful.lost) == (3, 3)
    use(Impatient)
    impatient = burst(limits.provide(Allowance(slots=2, per_minute=None)), 1)
    assert outcomes(impatient).count("cancelled") == 6
    assert (impatient.calls_wasted, impatient.lost) == (6, 6)


def test_a_negotiation_that_fails_is_an_outcome_with_its_reason(use: Use) -> None:
    use(Raises)
    raised = burst(limits.provide(UNLIMITED), 2)
    assert raised.failures == [r"KeyError: 'plan\nand more'"] * 2
    assert (raised.makespans, raised.calls_wasted) == ([2.2, 2.2], 2 * (AGENTS + 1))
    use(Planless)
    assert burst(limits.provide(UNLIMITED), 1).failures == ["ended without what it was asked for"]


@pytest.mark.parametrize(
    ("sdk", "message"),
    [(WrongPlan, "ended with the plan 'Plan for #d99999"), (ForeignOffer, "10 items")],
)
def test_what_belongs_to_another_demand_is_said_beside_the_figures(
    use: Use, sdk: type[Sdk], message: str
) -> None:
    use(sdk)
    done = burst(limits.provide(UNLIMITED), 1)
    assert message in done.wrong
    assert done.makespans
    with hearing() as heard:
        cell = limits.measure(60, 20, "none", 1)
    assert message in heard.wrong
    assert cell.makespan == done.makespans[0]


@pytest.mark.parametrize("sdk", [WrongPlan, ForeignOffer])
def test_wrong_results_meet_no_service_level(use: Use, sdk: type[Sdk]) -> None:
    use(sdk)
    found = capacity.find(limits.provide, UNLIMITED, cap=4)
    assert found.runs == 0
    assert found.figures is not None
    assert found.figures.first.wrong
    assert found.beyond == f"1 at once: {found.figures.first.wrong}"
    with hearing() as heard:
        assert capacity._figures(found) is found.figures
    assert heard.wrong == found.figures.first.wrong


def test_a_hang_is_no_outcome_either(use: Use) -> None:
    use(Hangs)
    with pytest.raises(Hang, match="in plan"):
        burst(limits.provide(UNLIMITED), 1)


def test_an_offers_wait_begins_with_the_match_and_contains_the_sdks_queue(use: Use) -> None:
    use(OwnQueue)
    done = burst(limits.provide(UNLIMITED), 1)
    assert (done.longest_call, done.longest_step) == (1.1, 5.5)


def test_the_three_most_frequent_reasons_are_told() -> None:
    failures = [*"aabbbcde"]
    done = Burst([], failures, 0, [], 0, 0.0, 0.0, "")
    assert done.reasons == "3 x b\n2 x a\n1 x c\nand 2 others"


def test_a_cell_counts_the_requests_that_a_strict_provider_would_mind(use: Use) -> None:
    use(Sdk)
    cell = limits.measure(60, 20, "none", 20)
    assert (cell.runs_failed, cell.lost) == (20, 200)
    assert cell.seconds_above_limit == 60  # from the second second on, until the first are old
    assert cell.reasons == "20 x RateLimited: 429 too many requests"
    told = limits.measure(60, 20, "retry-after", 20)
    assert "retry after 59 s" in told.reasons


@pytest.mark.parametrize("edge", [0, 1, 2, 3, 16, 63, 64, 65, 199, 200, 1000])
def test_the_search_finds_the_edge_in_few_tries(edge: int) -> None:
    tried: list[int] = []

    def meets(number: int) -> bool:
        tried.append(number)
        return number <= edge

    assert capacity.largest(meets, 200) == min(edge, 200)
    assert len(tried) == len(set(tried)) <= 16
    assert max(tried) <= 200


def test_where_the_level_comes_and_goes_the_search_finds_one_of_its_edges() -> None:
    good = {1, 2, 4, 6, 9}
    found = capacity.largest(good.__contains__, 200)
    assert found in good
    assert found + 1 not in good


@pytest.mark.parametrize(("count", "place"), [(1, 1), (19, 19), (20, 19), (40, 38), (100, 95)])
def test_a_percentile_is_one_of_the_values(count: int, place: int) -> None:
    assert capacity.percentile(list(range(count, 0, -1)), 0.95) == place


@pytest.mark.parametrize(
    ("sdk", "provider", "number", "figures", "beyond"),
    [
        (Sdk, "5 slots", 3, (8.8, 6.6, 6.6), "4 at once: 95 % ended within 11 s"),
        (Sdk, "60/min", 5, (3.3, 1.1, 1.1), "6 at once: 6 failed\n5 x RateLimited: 429 "),
        (Sdk, "20 slots, 120/min", 10, (7.7, 5.5, 5.5), "11 at once: 11 failed\n"),
        (OneByOne, "20 slots", 0, (13.2, 11, 1.1), "1 at once: 95 % ended within 13.2 s"),
        (Forgetful, "20 slots", 0, (3.3, 1.1, 1.1), "1 at once: parts lost: 1"),
    ],
)
def test_the_capacity_is_what_still_meets_the_level(
    use: Use,
    sdk: type[Sdk],
    provider: str,
    number: int,
    figures: tuple[float, float, float],
    beyond: str,
) -> None:
    use(sdk)
    found = capacity.find(limits.provide, limits.PROVIDERS[provider])
    expected = capacity.LevelFigures(*figures)
    assert (found.runs, found.figures) == (number, Both(expected, expected))
    assert found.beyond.startswith(beyond)


def test_the_search_says_where_it_stopped_looking(use: Use) -> None:
    use(Sdk)
    found = capacity.find(limits.provide, UNLIMITED, cap=6)
    assert (found.runs, found.beyond) == (6, "6 at once, no more tried")


def test_a_hang_misses_the_level_and_leaves_no_figures(use: Use) -> None:
    use(Hangs)
    found = capacity.find(limits.provide, UNLIMITED)
    assert (found.runs, found.figures) == (0, None)
    assert found.beyond.startswith("1 at once: hang at virtual time 2.2 s; waiting: Task-")


DRIVER = """
import targets.bare.driver  # puts the floor on the path
from targets.bare.negotiation import _Negotiator
from targets.protocol import Target
from targets.protocols.negotiation import Negotiation

class Broken(_Negotiator):
    async def negotiate(self, demand):
        raise RuntimeError("no plan today")

TARGET = Target(name="broken", imports=("floor",), capabilities=[Negotiation(open=Broken)])
"""


@pytest.mark.slow
def test_where_nothing_is_planned_capacity_is_0_and_its_times_are_not_applicable(
    tmp_path: Path,
) -> None:
    root = project_with_driver(tmp_path, "broken", DRIVER)
    done = measure("broken", "negotiation.limits.Capacity", root=root)
    assert set(done.of("negotiation.limits.Capacity.track_runs").values()) == {0}
    times = ("track_p95_makespan", "track_longest_offer_wait", "track_longest_call")
    values = done.comparable()
    assert {values[key] for key in values if key[0].endswith(times)} == {"n/a"}
    assert "no run ends with what it was asked for; 1 at once: 1 failed" in done.errors
    assert done.returncode == 0
