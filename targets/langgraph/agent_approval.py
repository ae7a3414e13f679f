"""Approvals of langgraph: a tool interrupts its graph, and a ``Command`` resumes it."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import itertools
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.langgraph.driver import MANY, TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Approval, Ended


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._names = itertools.count()
        types = importlib.import_module("langgraph.types")
        if not hasattr(types, "interrupt"):
            raise Unavailable("nothing interrupts a graph from within")
        named = {field.name for field in dataclasses.fields(types.Interrupt)}
        self._has_id = "id" in named
        if not self._has_id and not hasattr(types.Interrupt, "interrupt_id"):
            raise Unavailable("an interrupt has no id to be answered by")
        self._interrupt, self._command = types.interrupt, types.Command

    def make(self, spec: AgentSpec) -> Any:
        savers = importlib.import_module("langgraph.checkpoint.memory")
        saver = getattr(savers, "InMemorySaver", None) or savers.MemorySaver
        made = self._agents._tool.from_function
        tools = [made(coroutine=self._careful(tool.function)) for tool in spec.tools]
        about = {"prompt": spec.instructions, "name": spec.name, "checkpointer": saver()}
        return self._agents._make(self._agents._model, tools, **about)

    def _careful(self, tool: Any) -> Any:
        @functools.wraps(tool)
        async def ask_first(key: str) -> Any:
            self._interrupt(key)
            return await tool(key)

        return ask_first

    async def start(self, agent: Any, asked: str) -> Any:
        config = {**MANY, "configurable": {"thread_id": str(next(self._names))}}
        await agent.ainvoke({"messages": [("user", asked)]}, config)
        return config

    async def resume(self, agent: Any, paused: Any) -> Ended:
        waiting = (await agent.aget_state(paused)).tasks
        approved = {
            (one.id if self._has_id else one.interrupt_id): True
            for task in waiting
            for one in task.interrupts
        }
        state = await agent.ainvoke(self._command(resume=approved), paused)
        return Ended(state["messages"][-1].content, None, state)


OFFERED = Approval(open=_Sdk)
