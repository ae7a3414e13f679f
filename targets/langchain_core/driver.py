"""Driver of langchain-core: its chat models, which have instructions and no loop for tools."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.langchain_core.chat_models import chat_models
from targets.protocol import Target, Unavailable
from targets.protocols.agent import Agent, Ended


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        if world.model_url:
            raise Unavailable("its adapters for providers are packages of their own")
        _, self._model = chat_models(world)

    def make(self, spec: AgentSpec) -> str:
        if spec.tools or spec.output is not None:
            raise Unavailable("what runs tools for its models is in packages of their own")
        return spec.instructions

    async def run(self, agent: str, asked: str) -> Ended:
        message = await self._model.ainvoke(_messages(agent, asked))
        return Ended(message.content, None, message)

    async def stream(self, agent: str, asked: str) -> AsyncGenerator[str, None]:
        async for chunk in self._model.astream(_messages(agent, asked)):
            yield chunk.content

    async def close(self) -> None:
        """The SDK holds nothing."""


def _messages(instructions: str, asked: str) -> list[Any]:
    return [("system", instructions), ("user", asked)]


TARGET = Target(
    name="langchain_core",
    imports=("langchain_core.messages:HumanMessage",),
    capabilities=[Agent(open=_Sdk)],
    environment={"LANGSMITH_TRACING": "false"},
)
