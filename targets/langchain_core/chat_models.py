"""Chat models of langchain that ask a world: ``BaseChatModel``, the SDK's own interface."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from mocks.worlds.agent.world import AgentWorld, Heard, Who

_WHO = {"human": Who.USER, "ai": Who.AGENT, "tool": Who.RESULT}


def _newest_first(messages: Sequence[Any]) -> Iterator[tuple[Who, str]]:
    for message in reversed(messages):
        for call in reversed(getattr(message, "tool_calls", ())):
            yield Who.CALL, str(call["args"])
        if message.type in _WHO:
            yield _WHO[message.type], str(message.content)


def chat_models(world: AgentWorld) -> tuple[Any, Any]:
    """A model that answers in one piece and takes tools, and one that also streams; both ask the
    world."""
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
