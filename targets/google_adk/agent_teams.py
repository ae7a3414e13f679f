"""Agents of google-adk: a tool of its own transfers to a sub-agent, and agents are tools."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module as module
from typing import Any

from mocks.model import Reply
from mocks.worlds.agent.errands import KEY as KEY_OF
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.google_adk.driver import APP, KEY, TARGET
from targets.protocols.agent import Ended, Teams


class _Arguments:
    """A world whose calls are of the tools that this SDK has for agents. The key stays in them."""

    model_url = ""

    def __init__(self, world: AgentWorld, transfers: bool) -> None:
        self._world, self._transfers = world, transfers

    async def answer(self, heard: Heard) -> Reply:
        # What another agent did is told as if the user had said it.
        told = ((who if KEY_OF.search(text) else Who.AGENT, text) for who, text in heard.said)
        reply = await self._world.answer(heard._replace(said=told))
        return reply._replace(tools=tuple(map(self._written, reply.tools)))

    def _written(self, call: Any) -> Any:
        if self._transfers:
            arguments = {**call.arguments, "agent_name": call.name}
            return call._replace(name="transfer_to_agent", arguments=arguments)
        return call._replace(arguments={**call.arguments, "request": call.arguments["key"]})


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        self._handing: Any = offered.open(_Arguments(world, transfers=True))
        self._asking: Any = offered.open(_Arguments(world, transfers=False))

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        agent: Any = None
        alone = {"disallow_transfer_to_parent": True, "disallow_transfer_to_peers": True}
        for spec in reversed(specs):
            below = [] if agent is None else [agent]
            agent = self._made(self._handing, spec, sub_agents=below, **alone)
        return self._handing._runner(agent, **APP)

    def asking(self, spec: AgentSpec, others: Sequence[AgentSpec]) -> Any:
        new = module("google.adk.tools.agent_tool").AgentTool
        tools = [new(self._made(self._asking, each)) for each in others]
        return self._asking._runner(self._made(self._asking, spec, tools=tools), **APP)

    def _made(self, sdk: Any, spec: AgentSpec, **more: Any) -> Any:
        about = {"name": spec.name, "model": sdk._model, "output_key": KEY}
        return sdk._agent(**about, instruction=spec.instructions, **more)

    async def run(self, agent: Any, asked: str) -> Ended:
        ended: Ended = await self._handing.run(agent, asked)
        return ended

    async def close(self) -> None:
        await self._handing.close()


OFFERED = Teams(open=_Sdk)
