"""Driver of Towow: its engine connected to the mock world, at every commit of its history.

The SDK's default skills, resonance detector and state machine are under test; the model, the
profiles, the encoder and the event transport are mocks. Log records below WARNING are off and the
others go nowhere, as in a service whose handlers are elsewhere.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

from mocks.model import Model, ModelError, Request
from mocks.world import World
from mocks.worlds.negotiation.events import EventKind
from mocks.worlds.negotiation.people import Demand, People, Vector
from mocks.worlds.negotiation.places import Place
from mocks.worlds.negotiation.profiles import profile_of
from mocks.worlds.negotiation.script import mark_in
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.protocol import Target, Unavailable
from targets.protocols.negotiation import Negotiated, Negotiation
from targets.towow import answers
from targets.towow.trouble import RESPONSE, TEXT, LookUp, offering_look_up, shortcomings

_EVENTS = {
    "formulation.ready": EventKind.FORMULATED,
    "resonance.activated": EventKind.MATCHED,
    "offer.received": EventKind.OFFER,
    "barrier.complete": EventKind.OFFERS_COMPLETE,
    "center.tool_call": EventKind.TOOL_CALL,
    "sub_negotiation.started": EventKind.SUB_NEGOTIATION,
    "plan.ready": EventKind.PLAN,
}

_MODULES = ("towow.core.engine", "towow.core.errors", "towow.core.models",
            "towow.hdc.resonance", "towow.skills")  # fmt: skip


@cache
def _sdk() -> SimpleNamespace:
    """The SDK's public names that the driver uses, from wherever this commit keeps them."""
    names: dict[str, Any] = {}
    for module in _MODULES:
        names |= vars(importlib.import_module(module))
    names["EngineBuilder"] = getattr(importlib.import_module("towow"), "EngineBuilder", None)
    logger = logging.getLogger("towow")
    logger.setLevel(logging.WARNING)
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return SimpleNamespace(**names)


class _Agents:
    """Towow's ``ProfileDataSource``: the models and profiles of agents and users."""

    def __init__(self, model: Model, people: People) -> None:
        self._model = model
        self._profiles = {agent.id: agent.profile() for agent in people.agents.values()}

    async def get_profile(self, agent_id: str) -> dict[str, object]:
        if _is_user(agent_id):
            return profile_of(agent_id)
        return dict(self._profiles.get(agent_id, {}))

    async def chat(
        self, agent_id: str, messages: list[dict[str, str]], system_prompt: str | None = None
    ) -> str:
        prompt = messages[-1]["content"]
        wrap: Callable[[str], str]
        if _is_user(agent_id):
            role, wrap = "formulation", answers.formulated
        elif system_prompt is None:
            role, wrap = "question", str
        else:
            role, wrap = "offer", answers.offered
        request = Request(role, agent_id, mark_in(prompt), prompt)
        try:
            return wrap((await self._model.call(request)).text)
        except ModelError as error:
            raise _sdk().AdapterError(str(error)) from error

    async def chat_stream(
        self, agent_id: str, messages: list[dict[str, str]], system_prompt: str | None = None
    ) -> AsyncIterator[str]:
        prompt = messages[-1]["content"]
        async for piece in self._model.stream(Request("offer", agent_id, mark_in(prompt), prompt)):
            yield piece


