"""One negotiation that meets a fault, and what it leaves behind."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

from benchmarks._fault_consent import Consent, consent_in
from benchmarks._rig import LIMIT_S, Rig, people_of
from mocks.clock import Hang
from mocks.clock.hang import Waiting, describe, pending_tasks
from mocks.faults import Case, Runaway, What, When
from mocks.model import Request
from mocks.worlds.negotiation.faults import NegotiationFault, Part, Where
from mocks.worlds.negotiation.people import Demand
from mocks.worlds.negotiation.script import Scenario
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.protocol import Unavailable
from targets.protocols.negotiation import Negotiated

AGENTS = 5

_SETTLED_S = 1e-6
"""Virtual seconds that a cancelled task gets: the clock moves on only when nothing is runnable."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a negotiation ended: its result or what it raised, after how many virtual seconds;
    ``Hang`` if it did not. ``left_tasks`` and ``left_calls`` were still at work then;
    ``refusing`` are those of them that refuse cancellation."""

    end: Negotiated | BaseException
    seconds: float
    left_tasks: Sequence[Waiting] = ()
    left_calls: int = 0
    refusing: Sequence[Waiting] = ()


@dataclass(frozen=True, slots=True)
class Met:
    """A negotiation that met a fault.

    ``offers``: what each agent offers, whole; ``struck_agents``: whose offers may be missing;
    ``missing``: the parts that it lacks and has without the fault; ``lost_consent``: the user's
    word if it went on without, ``None`` if nothing that the user said was lost; ``user_errors``:
    what the SDK raised when its user confirmed; ``left_open``: threads and files; ``afterwards``:
    why the engine cannot negotiate any more, ``None`` if it can.
    """

    world: NegotiationWorld
    demand: Demand
    offers: Mapping[str, str]
    struck_agents: frozenset[str]
    ended: Ended
    missing: frozenset[Part]
    lost_consent: Consent | None
    user_errors: Sequence[Exception]
    left_open: Sequence[str]
    afterwards: str | None


@dataclass(frozen=True, slots=True)
class Plain:
    """The same negotiation when nothing goes wrong: the parts that it has, the agents in order, the
    virtual seconds between the formulation and what follows."""

    parts: frozenset[Part]
    ranking: Sequence[str]
    pause: float


def meet(case: Case) -> Met:
    """Run a negotiation in a world with that fault, then another without it on the same engine.

    Raises ``Unavailable`` where the case says nothing about the SDK under test, and what the SDK
    raises where it cannot even negotiate without a fault.
    """
    planned = NegotiationFault(case, people_of(AGENTS))
    rig = _rig(planned)
    _check_fits(planned.why_unfit())
    plain = _without_fault(case.scenario, case.where is Where.TOOL)
    open_before = _open_now()
    afterwards = None
    try:
        with _quiet(), rig:
            rig.clock.loop.set_exception_handler(_ignore)
            rig.prepare()
            demand = rig.demands[0]
            ended = _run(rig, planned)
            _check_fits(planned.why_void())
            missing = plain.parts - planned.parts | _ranking_missing(case, plain, ended.end)
            consent = consent_in(rig.world, planned.user)
            planned.stop()
            afterwards = _why_unusable(rig)
    except Hang as refusal:
        afterwards = str(refusal)
    return Met(
        world=rig.world,
        demand=demand,
        offers=_offers(rig, demand),
        struck_agents=frozenset(planned.struck_agents),
        ended=ended,
        missing=missing,
        lost_consent=consent if consent.is_lost(plain.pause) else None,
        user_errors=[] if planned.user is None else planned.user.errors,
        left_open=_opened_since(open_before),
        afterwards=afterwards,
    )


def _rig(planned: NegotiationFault) -> Rig:
    rig = Rig(agents=AGENTS, script=planned.script, faults=planned, trouble=planned)
    rig.world.observers.append(planned.hear)
    return rig


def _run(rig: Rig, planned: NegotiationFault) -> Ended:
    ended: list[Ended] = []

    async def negotiate() -> None:
        ended.append(await _negotiate(rig))
        if planned.user is not None:
            await asyncio.sleep(planned.user.busy_until + _SETTLED_S - rig.clock.now)

    try:
        rig.clock.run(negotiate(), limit=LIMIT_S)
    except Hang as hang:
        if not ended:
            return Ended(hang, hang.at, refusing=hang.refusing)
        return replace(ended[0], refusing=hang.refusing)
    return ended[0]


async def _negotiate(rig: Rig) -> Ended:
    task = asyncio.ensure_future(rig.negotiator.negotiate(rig.demands[0]))
    await asyncio.wait([task])
    seconds = round(rig.clock.now, 9)
    await asyncio.sleep(_SETTLED_S)
    me = asyncio.current_task()
    left = [describe(each) for each in pending_tasks(rig.clock.loop) if each is not me]
    in_flight = sum(call.ended is None for call in rig.world.model.calls)
    return Ended(_end_of(task), seconds, left, in_flight)


def _end_of(task: asyncio.Task[Negotiated]) -> Negotiated | BaseException:
    if task.cancelled():
        return asyncio.CancelledError("ended cancelled, though nobody cancelled it")
    return task.exception() or task.result()


def _why_unusable(rig: Rig) -> str | None:
    """Why the engine does not negotiate rightly any more, ``None`` if it does."""
    rig.prepare()
    try:
        rig.require(rig.run())
    except (Exception, asyncio.CancelledError, Runaway) as error:  # noqa: BLE001 - part of the outcome
        return f"{type(error).__name__}: {error}"
    return None


@cache
def _without_fault(scenario: Scenario, custom_tool: bool) -> Plain:
    where = Where.TOOL if custom_tool else Where.CENTER
    case = Case(where, What.RAISES, When.FIRST, scenario, frozenset(), "", "")
    planned = NegotiationFault(case, people_of(AGENTS), armed=False)
    with _rig(planned) as rig:
        if scenario is Scenario.PLAN and not custom_tool:
            result = rig.required()
        else:
            result = _checked_scenario(rig)
        pause = consent_in(rig.world, None).pause
    return Plain(planned.parts, tuple(result.participants), pause)


def _checked_scenario(rig: Rig) -> Negotiated:
    """A run of a scenario that the SDK may not have: where it is broken without any fault, what a
    fault does to it says nothing."""
    try:
        return rig.required()
    except NotImplementedError:
        raise
    except Exception as error:
        raise Unavailable(f"without the fault: {type(error).__name__}: {error}") from error


def _ranking_missing(case: Case, plain: Plain, end: Negotiated | BaseException) -> set[Part]:
    if case.where not in (Where.ENCODER, Where.DETECTOR) or not isinstance(end, Negotiated):
        return set()
    return set() if tuple(end.participants) == plain.ranking else {Part.RANKING}


def _offers(rig: Rig, demand: Demand) -> dict[str, str]:
    return {
        agent: rig.script(Request("offer", agent, demand.mark, "")).text.strip()
        for agent in rig.world.people.agents
    }


def _check_fits(reason: str | None) -> None:
    if reason is not None:
        raise Unavailable(reason)


def _ignore(loop: asyncio.AbstractEventLoop, context: Mapping[str, object]) -> None:
    """Errors of tasks that the SDK never awaited: asyncio would print them, whenever the collector
    comes by. Left tasks are counted when the negotiation ends."""


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warnings that a fault provokes in what it meets (NaN in numpy, say)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _open_now() -> dict[str, str]:
    """The process's threads and open files: what each is."""
    found = {f"thread {thread.ident}": f"thread {thread.name}" for thread in threading.enumerate()}
    for number in os.listdir("/dev/fd"):
        try:
            found[f"file {number}"] = os.readlink(f"/dev/fd/{number}").partition(":")[0]
        except OSError:
            continue  # it was the listing's own
    return found


def _opened_since(before: Mapping[str, str]) -> list[str]:
    """What is open now and was not then, once garbage has been given back."""
    if _open_now().keys() <= before.keys():
        return []
    gc.collect()
    now = _open_now()
    return sorted(now[each] for each in now.keys() - before.keys())
