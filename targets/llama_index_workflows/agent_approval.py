"""Approvals of llama-index: a tool waits for an event of its workflow, which its user sends."""

from __future__ import annotations

from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.llama_index_workflows.driver import MANY, TARGET
from targets.protocols.agent import Approval, Ended


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._events = module("workflows.events")
        self._context = module("llama_index.core.workflow").Context

    def make(self, spec: AgentSpec) -> Any:
        about: dict[str, Any] = {"name": spec.name, "system_prompt": spec.instructions}
        about |= {"llm": self._agents._model, "streaming": False}
        tools = [self._careful(tool.function) for tool in spec.tools]
        return self._agents._agent(**about, tools=tools)

    def _careful(self, tool: Any) -> Any:
        asks, answers = self._events.InputRequiredEvent, self._events.HumanResponseEvent

        async def ask_first(ctx: Any, key: str) -> Any:
            about = {"waiter_id": key, "waiter_event": asks(key=key)}
            await ctx.wait_for_event(answers, requirements={"key": key}, **about)
            return await tool(key)

        ask_first.__name__, ask_first.__doc__ = tool.__name__, tool.__doc__
        ask_first.__annotations__ = {"ctx": self._context, "key": str, "return": str}
        return ask_first

    async def start(self, agent: Any, asked: str) -> Any:
        run = agent.run(user_msg=asked, max_iterations=MANY)
        wanted, waiting = 1, list[str]()
        async for event in run.stream_events():
            wanted = len(getattr(event, "tool_calls", None) or ()) or wanted
            if isinstance(event, self._events.InputRequiredEvent):
                waiting.append(event.key)
                if len(waiting) == wanted:
                    break
        return run, waiting

    async def resume(self, agent: Any, paused: Any) -> Ended:
        run, waiting = paused
        for key in waiting:
            run.ctx.send_event(self._events.HumanResponseEvent(key=key))
        result = await run
        return Ended(result.response.content or "", None, result)


OFFERED = Approval(open=_Sdk)
