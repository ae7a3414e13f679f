"""Driver of pydantic-ai: the model is the SDK's own ``FunctionModel``, or is asked over HTTP by its
adapter for OpenAI's chat completions."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocol import Target, Unavailable
from targets.protocols.agent import Agent, Ended

_WHO = {
    "user-prompt": Who.USER,
    "tool-return": Who.RESULT,
    "retry-prompt": Who.RESULT,
    "tool-call": Who.CALL,
    "text": Who.AGENT,
}


def _newest_first(messages: Sequence[Any]) -> Iterator[tuple[Who, str]]:
    for message in reversed(messages):
        for part in reversed(message.parts):
            who = _WHO.get(part.part_kind)
            if who is not None:
                yield who, str(part.args if who is Who.CALL else part.content)


def _heard(messages: Sequence[Any], info: Any) -> Heard:
    first = [part.content for part in messages[0].parts if part.part_kind == "system-prompt"]
    tools = [tool.name for tool in info.function_tools]
    return Heard("\n".join(first), _newest_first(messages), tools)


def _mock(world: AgentWorld) -> Any:
    said = importlib.import_module("pydantic_ai.messages")

    async def answer(messages: Sequence[Any], info: Any) -> Any:
        reply = await world.answer(_heard(messages, info))
        if reply.tools:
            calls = [said.ToolCallPart(call.name, dict(call.arguments)) for call in reply.tools]
            return said.ModelResponse(calls)
        # They were called otherwise before 0.1.
        if outputs := vars(info).get("output_tools") or vars(info).get("result_tools"):
            return said.ModelResponse([said.ToolCallPart(outputs[0].name, reply.text)])
        return said.ModelResponse([said.TextPart(reply.text)])

    async def stream(messages: Sequence[Any], info: Any) -> AsyncIterator[str]:
        async for word in world.stream(_heard(messages, info)):
            yield word

    models = importlib.import_module("pydantic_ai.models.function")
    return models.FunctionModel(answer, stream_function=stream)


def _adapter(url: str) -> Any:
    try:
        models = importlib.import_module("pydantic_ai.models.openai")
        provider = importlib.import_module("pydantic_ai.providers.openai").OpenAIProvider
    except ImportError as error:
        raise Unavailable(f"no adapter for OpenAI is installed: {error}") from error
    adapter = getattr(models, "OpenAIChatModel", None) or models.OpenAIModel
    return adapter("mock", provider=provider(base_url=url, api_key="none"))


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        self._sdk = importlib.import_module("pydantic_ai")
        self._model = _adapter(world.model_url) if world.model_url else _mock(world)
        parameters = inspect.signature(self._sdk.Agent.__init__).parameters
        self._output = "output_type" if "output_type" in parameters else "result_type"
        usage = importlib.import_module("pydantic_ai.usage")
        self._limits = usage.UsageLimits(request_limit=None)

    def make(self, spec: AgentSpec) -> Any:
        tools = [self._sdk.Tool(tool.function) for tool in spec.tools]
        about = {"name": spec.name, "system_prompt": spec.instructions, "tools": tools}
        return self._sdk.Agent(self._model, **about, **{self._output: spec.output or str})

    async def run(self, agent: Any, asked: str) -> Ended:
        result = await agent.run(asked, usage_limits=self._limits)
        output = result.output if hasattr(result, "output") else result.data
        return Ended(output, None, result) if isinstance(output, str) else Ended("", output, result)

    async def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        async with agent.run_stream(asked, usage_limits=self._limits) as result:
            async for piece in result.stream_text(delta=True, debounce_by=None):
                yield piece

    async def close(self) -> None:
        """Agents hold nothing."""


TARGET = Target(name="pydantic_ai", imports=("pydantic_ai",), capabilities=[Agent(open=_Sdk)])
