"""An SDK made for tests of fault outcomes: robust, but for the flaws that it is given."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import ClassVar

from mocks.model import ModelError, Request
from mocks.worlds.negotiation.events import EventKind
from mocks.worlds.negotiation.faults import Part
from mocks.worlds.negotiation.people import Demand
from mocks.worlds.negotiation.places import Place
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.protocols.negotiation import Negotiated

TIMEOUT_S = 30.0
CONFIRMATION_S = 300.0


class MadeError(Exception):
    """The SDK's own error."""


@dataclass
class Left:
    """What an SDK keeps at work or open when it should not."""

    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


class Negotiator:
    """Asks the model with a time-out and no second attempt; ``flaws`` are given by tests."""

    flaws: ClassVar[set[str]] = set()
    left: ClassVar[Left] = Left()

    def __init__(self, world: NegotiationWorld) -> None:
        self._world = world
        self._broken = False
        self._push = world.at(Place.PUSHER, world.note)
        self._user = SimpleNamespace(confirm=self.confirm)
        self._confirmed: dict[str, asyncio.Event] = {}
        world.expose(Place.CONFIRMATION, self._user, "confirm")

    def confirm(self, negotiation: str) -> bool | None:
        if "strict user" in self.flaws:
            self._confirmed.pop(negotiation).set()
        elif negotiation in self._confirmed:
            self._confirmed[negotiation].set()
            return True
        return False if "tells users" in self.flaws else None

    async def negotiate(self, demand: Demand) -> Negotiated:
        if self._broken:
            raise MadeError("broken by an earlier negotiation")
        confirmed = asyncio.Event()
        if "hears late" not in self.flaws:
            self._confirmed[demand.id] = confirmed
        text = await self._ask(demand, "formulation", demand.user, demand.text)
        self._push(EventKind.FORMULATED, demand.id, text)
        self._confirmed[demand.id] = confirmed
        asyncio.get_running_loop().call_soon(self._user.confirm, demand.id)
        await self._consent(confirmed, demand.id)
        agents = list(self._world.people.agents)
        offers = dict(zip(agents, await self._offers(demand, agents, text), strict=True))
        if "loses neighbours" in self.flaws and None in offers.values():
            offers["a00005"] = None
        if "always wrong" in self.flaws:
            offers["a00001"] = None
        told = {agent: offer for agent, offer in offers.items() if offer is not None}
        if "fails in its result" in self.flaws and len(told) < len(agents):
            return Negotiated("", told, agents, "failed")
        plan = await self._plan(demand, told)
        participants = list(told) if {"says nothing", "always wrong"} & self.flaws else agents
        return Negotiated(plan, told, participants, None)

    async def close(self) -> None:
        """Nothing is held."""

    async def _consent(self, confirmed: asyncio.Event, negotiation: str) -> None:
        if "gives users time" not in self.flaws:
            await confirmed.wait()
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(CONFIRMATION_S):
                await confirmed.wait()
        if "needs users" in self.flaws and not confirmed.is_set():
            raise MadeError("nobody confirmed")
        del self._confirmed[negotiation]

    async def _offers(
        self, demand: Demand, agents: Sequence[str], text: str
    ) -> Sequence[str | None]:
        return await asyncio.gather(*(self._offer(demand, agent, text) for agent in agents))

    async def _offer(self, demand: Demand, agent: str, text: str) -> str | None:
        try:
            return await self._ask(demand, "offer", agent, f"{text}: what do you offer?")
        except MadeError:
            self._leave_behind()
            if "refuses" in self.flaws:
                raise
            return None

    async def _plan(self, demand: Demand, offers: dict[str, str]) -> str:
        prompt = "\n".join([demand.mark, *offers.values()])
        request = Request("center", "", demand.mark, prompt, ("output_plan",))
        (call,) = (await self._world.model.call(request)).tools
        return str(call.arguments["text"])

    async def _ask(self, demand: Demand, role: str, agent: str, prompt: str) -> str:
        request = Request(role, agent, demand.mark, prompt)
        attempts = 2 if "asks again" in self.flaws else 1
        while True:
            attempts -= 1
            try:
                return await self._answer(request)
            except (ModelError, TimeoutError) as error:
                if not attempts:
                    raise MadeError(f"no {role} of {agent}") from error

    async def _answer(self, request: Request) -> str:
        if "streams" in self.flaws and request.role == "offer":
            async with asyncio.timeout(TIMEOUT_S):
                return "".join([word async for word in self._world.model.stream(request)])
        if "waits for ever" in self.flaws:
            return (await self._world.model.call(request)).text
        async with asyncio.timeout(TIMEOUT_S):
            return (await self._world.model.call(request)).text

    def _leave_behind(self) -> None:
        if "breaks" in self.flaws:
            self._broken = True
        if "keeps a task" in self.flaws:
            self.left.tasks.append(asyncio.ensure_future(forget_me()))
        if "keeps a stubborn task" in self.flaws:
            self.left.tasks.append(asyncio.ensure_future(stubborn()))
        if "keeps a file" in self.flaws:
            self.left.files += os.pipe()
        if "keeps a thread" in self.flaws:
            threading.Thread(target=self.left.stop.wait, name="keeper", daemon=True).start()


def shortcomings(done: Negotiated) -> Sequence[str]:
    """What a result says of itself."""
    return [Part.NEGOTIATION] if done.native == "failed" else []


async def forget_me() -> None:
    await asyncio.sleep(3600)


async def stubborn() -> None:
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            continue
