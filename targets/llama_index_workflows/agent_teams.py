"""Agents of llama-index: a workflow of several hands over, or a tool runs another agent."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module as module
from typing import Any

from mocks.model import Reply
from mocks.worlds.agent.driven import AskingAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard
from targets.llama_index_workflows.driver import TARGET
from targets.protocols.agent import Teams


class _Arguments(dict[str, str]):
    """Those of its tool that hands over. That takes no key, which is asked for all the same."""

    def __missing__(self, name: str) -> str:
        return self["reason"]


class _HandOvers:
    """A world whose calls are of that tool."""

    model_url = ""

    def __init__(self, world: AgentWorld) -> None:
        self._world = world

    async def answer(self, heard: Heard) -> Reply:
        reply = await self._world.answer(heard)
        calls = (
            call._replace(
                name="handoff",
                arguments=_Arguments(to_agent=call.name, reason=str(call.arguments["key"])),
            )
            for call in reply.tools
        )
        return reply._replace(tools=tuple(calls))


class _Sdk(AskingAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._handing: Any = offered.open(_HandOvers(world))

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        agents = [self._handing.make(spec) for spec in specs]
        for agent, after in zip(agents, [*specs[1:], None], strict=True):
            agent.description = "One of several."
            agent.can_handoff_to = [] if after is None else [after.name]
        return module("llama_index.core.agent.workflow").AgentWorkflow(
            agents=agents, root_agent=specs[0].name
        )


OFFERED = Teams(open=_Sdk)
