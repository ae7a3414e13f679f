"""Approvals of haystack-ai: a strategy decides on each call of a tool, and may take its time."""

from __future__ import annotations

import asyncio
from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.haystack.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Approval, Ended


class _Human:
    """A strategy that asks somebody. ``asked``: whether it has been; ``approved``: what is said."""

    def __init__(self, decision: Any) -> None:
        self._decision = decision
        self.asked, self.approved = asyncio.Event(), asyncio.Event()

    async def run_async(self, *, tool_name: str, tool_params: Any, **about: Any) -> Any:
        self.asked.set()
        await self.approved.wait()
        call = about.get("tool_call_id")
        return self._decision(tool_name, True, tool_call_id=call, final_tool_params=tool_params)

    def run(self, **about: Any) -> Any:
        raise NotImplementedError("it is asked asynchronously")


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        try:
            self._loop = module("haystack.hooks.human_in_the_loop")
        except ImportError as error:
            raise Unavailable("its tools need no approval, or another way") from error

    def make(self, spec: AgentSpec) -> Any:
        return spec

    async def start(self, agent: Any, asked: str) -> Any:
        human = _Human(self._loop.ToolExecutionDecision)
        hook = self._loop.ConfirmationHook(confirmation_strategies={"*": human})
        about = {"chat_generator": self._agents._model, "system_prompt": agent.instructions}
        about["tools"] = [self._agents._tool(tool.function) for tool in agent.tools]
        made = self._agents._agent(**about, hooks={"before_tool": [hook]})
        made.warm_up()
        run = asyncio.ensure_future(self._agents.run(made, asked))
        await human.asked.wait()
        return human, run

    async def resume(self, agent: Any, paused: Any) -> Ended:
        human, run = paused
        human.approved.set()
        ended: Ended = await run
        return ended


OFFERED = Approval(open=_Sdk)
