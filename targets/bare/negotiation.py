"""The floor's negotiation for the benchmarks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from mocks.model import Model, Request
from mocks.world import Body, Codec
from mocks.worlds.negotiation.people import Demand
from mocks.worlds.negotiation.places import Place
from mocks.worlds.negotiation.script import mark_in
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.protocols.negotiation import Negotiated, Negotiation


class _Client:
    """The mock model, as the floor's client."""

    def __init__(self, model: Model) -> None:
        self._call = model.call

    async def formulate(self, user: str, prompt: str) -> str:
        return (await self._call(Request("formulation", user, mark_in(prompt), prompt))).text

    async def offer(self, agent: str, prompt: str) -> str:
        return (await self._call(Request("offer", agent, mark_in(prompt), prompt))).text

    async def question(self, agent: str, prompt: str) -> str:
        return (await self._call(Request("question", agent, mark_in(prompt), prompt))).text

    async def discover(self, prompt: str) -> str:
        return (await self._call(Request("discovery", "", mark_in(prompt), prompt))).text

    async def gap(self, prompt: str) -> str:
        return (await self._call(Request("gap", "", mark_in(prompt), prompt))).text

    async def center(
        self, prompt: str, tools: tuple[str, ...]
    ) -> Sequence[tuple[str, Mapping[str, Any]]]:
        return (await self._call(Request("center", "", mark_in(prompt), prompt, tools))).tools


_TEXT = Codec(read=lambda text: Body(text), write=lambda _, body: body.text)
_TOOLS = Codec(read=lambda calls: Body("", calls), write=lambda _, body: body.tools)


class _Negotiator:
    def __init__(self, world: NegotiationWorld) -> None:
        from floor import Floor

        people = world.people
        client = _Client(world.model)
        for method in ("formulate", "offer", "question", "discover", "gap"):
            world.client(client, method, _TEXT)
        world.client(client, "center", _TOOLS)
        self._floor = Floor(
            client=client,
            profiles={agent.id: agent.profile() for agent in people.agents.values()},
            vectors=people.vectors,
            encode=world.at(Place.ENCODER, people.encode),
            push=world.at(Place.PUSHER, world.note),
            ask_user=self._confirm_soon,
        )
        world.expose(Place.CONFIRMATION, self._floor, "confirm")

    async def negotiate(self, demand: Demand) -> Negotiated:
        session = await self._floor.negotiate(demand.id, demand.user, demand.text)
        participants = [agent for agent, _ in session.participants]
        return Negotiated(session.plan, session.offers, participants, session)

    async def close(self) -> None:
        """The floor holds nothing."""

    def _confirm_soon(self, session: str) -> None:
        asyncio.get_running_loop().call_soon(self._floor.confirm, session)


NEGOTIATION = Negotiation(open=_Negotiator)
