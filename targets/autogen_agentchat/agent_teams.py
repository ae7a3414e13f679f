"""Agents of autogen-agentchat: a swarm hands over, and agents are tools."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module as module
from importlib.util import find_spec
from typing import Any

from mocks.model import Reply
from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.errands import KEY
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.autogen_agentchat.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Ended, Teams


class _Tasks:
    """A world whose calls of agents have the argument that these want, besides the key, and which
    takes what agents are told of a hand-over for no question of the user's."""

    model_url = ""

    def __init__(self, world: AgentWorld) -> None:
        self._world = world

    async def answer(self, heard: Heard) -> Reply:
        said = ((who if KEY.search(text) else Who.AGENT, text) for who, text in heard.said)
        reply = await self._world.answer(heard._replace(said=said))
        tools = (
            call._replace(arguments={**call.arguments, "task": call.arguments["key"]})
            for call in reply.tools
        )
        return reply._replace(tools=tuple(tools))


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(_Tasks(world)))

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        new = module("autogen_agentchat.base").Handoff
        agents = []
        for spec, after in zip(specs, [*specs[1:], None], strict=True):
            over = {"handoffs": [new(target=after.name, name=after.name)]} if after else {}
            agents.append(self._agents._made(spec, **over))
        over = module("autogen_agentchat.conditions").TextMessageTermination(specs[-1].name)
        return module("autogen_agentchat.teams").Swarm(agents, termination_condition=over)

    def asking(self, spec: AgentSpec, others: Sequence[AgentSpec]) -> Any:
        if find_spec("autogen_agentchat.tools") is None:
            raise Unavailable("its agents are no tools")
        new = module("autogen_agentchat.tools").AgentTool
        tools = [
            new(self._agents._made(each), return_value_as_last_message=True) for each in others
        ]
        return self._agents._made(spec, tools=tools, max_tool_iterations=90)

    async def run(self, agent: Any, asked: str) -> Ended:
        try:
            result = await agent.run(task=asked)
        finally:  # it remembers
            if hasattr(agent, "reset"):
                await agent.reset()
            else:
                await agent.on_reset(module("autogen_core").CancellationToken())
        return Ended(result.messages[-1].content, None, result)


OFFERED = Teams(open=_Sdk)