class _Platform:
    """Towow's ``PlatformLLMClient``: the center's model, or a skill's when ``role`` says so."""

    def __init__(self, model: Model, role: str = "center", wrap: Callable[[str], str] = str):
        self._model = model
        self._role = role
        self._wrap = wrap

    async def chat(
        self,
        messages: list[dict[str, Any]],
        system_prompt: str | None = None,
        tools: list[dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        prompt = messages[-1]["content"]
        schemas = {tool["name"]: tool for tool in tools or ()}
        request = Request(self._role, "", mark_in(prompt), prompt, tuple(schemas))
        try:
            reply = await self._model.call(request)
        except ModelError as error:
            raise _sdk().LLMError(str(error)) from error
        calls = [answers.tool_call(tool, schemas[tool.name]) for tool in reply.tools]
        return {
            "content": self._wrap(reply.text) if reply.text else None,
            "tool_calls": calls or None,
            "stop_reason": "tool_use" if calls else "end_turn",
        }


class _Encoder:
    """Towow's ``Encoder``: vectors that depend on the text."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def encode(self, text: str) -> Vector:
        return self._people.encode(text)

    async def batch_encode(self, texts: list[str]) -> list[Vector]:
        return [self._people.encode(text) for text in texts]


class _Pusher:
    """Towow's ``EventPusher``; ``formulated`` hears of each negotiation that waits for its user."""

    def __init__(self, world: World, formulated: Callable[[str], None]) -> None:
        self._world = world
        self._formulated = formulated

    async def push(self, event: Any) -> None:
        name = event.event_type.value
        kind = _EVENTS.get(name, name)
        self._world.note(kind, event.negotiation_id, event.data)
        if kind is EventKind.FORMULATED:
            self._formulated(event.negotiation_id)

    async def push_many(self, events: list[Any]) -> None:
        for event in events:
            await self.push(event)


class _Negotiator:
    def __init__(self, world: NegotiationWorld) -> None:
        sdk = _sdk()
        people = world.people
        self._users: set[str] = set()
        encoder, detector = _Encoder(people), sdk.CosineResonanceDetector()
        pusher, agents = _Pusher(world, self._confirm), _Agents(world.model, people)
        world.expose(Place.ENCODER, encoder, "encode")
        world.expose(Place.DETECTOR, detector, "detect")
        world.expose(Place.PUSHER, pusher, "push")
        world.expose(Place.PROFILES, agents, "get_profile")
        world.client(agents, "chat", TEXT)
        engine_parts = {
            "encoder": encoder,
            "resonance_detector": detector,
            "event_pusher": pusher,
        }
        run_parts = {
            "adapter": agents,
            "llm_client": _platform(world),
            "center_skill": _center_skill(world),
            "formulation_skill": sdk.DemandFormulationSkill(),
            "offer_skill": sdk.OfferGenerationSkill(),
            "sub_negotiation_skill": _with_client(
                sdk.SubNegotiationSkill, _platform(world, "discovery", answers.discovered)
            ),
            "gap_recursion_skill": _with_client(
                sdk.GapRecursionSkill, _platform(world, "gap", answers.sub_demanded)
            ),
            "agent_vectors": people.vectors,
            "k_star": people.count,
            "min_score": -1.0,
            "agent_display_names": people.names,
        }
        if sdk.EngineBuilder is None:
            self._engine = sdk.NegotiationEngine(**engine_parts)
            self._defaults = _accepted(self._engine.start_negotiation, run_parts)
        else:
            builder = sdk.EngineBuilder()
            for part, value in (engine_parts | run_parts).items():
                setter = getattr(builder, _SETTERS.get(part, f"with_{part}"), None)
                if setter is not None:
                    setter(value)
            self._engine, self._defaults = builder.build()
        if hasattr(self._engine, "confirm_formulation"):
            world.expose(Place.CONFIRMATION, self._engine, "confirm_formulation")
        if _takes_tools(world):
            self._engine.register_tool_handler(LookUp(world))

    async def negotiate(self, demand: Demand) -> Negotiated:
        sdk = _sdk()
        self._users.add(demand.id)
        snapshot = sdk.DemandSnapshot(raw_intent=demand.text, user_id=demand.user)
        session = sdk.NegotiationSession(negotiation_id=demand.id, demand=snapshot)
        try:
            session = await self._engine.start_negotiation(session=session, **self._defaults)
        finally:
            self._users.discard(demand.id)
        return Negotiated(
            plan=session.plan_output or "",
            offers={p.agent_id: p.offer.content for p in session.participants if p.offer},
            participants=[p.agent_id for p in session.participants],
            native=session,
        )

    async def close(self) -> None:
        """The engine holds nothing outside the process."""

    def _confirm(self, negotiation: str) -> None:
        # The engine announces the formulation before it starts to wait for the confirmation.
        confirm = getattr(self._engine, "confirm_formulation", None)
        if confirm is not None and negotiation in self._users:
            asyncio.get_running_loop().call_soon(confirm, negotiation)


_SETTERS = {"agent_display_names": "with_display_names"}


def _open(world: NegotiationWorld) -> _Negotiator:
    missing = [name for name in ("NegotiationEngine", "CenterCoordinatorSkill")
               if not hasattr(_sdk(), name)]  # fmt: skip
    if missing:
        raise Unavailable(f"Towow has no {missing[0]} at this commit")
    return _Negotiator(world)


def _accepted(function: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    known = inspect.signature(function).parameters
    return {name: value for name, value in arguments.items() if name in known}


def _with_client(skill: Any, client: _Platform) -> Any:
    """A skill that asks its own client, so that the call log knows its role."""

    class Skill(skill):  # type: ignore[misc]
        async def execute(self, context: dict[str, Any]) -> Any:
            return await super().execute({**context, "llm_client": client})

    return Skill()


def _platform(world: World, role: str = "center", wrap: Callable[[str], str] = str) -> _Platform:
    client = _Platform(world.model, role, wrap)
    world.client(client, "chat", RESPONSE)
    return client


def _takes_tools(world: World) -> bool:
    """Whether the world has a custom tool and this commit takes one."""
    return world.has(Place.TOOL) and hasattr(_sdk().NegotiationEngine, "register_tool_handler")


def _center_skill(world: World) -> Any:
    center = _sdk().CenterCoordinatorSkill
    return offering_look_up(center) if _takes_tools(world) else center()


def _is_user(person: str) -> bool:
    """Whether an id is a user's ("u00007", or "user" where a demand has none), not an agent's."""
    return person.startswith("u")


TARGET = Target(
    name="towow",
    imports=("towow", *_MODULES),
    capabilities=[Negotiation(open=_open, shortcomings=shortcomings)],
)
