"""Driver of parley: its engine connected to the mock world, at every commit of its history."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import logging
from functools import cache
from types import SimpleNamespace
from typing import Any

from mocks.model import Model, ModelError, RateLimited, Request
from mocks.negotiation import mark_in
from mocks.people import Demand, People
from mocks.world import EventKind, World
from targets.protocol import Negotiated, Target, Unavailable


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
    def __init__(self, world: World) -> None:
        sdk = _sdk()
        options = {
            "provider": _Provider(world.model),
            "directory": sdk.Directory(_agents(world.people)),
            "encode": lambda text: world.people.encode(text).tolist(),
            "pusher": _Pusher(world, self),
            "max_concurrency": world.model.slots,
        }
        known = inspect.signature(sdk.Engine).parameters
        self.engine = sdk.Engine(**{k: v for k, v in options.items() if k in known})

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


def _open(world: World) -> _Negotiator:
    if not hasattr(_sdk(), "Engine"):
        raise Unavailable("parley has no engine at this commit")
    return _Negotiator(world)


TARGET = Target(name="parley", imports=("parley",), negotiation=_open)
