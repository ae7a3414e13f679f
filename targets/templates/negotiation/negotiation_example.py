"""A tiny SDK that negotiates: what ``negotiation.py`` drives until yours stands in its place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol


class Reply(NamedTuple):
    """A text, or tools that are called with arguments."""

    text: str
    tools: Sequence[tuple[str, Mapping[str, Any]]] = ()


class Client(Protocol):
    """The model, asked in a role: ``formulation``, ``offer`` (by ``agent``) or ``center``."""

    async def complete(self, role: str, agent: str, prompt: str, *tools: str) -> Reply: ...


@dataclass
class Session:
    """One negotiation and all that came of it."""

    id: str
    offers: dict[str, str] = field(default_factory=dict)
    plan: str = ""


class Engine:
    """Asks every agent for an offer, all at once, and the center for a plan made of them.

    ``agents``: their ids. ``on_event`` hears of every step: kind, id of the session, data.
    """

    def __init__(
        self,
        client: Client,
        agents: Iterable[str],
        on_event: Callable[[str, str, object], None],
    ) -> None:
        self._client = client
        self._agents = list(agents)
        self._on_event = on_event

    async def negotiate(self, session_id: str, user: str, wish: str) -> Session:
        """Run one negotiation to its plan."""
        session = Session(session_id)
        complete = self._client.complete
        demand = (await complete("formulation", user, f"Put this in full: {wish}")).text
        self._on_event("formulated", session_id, demand)
        self._on_event("matched", session_id, self._agents)

        async def ask(agent: str) -> None:
            session.offers[agent] = (await complete("offer", agent, f"Can you help? {demand}")).text
            self._on_event("offer", session_id, session.offers[agent])

        await asyncio.gather(*map(ask, self._agents))
        self._on_event("offers complete", session_id, len(session.offers))
        offers = "\n".join(f"{agent}: {offer}" for agent, offer in session.offers.items())
        reply = await complete("center", "", f"{demand}\n{offers}", "output_plan")
        ((_, plan),) = reply.tools
        session.plan = plan["text"]
        self._on_event("plan", session_id, session.plan)
        return session
