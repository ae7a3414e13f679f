"""Driver of llama-index-workflows, by llama-index-core's ``FunctionAgent``, which is a workflow."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.models import model_class
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocol import Target, Unavailable
from targets.protocols.agent import Agent, Ended

MANY = 90  # turns that a run may take; the SDK's own limit is 20
_WHO = {"user": Who.USER, "assistant": Who.AGENT, "tool": Who.RESULT}


def _newest_first(messages: Sequence[Any]) -> Iterator[tuple[Who, str]]:
    for message in reversed(messages):
        for call in reversed(message.additional_kwargs.get("tool_calls", ())):
            yield Who.CALL, str(call.tool_kwargs)
        if message.role in _WHO:
            yield _WHO[message.role], message.content or ""


def _heard(messages: Sequence[Any], tools: Sequence[Any]) -> Heard:
    system = messages[0].content if messages[0].role == "system" else ""
    return Heard(system, _newest_first(messages), [tool.metadata.name for tool in tools])


def _mock(world: AgentWorld) -> Any:
    llms = module("llama_index.core.llms")
    selection = module("llama_index.core.llms.llm").ToolSelection

    async def answer(self: Any, tools: Any, chat_history: Any, **kwargs: Any) -> Any:
        reply, calls = await world.answer(_heard(chat_history, tools)), []
        for name, given in reply.tools:
            about = {"tool_id": given["key"], "tool_kwargs": dict(given)}
            calls.append(selection(tool_name=name, **about))
        more = {"tool_calls": calls} if calls else {}
        message = llms.ChatMessage(role="assistant", content=reply.text, additional_kwargs=more)
        return llms.ChatResponse(message=message)

    async def pieces(heard: Heard) -> AsyncGenerator[Any, None]:
        said = ""
        async for word in world.stream(heard):
            said += word
            message = llms.ChatMessage(role="assistant", content=said)
            yield llms.ChatResponse(message=message, delta=word)

    async def stream(self: Any, tools: Any, chat_history: Any, **kwargs: Any) -> Any:
        return pieces(_heard(chat_history, tools))

    def called(self: Any, response: Any, **kwargs: Any) -> Any:
        return response.message.additional_kwargs.get("tool_calls", [])

    base = module("llama_index.core.llms.function_calling").FunctionCallingLLM
    about = llms.LLMMetadata(is_function_calling_model=True)
    methods: dict[str, Any] = {"achat_with_tools": answer, "astream_chat_with_tools": stream}
    methods |= {"get_tool_calls_from_response": called, "metadata": property(lambda _: about)}
    return model_class(base, **methods)()


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        self._agent = module("llama_index.core.agent.workflow").FunctionAgent
        self._model = _mock(world)
        if url := world.model_url:  # it knows its models by their names
            about = {"model": "gpt-4o-mini", "api_base": url, "api_key": "none"}
            self._model = module("llama_index.llms.openai").OpenAI(**about)

    def make(self, spec: AgentSpec) -> Any:
        if spec.output is not None:
            raise Unavailable("an output of a structure takes a second call to the model")
        about = {"name": spec.name, "system_prompt": spec.instructions, "llm": self._model}
        tools = [tool.function for tool in spec.tools]
        return self._agent(**about, tools=tools, streaming=False)

    async def run(self, agent: Any, asked: str) -> Ended:
        result = await agent.run(user_msg=asked, max_iterations=MANY)
        return Ended(result.response.content or "", None, result)

    async def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        agent.streaming = True
        handler = agent.run(user_msg=asked, max_iterations=MANY)
        try:
            async for event in handler.stream_events():
                if piece := getattr(event, "delta", ""):
                    yield piece
        finally:
            await handler.cancel_run()  # as a user must who stops early

    async def close(self) -> None:
        """Agents hold nothing."""


OWN = ("llama_index.core.agent.workflow", "workflows")
TARGET = Target(name="llama_index_workflows", imports=OWN, capabilities=[Agent(open=_Sdk)])
