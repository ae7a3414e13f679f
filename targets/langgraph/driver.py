"""Driver of langgraph: its prebuilt agent, with the model as a ``BaseChatModel`` of langchain."""

from __future__ import annotations

import importlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocol import Target, Unavailable
from targets.protocols.agent import Agent, Ended

MANY = {"recursion_limit": 10_000}  # steps that a run may take; the SDK's own limit is 25
_WHO = {"human": Who.USER, "ai": Who.AGENT, "tool": Who.RESULT}


def _newest_first(messages: Sequence[Any]) -> Iterator[tuple[Who, str]]:
    for message in reversed(messages):
        for call in reversed(getattr(message, "tool_calls", ())):
            yield Who.CALL, str(call["args"])
        if message.type in _WHO:
            yield _WHO[message.type], str(message.content)


def _model(world: AgentWorld) -> Any:
    base = importlib.import_module("langchain_core.language_models").BaseChatModel
    said = importlib.import_module("langchain_core.messages")
    out = importlib.import_module("langchain_core.outputs")

    def heard(messages: Sequence[Any], tools: Sequence[str]) -> Heard:
        system = messages[0].content if messages[0].type == "system" else ""
        return Heard(str(system), _newest_first(messages), tools)

    class Mock(base):  # type: ignore[misc, valid-type]
        tools: tuple[str, ...] = ()
        _llm_type = property(lambda _: "mock")

        def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
            return Mock(tools=tuple(tool.name for tool in tools))

        def _generate(self, *args: Any, **kwargs: Any) -> Any:
            raise NotImplementedError("it is asked asynchronously")

        async def _agenerate(self, messages: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
            reply = await world.answer(heard(messages, self.tools))
            calls = [
                {"name": call.name, "args": dict(call.arguments), "id": call.arguments["key"]}
                for call in reply.tools
            ]
            message = said.AIMessage(content=reply.text, tool_calls=calls)
            return out.ChatResult(generations=[out.ChatGeneration(message=message)])

    class Streaming(Mock):
        async def _astream(
            self, messages: Sequence[Any], *args: Any, **kwargs: Any
        ) -> AsyncIterator[Any]:
            async for word in world.stream(heard(messages, self.tools)):
                yield out.ChatGenerationChunk(message=said.AIMessageChunk(content=word))

    return Mock(), Streaming()


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        if world.model_url:
            raise Unavailable("its adapters for providers are packages of their own")
        self._model, self._streaming = _model(world)
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
