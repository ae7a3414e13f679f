"""Driver of parley: its engine connected to the mock world, at every commit of its history."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import logging
from collections.abc import Awaitable, Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from mocks.model import Model, ModelError, RateLimited, Request
from mocks.world import Body, Codec, World
from mocks.worlds.negotiation.events import EventKind
from mocks.worlds.negotiation.faults import CUSTOM_TOOL, look_up
from mocks.worlds.negotiation.people import Demand, People
from mocks.worlds.negotiation.places import Place
from mocks.worlds.negotiation.script import mark_in
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.parley.agent import AGENT
from targets.parley.calls import CALLS
from targets.parley.recall import RECALL
from targets.parley.rules import RULES
from targets.parley.service import SERVICE
from targets.parley.sessions import SESSIONS
from targets.parley.turns import TURNS
from targets.protocol import Lacking, Target
from targets.protocols.negotiation import Negotiated, Negotiation


@cache
def _sdk() -> SimpleNamespace:
    """The SDK's public names. Log records below WARNING are off, the others go nowhere."""
    logger = logging.getLogger("parley")
    logger.setLevel(logging.WARNING)
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return SimpleNamespace(**vars(importlib.import_module("parley")))


class _Provider:
    """Parley's ``Provider``: the mock model."""

    def __init__(self, model: Model) -> None:
        sdk = _sdk()
        self._call = model.call
        self._completion = sdk.Completion
        self._tool_call = sdk.ToolCall
        self._error = sdk.ProviderError

    async def complete(self, request: Any) -> Any:
        prompt = request.prompt
        mark = mark_in(prompt)
        asked = Request(request.purpose, request.agent, mark, prompt, request.tools)
        try:
            reply = await self._call(asked)
        except ModelError as error:
            pause = error.retry_after if isinstance(error, RateLimited) else None
            raise self._error(str(error), pause) from error
        return self._completion(reply.text, [self._tool_call(*call) for call in reply.tools])


def _codec() -> Codec:
    sdk = _sdk()

    def write(_: Any, body: Body) -> Any:
        calls = None if body.tools is None else [sdk.ToolCall(*call) for call in body.tools]
        return sdk.Completion(body.text, calls)

    return Codec(read=lambda completion: Body(*completion), write=write)


class _Pusher:
    """Parley's ``Pusher``; a user confirms as soon as the formulation is announced."""

    def __init__(self, world: World, negotiator: _Negotiator) -> None:
        self._note = world.note
        self._negotiator = negotiator

    async def push(self, event: Any) -> None:
        kind = event.kind.value
        self._note(kind, event.negotiation, event.data)
        if kind == EventKind.FORMULATED:
            confirm = self._negotiator.engine.confirm
            asyncio.get_running_loop().call_soon(confirm, event.negotiation)


class _Negotiator:
    def __init__(self, world: NegotiationWorld) -> None:
        sdk = _sdk()
        provider, pusher = _Provider(world.model), _Pusher(world, self)
        world.client(provider, "complete", _codec())
        world.expose(Place.PUSHER, pusher, "push")
        options = {
            "provider": provider,
            "directory": sdk.Directory(_agents(world.people)),
            "encode": world.at(Place.ENCODER, lambda text: world.people.encode(text).tolist()),
            "pusher": pusher,
            "max_concurrency": world.model.slots,
        }
        if world.has(Place.TOOL):
            options["tools"] = {CUSTOM_TOOL: _tool(world)}
        known = inspect.signature(sdk.Engine).parameters
        self.engine = sdk.Engine(**{k: v for k, v in options.items() if k in known})
        world.expose(Place.CONFIRMATION, self.engine, "confirm")

    async def negotiate(self, demand: Demand) -> Negotiated:
        done = await self.engine.negotiate(demand.id, demand.user, demand.text)
        participants = [participant.agent for participant in done.participants]
        return Negotiated(done.plan.text, done.offers, participants, done)

    async def close(self) -> None:
        """The engine holds nothing outside the process."""


def _agents(people: People) -> list[Any]:
    agent = _sdk().Agent
    vectors = people.vectors
    return [agent(a.id, a.profile(), vectors[a.id].tolist()) for a in people.agents.values()]


def _tool(world: World) -> Callable[..., Awaitable[str]]:
    """The custom tool, as parley calls it: with the session before the arguments."""
    answer: Callable[..., Awaitable[str]] = world.at(Place.TOOL, look_up)

    async def tool(_: Any, **arguments: Any) -> str:
        return await answer(**arguments)

    return tool


def _open(world: NegotiationWorld) -> _Negotiator:
    if not hasattr(_sdk(), "Engine"):
        raise Lacking("parley has no engine at this commit")
    return _Negotiator(world)


TARGET = Target(
    name="parley",
    imports=("parley",),
    capabilities=[
        Negotiation(open=_open),
        SERVICE,
        CALLS,
        SESSIONS,
        TURNS,
        RECALL,
        RULES,
        AGENT,
    ],
)
