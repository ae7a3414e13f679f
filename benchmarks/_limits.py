"""Negotiations that share a limited provider: how each one ended, what came of their calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks._outcome import WrongOutcome, check_results, crosstalk
from benchmarks._rig import Rig
from mocks.clock import VirtualClock
from mocks.model import Call, RateLimit
from mocks.worlds.negotiation.events import EventKind
from mocks.worlds.negotiation.people import Demand
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.protocols.negotiation import Negotiated, Negotiator

AGENTS = 10
"""A plain negotiation then makes 12 calls: 5, 10 and 20 at once make 60, 120 and 240, which is
just what 60 and 120 requests a minute allow, and more than 200."""

LATENCY_S = 1.1
"""No divisor of the time-outs and pauses that SDKs have, nor of a minute: no call of ours ends at
the instant at which one of them does."""

_REASONS = 3


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a provider allows: calls served at once, requests in any 60 s (``None``: no limit), and
    whether it says when to come again."""

    slots: int | None
    per_minute: int | None
    tell: bool = True


@dataclass(frozen=True, slots=True)
class Burst:
    """How negotiations ended that all started at the same moment, on a provider that was idle.

    ``makespans``: virtual seconds from the start to the end of each, however it ended.
    ``failures``: for each that gave no plan, why. ``agents_lost``: agents whose offer is in no
    result, all of a negotiation that failed. ``calls``: the model's log; ``calls_wasted`` of them
    were refused, given up, or answered and are in no result all the same. ``longest_call``: seconds
    from the request to the answer, the provider's queue included. ``longest_offer_wait``: seconds
    from the moment at which an agent's negotiation could ask for offers to that agent's answer:
    queues (the SDK's own as well), refusals and pauses included. Both are 0 without an answer.
    ``wrong``: what in the results is for another demand, empty if nothing is.
    """

    makespans: Sequence[float]
    failures: Sequence[str]
    agents_lost: int
    calls: Sequence[Call]
    calls_wasted: int
    longest_call: float
    longest_offer_wait: float
    wrong: str

    @property
    def reasons(self) -> str:
        """Why negotiations failed, equal reasons together, the three most frequent first."""
        counted = Counter(self.failures).most_common()
        lines = [f"{count} x {reason}" for reason, count in counted[:_REASONS]]
        if len(counted) > _REASONS:
            lines.append(f"and {sum(count for _, count in counted[_REASONS:])} others")
        return "\n".join(lines)


def burst(negotiations: int, allowance: Allowance) -> Burst:
    """Run so many plain negotiations at once.

    One that raises, or ends without a plan, has failed, which is an outcome. Raises ``Hang`` if
    one waits for ever.
    """
    rate = allowance.per_minute
    limit = None if rate is None else RateLimit(rate, tell=allowance.tell)
    with Rig(agents=AGENTS, latency=LATENCY_S, slots=allowance.slots, limit=limit) as rig:
        watched = rig.negotiator = _Watched(rig.negotiator, rig.clock)
        rig.prepare(negotiations)
        ends = rig.attempt()
        done = {
            demand: end
            for demand, end in zip(rig.demands, ends, strict=True)
            if isinstance(end, Negotiated) and end.plan
        }
        return Burst(
            makespans=[watched.ended[demand.id] for demand in rig.demands],
            failures=[_failure(end) for end in ends if not _has_plan(end)],
            agents_lost=AGENTS * negotiations - sum(len(end.offers) for end in done.values()),
            calls=list(rig.world.model.calls),
            calls_wasted=_wasted(rig.world.model.calls, done),
            longest_call=max(map(_seconds, rig.world.model.calls), default=0.0),
            longest_offer_wait=_longest_offer_wait(rig.world, rig.demands),
            wrong=_wrong(rig.world, done),
        )


class _Watched:
    """A negotiator that notes when each negotiation ended."""

    def __init__(self, negotiator: Negotiator, clock: VirtualClock) -> None:
        self._negotiator = negotiator
        self._clock = clock
        self.ended: dict[str, float] = {}

    async def negotiate(self, demand: Demand) -> Negotiated:
        try:
            return await self._negotiator.negotiate(demand)
        finally:
            self.ended[demand.id] = round(self._clock.now, 9)

    async def close(self) -> None:
        await self._negotiator.close()


def _has_plan(end: Negotiated | Exception) -> bool:
    return isinstance(end, Negotiated) and bool(end.plan)


def _failure(end: Negotiated | Exception) -> str:
    if isinstance(end, Negotiated):
        return "ended without a plan"
    message = str(end).partition("\n")[0]
    return f"{type(end).__name__}: {message}" if message else type(end).__name__


def _wrong(world: NegotiationWorld, done: dict[Demand, Negotiated]) -> str:
    demands, results = list(done), list(done.values())
    try:
        check_results(world, demands, results, may_lose_offers=True)
    except WrongOutcome as error:
        return str(error)
    foreign = crosstalk(world, demands, results)
    return f"{foreign} items in the results belong to somebody else" if foreign else ""


def _wasted(calls: Sequence[Call], done: dict[Demand, Negotiated]) -> int:
    """Calls but those whose answer is in a result: of an agent's offers, only one can be."""
    results = {demand.mark: result for demand, result in done.items()}
    offers = set()
    others = 0
    for call in calls:
        result = results.get(call.mark)
        if result is None or call.outcome != "ok":
            continue
        if call.role != "offer":
            others += 1
        elif call.agent in result.offers:
            offers.add((call.mark, call.agent))
    return len(calls) - others - len(offers)


def _seconds(call: Call) -> float:
    """From the request to its answer; 0 without an answer."""
    if call.outcome != "ok" or call.ended is None:
        return 0.0
    return round(call.ended - call.queued, 9)


def _longest_offer_wait(world: NegotiationWorld, demands: Sequence[Demand]) -> float:
    """Waiting begins when the SDK announces who was matched, else with the first request."""
    marks = {demand.id: demand.mark for demand in demands}
    begun = {
        marks[event.run]: event.at
        for event in world.events
        if event.kind == EventKind.MATCHED and event.run in marks
    }
    longest = 0.0
    for call in world.model.calls:
        if call.role == "offer":
            start = begun.setdefault(call.mark, call.queued)
            if call.outcome == "ok" and call.ended is not None:
                longest = max(longest, call.ended - start)
    return round(longest, 9)
