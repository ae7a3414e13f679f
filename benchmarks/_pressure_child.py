"""What the process does that ``_pressure`` starts: negotiate with too little memory."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Iterator

from benchmarks._cancel_places import sdk_place
from benchmarks._outcome import WrongOutcome
from benchmarks._pressure import HEADROOM, LIMITED, REPLY_BYTES, Outcome, Pressed
from benchmarks._rig import Rig
from benchmarks._subject import target
from meters.address_space import limited_to
from mocks.clock import Hang
from mocks.model import Reply, Request
from mocks.worlds.negotiation.script import Scenario, Script
from targets.protocols.negotiation import Negotiated

AGENTS = 3


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


def main() -> None:
    """Print ``LIMITED`` when memory is about to be limited, and the outcome as a JSON object."""
    answer_to = os.dup(1)
    os.dup2(2, 1)
    try:
        pressed = negotiate_pressed(lambda: os.write(answer_to, f"{LIMITED}\n".encode()))
        answer = {"outcome": pressed.outcome, "about": pressed.about, "unavailable": ""}
    except NotImplementedError as error:
        answer = {"unavailable": str(error)}
    os.write(answer_to, f"{json.dumps(answer)}\n".encode())


def negotiate_pressed(
    before_limit: Callable[[], object], reply_bytes: int = REPLY_BYTES
) -> Pressed:
    """One ordinary negotiation, one under the limit with offers of ``reply_bytes``, and another
    ordinary one.

    ``before_limit`` is called when all is ready. Raises ``NotImplementedError`` where memory
    cannot be limited, and what the first negotiation raises.
    """
    script = LargeOffers()
    with Rig(agents=AGENTS, script=script) as rig:
        rig.required()
        rig.prepare()
        script.get_ready(list(rig.world.people.agents), rig.demands[0].mark, reply_bytes)
        before_limit()
        try:
            with limited_to(HEADROOM):
                (end,) = rig.attempt()
        except Hang as hang:
            return Pressed(Outcome.HANG, str(hang))
        script.ready.clear()
        pressed = _of_error(end) if isinstance(end, Exception) else _of_result(rig, end)
        return _with_aftermath(rig, pressed)


def _of_error(error: Exception) -> Pressed:
    own = {module.partition(".")[0] for module in target().imports}
    leaves = list(_leaves(error))
    typed = all(
        isinstance(leaf, MemoryError) or type(leaf).__module__.partition(".")[0] in own
        for leaf in leaves
    )
    place = sdk_place(list(traceback.walk_tb(leaves[0].__traceback__)))
    about = f"{type(leaves[0]).__name__}: {leaves[0]}"[:200].rstrip(": ")
    outcome = Outcome.TYPED_ERROR if typed else Outcome.UNTYPED_ERROR
    return Pressed(outcome, f"{about} at {place}" if place else about)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The errors in a group of them, or the error."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
    else:
        yield error


def _of_result(rig: Rig, result: Negotiated) -> Pressed:
    (demand,) = rig.demands
    foreign = [agent for agent, offer in result.offers.items() if demand.mark not in offer[:200]]
    if foreign:
        return Pressed(Outcome.WRONG_RESULT, f"the offer of {foreign[0]} is not for {demand.id}")
    try:
        rig.require_results([result], may_lose_offers=True)
    except WrongOutcome as wrong:
        return Pressed(Outcome.WRONG_RESULT, str(wrong))
    lost = AGENTS - len(result.offers)
    if lost:
        return Pressed(Outcome.DEGRADED, f"{lost} of {AGENTS} agents are missing")
    try:
        rig.require_results([result])
    except WrongOutcome as wrong:
        return Pressed(Outcome.WRONG_RESULT, str(wrong))
    return Pressed(Outcome.COMPLETED, "")


def _with_aftermath(rig: Rig, pressed: Pressed) -> Pressed:
    """``pressed``, unless the engine is of no use any more."""
    rig.prepare()
    try:
        (end,) = rig.attempt()
        if isinstance(end, Exception):
            raise WrongOutcome(f"{type(end).__name__}: {end}")
        rig.require([end])
    except (Hang, WrongOutcome) as error:
        about = f"{pressed.about}; with enough memory again {error}"
        return Pressed(Outcome.UNUSABLE, about.lstrip("; "))
    return pressed
