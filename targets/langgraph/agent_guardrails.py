"""Guardrails of langgraph: what its hook after the model raises ends the run.

Its hook before the model is there for what the model is told, and the SDK documents no other means
to check what is asked.
"""

from __future__ import annotations

import inspect
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.langgraph.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Ended, Guardrails, Passes, Stopped


class Refused(Exception):
    """What was answered may not pass."""


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    def make(self, spec: AgentSpec, asked: Passes | None, answered: Passes | None) -> Any:
        if asked is not None:
            raise Unavailable("nothing is for what is asked")
        if answered is None:
            return self._agents.make(spec)
        if "post_model_hook" not in inspect.signature(self._agents._make).parameters:
            raise Unavailable("nothing is called after the model")
        tools = [self._agents._tool.from_function(coroutine=t.function) for t in spec.tools]
        about = {"prompt": spec.instructions, "name": spec.name}
        return self._agents._make(
            self._agents._model, tools, post_model_hook=_guard(answered), **about
        )

    async def run(self, agent: Any, asked: str) -> Ended:
        try:
            ended: Ended = await super().run(agent, asked)
        except Refused as error:
            return Stopped(str(error), None, error)
        return ended


def _guard(answered: Passes) -> Any:
    async def guard(state: Any) -> Any:
        said = state["messages"][-1]
        if not said.tool_calls and not await answered(said.content):
            raise Refused("this may not be answered")
        return {}

    return guard


OFFERED = Guardrails(open=_Sdk)
