"""A target's engine in a mock world on a virtual clock: what negotiation benchmarks run on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Self, TypeVar

from benchmarks import _subject
from benchmarks._notes import wrong
from benchmarks._outcome import WrongOutcome, check_results, check_scenario
from benchmarks._ties import are_reversed
from meters import memory
from mocks.model import Faults, Model, RateLimit
from mocks.world import Trouble
from mocks.worlds.negotiation.people import Demand, People
from mocks.worlds.negotiation.script import Scenario, Script
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.opening import Opened, clock_for, finish
from targets.protocol import Unavailable
from targets.protocols.negotiation import Negotiated, Negotiation, Negotiator

T = TypeVar("T")

PEOPLE_SEED = 1
LIMIT_S = 7200.0
"""Virtual seconds after which a run that still waits for something is given up: the slowest cell of
a working SDK takes about 1,100."""


class Rig:
    """One engine, ``agents`` agents, a model of ``latency`` seconds a call and ``slots`` slots.

    ``limit``: what the provider allows; ``faults``: what goes wrong with its calls; ``trouble``:
    what goes wrong elsewhere; ``script``: what the model says, if it is more than a scenario.

    ``negotiate`` runs negotiations, all started at once. Each gets a demand of its own; the
    numbering is the same in every process, so a rig used in the same way measures the same work.
    """

    def __init__(
        self,
        *,
        agents: int,
        scenario: Scenario = Scenario.PLAN,
        latency: float = 1.0,
        slots: int | None = None,
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
            reverse_ties=are_reversed(),
        )
        self.world = NegotiationWorld(people=people_of(agents), model=model, trouble=trouble)
        self._opened: Opened[Negotiator] = _subject.capability(Negotiation).open(self.world)
        self.clock = clock_for(self._opened)(reverse_ties=are_reversed())
        self.demands: list[Demand] = []
        self._used = 0

    def __enter__(self) -> Self:
        self.clock.__enter__()
        try:
            self.negotiator = finish(self._opened, self.clock)
        except BaseException as error:
            self.clock.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.clock.run(self.negotiator.close())
        finally:
            self.clock.__exit__(kind, error, trace)

    def negotiate(self, count: int = 1) -> list[Negotiated]:
        """Run ``count`` negotiations at the same time; ``demands`` then holds theirs."""
        self.prepare(count)
        return self.run()

    def prepare(self, count: int = 1) -> None:
        """Forget the last run and choose the next ``count`` demands (not part of a measurement)."""
        self.forget()
        first = self._used + 1
        self._used += count
        self.demands = [self.world.people.demand(n) for n in range(first, first + count)]

    def run(self) -> list[Negotiated]:
        """Run the prepared negotiations: what is measured.

        Raises what the SDK raises, ``Hang`` if it waits for ever, ``OutOfTime``.
        """
        return self.clock.run(self._run(), limit=LIMIT_S)

    def attempt(self) -> list[Negotiated | Exception]:
        """Run the prepared negotiations; what one raises stands in its place.

        Raises ``Hang`` if one waits for ever, ``OutOfTime``.
        """
        return self.clock.run(self._attempt(), limit=LIMIT_S)

    def forget(self) -> None:
        """Drop the harness's own records of the last run."""
        self.world.clear()
        self.script.clear()

    def check(self, results: Sequence[Negotiated]) -> bool:
        """Whether the last run ended as it must and went as its scenario says. If not, what is
        wrong is said beside the value that is being measured."""
        try:
            self.require(results)
        except WrongOutcome as error:
            wrong(str(error))
            return False
        return True

    def check_results(
        self, results: Sequence[Negotiated], *, may_lose_offers: bool = False
    ) -> None:
        """The same without a look at the call log: for a run whose log is forgotten, or in which
        calls may be given up."""
        try:
            self.require_results(results, may_lose_offers=may_lose_offers)
        except WrongOutcome as error:
            wrong(str(error))

    def require(self, results: Sequence[Negotiated]) -> None:
        """As ``check``, for what has no value without a right outcome: raises ``WrongOutcome``."""
        check_results(self.world, self.demands, results)
        check_scenario(self.world, self.script.scenario, self.demands)

    def require_results(
        self, results: Sequence[Negotiated], *, may_lose_offers: bool = False
    ) -> None:
        """As ``check_results``, but raises ``WrongOutcome``."""
        check_results(self.world, self.demands, results, may_lose_offers=may_lose_offers)

    def checked(self, count: int = 1) -> list[Negotiated]:
        """Run and check. ``Unavailable`` where the scenario's tool is not offered."""
        results = self._with_tool(count)
        self.check(results)
        return results

    def required(self) -> Negotiated:
        """The result of one run that is right. Raises as ``checked`` does, and ``WrongOutcome``."""
        results = self._with_tool(1)
        self.require(results)
        return results[0]

    def makespan(self, count: int = 1) -> float:
        """Run and check; virtual seconds from the start of all to the end of the last."""
        before = self.clock.now
        self.checked(count)
        return round(self.clock.now - before, 9)

    def measure(self, meter: Callable[[Callable[[], list[Negotiated]]], T], count: int = 1) -> T:
        """``meter(run)`` over a run of fresh demands."""
        self.prepare(count)
        return meter(self.run)

    def traced(self, *, release: bool = False) -> memory.Traced[list[Negotiated]]:
        """Peak and retained bytes of one run of fresh demands, after another one.

        ``release``: drop the harness's own records before retained bytes are read; the run can
        then be checked by its results only.
        """

        def warm_up() -> list[Negotiated]:
            results = self.checked()
            self.prepare()
            return results

        return memory.traced(self.run, self.forget if release else None, warm_up)

    def _with_tool(self, count: int) -> list[Negotiated]:
        results = self.negotiate(count)
        if self.script.missing:
            scenario, tool = self.script.scenario, self.script.missing
            raise Unavailable(f"scenario {scenario}: the center is not offered the tool {tool}")
        return results

    async def _run(self) -> list[Negotiated]:
        return list(await asyncio.gather(*map(self.negotiator.negotiate, self.demands)))

    async def _attempt(self) -> list[Negotiated | Exception]:
        started = map(self.negotiator.negotiate, self.demands)
        ends = await asyncio.gather(*started, return_exceptions=True)
        # An SDK may let its own cancellations out; a negotiation that nobody cancelled and that
        # ends cancelled has failed like any other.
        return [_failure(end) if isinstance(end, BaseException) else end for end in ends]


@lru_cache(maxsize=1)
def warm_rig(
    agents: int, scenario: Scenario = Scenario.PLAN, latency: float = 1.0, slots: int | None = None
) -> Rig:
    """A rig that has negotiated once, and was checked: imports, caches and code are warm.

    Kept for the process, which measures one cell: asv calls ``setup`` before every sample.
    """
    rig = cold_rig(agents, scenario, latency, slots)
    rig.checked()
    return rig


@lru_cache(maxsize=1)
def cold_rig(
    agents: int, scenario: Scenario = Scenario.PLAN, latency: float = 1.0, slots: int | None = None
) -> Rig:
    """A rig that has not been used yet, open until the process ends."""
    return Rig(agents=agents, scenario=scenario, latency=latency, slots=slots).__enter__()


def _failure(error: BaseException) -> Exception:
    if isinstance(error, Exception):
        return error
    if isinstance(error, asyncio.CancelledError):
        return RuntimeError("ended cancelled, though nobody cancelled it")
    raise error


@lru_cache(maxsize=4)
def people_of(agents: int) -> People:
    """The population of ``agents`` agents that rigs have."""
    return People(agents, seed=PEOPLE_SEED)
