"""Negotiation: an SDK connected to Unladen's mock world.

What is driven is ``negotiation_example``; put your SDK in its place. Use its public API only,
import it inside functions, raise ``Unavailable("why")`` for what a commit of its history lacks.
"""

from __future__ import annotations

from typing import Any

from mocks.model import Model, Request
from mocks.world import Body, Codec
from mocks.worlds.negotiation.people import Demand
from mocks.worlds.negotiation.script import mark_in
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.protocols.negotiation import Negotiated, Negotiation


def sdk() -> Any:
    """Your SDK: ``import`` it here and return it."""
    from . import negotiation_example

    return negotiation_example


class Client:
    """What your SDK takes as its client of a model; the mock model answers."""

    def __init__(self, model: Model) -> None:
        self._call = model.call

    async def complete(self, role: str, agent: str, prompt: str, *tools: str) -> Any:
        """Ask in one of the roles of ``mocks.worlds.negotiation.script``."""
        reply = await self._call(Request(role, agent, mark_in(prompt), prompt, tools))
        return sdk().Reply(reply.text, reply.tools)


class Negotiator:
    """An engine of your SDK that negotiates with the people of the world."""

    def __init__(self, world: NegotiationWorld) -> None:
        client = Client(world.model)
        # How a reply of your SDK's is read and written: the mock model can spoil it.
        codec = Codec(lambda reply: Body(*reply), lambda _, body: sdk().Reply(*body))
        world.client(client, "complete", codec)
        self._engine = sdk().Engine(client, world.people.agents, on_event=world.note)

    async def negotiate(self, demand: Demand) -> Negotiated:
        """One negotiation, from the demand to the plan."""
        done = await self._engine.negotiate(demand.id, demand.user, demand.text)
        return Negotiated(done.plan, done.offers, list(done.offers), native=done)

    async def close(self) -> None:
        """Give back what the engine holds: connections, threads."""


CAPABILITY = Negotiation(open=Negotiator)
