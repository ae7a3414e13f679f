"""Driver of langgraph: its prebuilt agent, with the model as a ``BaseChatModel`` of langchain."""

from __future__ import annotations

import importlib
from collections.abc import AsyncGenerator
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.langchain_core.chat_models import chat_models
from targets.protocol import Target, Unavailable
from targets.protocols.agent import Agent, Ended

MANY = {"recursion_limit": 10_000}  # steps that a run may take; the SDK's own limit is 25


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        if world.model_url:
            raise Unavailable("its adapters for providers are packages of their own")
        self._model, self._streaming = chat_models(world)
        self._tool = importlib.import_module("langchain_core.tools").StructuredTool
        self._make = importlib.import_module("langgraph.prebuilt").create_react_agent

    def make(self, spec: AgentSpec) -> Any:
        if spec.output is not None:
            raise Unavailable("an output of a structure takes a second call to the model")
        tools = [
            self._tool.from_function(**{"coroutine" if t.is_async else "func": t.function})
            for t in spec.tools
        ]
        model = self._model if tools else self._streaming
        return self._make(model, tools, prompt=spec.instructions, name=spec.name)

    async def run(self, agent: Any, asked: str) -> Ended:
        state = await agent.ainvoke({"messages": [("user", asked)]}, MANY)
        return Ended(state["messages"][-1].content, None, state)

    async def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        said = {"messages": [("user", asked)]}
        async for chunk, _ in agent.astream(said, MANY, stream_mode="messages"):
            yield chunk.content

    async def close(self) -> None:
        """The SDK holds nothing."""


TARGET = Target(
    name="langgraph",
    imports=("langgraph.prebuilt", "langchain_core"),
    capabilities=[Agent(open=_Sdk)],
    environment={"LANGSMITH_TRACING": "false"},
)
