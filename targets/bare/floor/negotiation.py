"""Formulate, confirm, match, collect offers, let the center call tools until it plans."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

TOOLS = ("output_plan", "ask_agent", "start_discovery", "create_sub_demand")
MAX_ROUNDS = 2
"""Rounds in which the center may use every tool; after them it can only plan."""

Vector = NDArray[np.float64]
Profile = Mapping[str, object]


class Client(Protocol):
    """The model, asked in the role that the method names. ``center`` gives (tool, arguments)."""

    async def formulate(self, user: str, prompt: str) -> str: ...
    async def offer(self, agent: str, prompt: str) -> str: ...
    async def question(self, agent: str, prompt: str) -> str: ...
    async def discover(self, prompt: str) -> str: ...
    async def gap(self, prompt: str) -> str: ...
    async def center(
        self, prompt: str, tools: tuple[str, ...]
    ) -> Sequence[tuple[str, Mapping[str, Any]]]: ...


@dataclass
class Session:
    """One negotiation and all that came of it."""

    id: str
    demand: str
    participants: list[tuple[str, float]] = field(default_factory=list)
    offers: dict[str, str] = field(default_factory=dict)
    events: list[tuple[str, object]] = field(default_factory=list)
    plan: str = ""
    team: Sequence[str] = ()


class Floor:
    """Negotiates over the given agents.

    ``push`` hears every event as (kind, session id, data). ``ask_user`` hears the id of a session
    that waits until ``confirm`` is called for it.
    """

    def __init__(
        self,
        client: Client,
        profiles: Mapping[str, Profile],
        vectors: Mapping[str, Vector],
        encode: Callable[[str], Vector],
        push: Callable[[str, str, object], None],
        ask_user: Callable[[str], None],
    ) -> None:
        self._client = client
        self._profiles = profiles
        self._ids = list(vectors)
        self._vectors = np.array(list(vectors.values()))
        self._encode = encode
        self._push = push
        self._ask_user = ask_user
        self._waiting: dict[str, asyncio.Event] = {}

    def confirm(self, session_id: str) -> None:
        """The user agrees with the formulated demand."""
        self._waiting[session_id].set()

    async def negotiate(self, session_id: str, user: str, demand: str) -> Session:
        """Run one negotiation to its plan."""
        session = Session(session_id, demand)
        session.demand = await self._client.formulate(user, f"Put this demand in full: {demand}")
        confirmed = self._waiting[session_id] = asyncio.Event()
        self._emit(session, "formulated", session.demand)
        self._ask_user(session_id)
        await confirmed.wait()
        del self._waiting[session_id]
        await self._run(session)
        return session

    async def _run(self, session: Session) -> None:
        scores = self._vectors @ self._encode(session.demand)
        order = np.argsort(-scores, kind="stable")
        session.participants = [(self._ids[i], float(scores[i])) for i in order]
        self._emit(session, "matched", session.participants)
        await asyncio.gather(*(self._offer(session, agent) for agent, _ in session.participants))
        self._emit(session, "offers complete", len(session.offers))
        history: list[str] = []
        rounds = 0
        while not session.plan:
            rounds += 1
            offers = "\n".join(f"{agent}: {offer}" for agent, offer in session.offers.items())
            prompt = f"{session.demand}\n{offers}\n" + "\n".join(history)
            tools = TOOLS if rounds <= MAX_ROUNDS else TOOLS[:1]
            calls = await self._client.center(prompt, tools)
            history += await asyncio.gather(*(self._tool(session, *call) for call in calls))
        self._emit(session, "plan", session.plan)

    async def _offer(self, session: Session, agent: str) -> None:
        profile = json.dumps(self._profiles[agent])
        prompt = f"{session.demand}\nYour profile: {profile}\nWhat do you offer?"
        session.offers[agent] = await self._client.offer(agent, prompt)
        self._emit(session, "offer", session.offers[agent])

    async def _tool(self, session: Session, tool: str, arguments: Mapping[str, Any]) -> str:
        self._emit(session, "tool call", tool)
        match tool:
            case "output_plan":
                session.plan, session.team = arguments["text"], arguments["agents"]
                return ""
            case "ask_agent":
                return await self._client.question(arguments["agent"], arguments["question"])
            case "start_discovery":
                return await self._discover(**arguments)
            case "create_sub_demand":
                return await self._sub_negotiate(session, arguments["gap"])
        raise ValueError(f"the center called a tool it was not offered: {tool!r}")

    async def _discover(self, agent_a: str, agent_b: str, reason: str) -> str:
        pair = json.dumps([self._profiles[agent_a], self._profiles[agent_b]])
        return await self._client.discover(f"{reason}\n{pair}")

    async def _sub_negotiate(self, session: Session, gap: str) -> str:
        demand = await self._client.gap(f"{gap}\n{session.demand}")
        sub = Session(f"{session.id}.1", demand)
        self._emit(session, "sub-negotiation", sub.id)
        sub.demand = await self._client.formulate("", f"Put this demand in full: {demand}")
        self._emit(sub, "formulated", sub.demand)
        await self._run(sub)
        return sub.plan

    def _emit(self, session: Session, kind: str, data: object) -> None:
        session.events.append((kind, data))
        self._push(kind, session.id, data)
