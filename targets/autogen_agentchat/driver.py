"""Driver of autogen-agentchat, with a client for models of ours or autogen-ext's for OpenAI."""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.models import model_class
from mocks.worlds.agent.outputs import findings_model, text_and_output
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocol import Target, Unavailable
from targets.protocols.agent import Agent, Ended

MANY = 90  # rounds of tools that a run may take; the SDK's own limit is 1
_WHO = {"UserMessage": Who.USER, "AssistantMessage": Who.AGENT}
_CAN = {"vision": True, "function_calling": True, "json_output": True, "structured_output": True}
_INFO = {**_CAN, "family": "unknown"}


def _newest_first(messages: Sequence[Any]) -> Iterator[tuple[Who, str]]:
    for message in reversed(messages):
        if message.type == "FunctionExecutionResultMessage":
            yield from ((Who.RESULT, result.content) for result in reversed(message.content))
        elif not isinstance(message.content, str):
            yield from ((Who.CALL, call.arguments) for call in reversed(message.content))
        elif message.type in _WHO:
            yield _WHO[message.type], message.content


def _heard(messages: Sequence[Any], tools: Sequence[Any]) -> Heard:
    system = messages[0].content if messages[0].type == "SystemMessage" else ""
    names = [tool["name"] if isinstance(tool, dict) else tool.name for tool in tools]
    return Heard(system, _newest_first(messages), names)


def _mock(world: AgentWorld) -> Any:
    new, models = module("autogen_core").FunctionCall, module("autogen_core.models")
    usage = models.RequestUsage(prompt_tokens=0, completion_tokens=0)

    def result(content: Any, why: str = "stop") -> Any:
        return models.CreateResult(content=content, finish_reason=why, usage=usage, cached=False)

    async def create(self: Any, messages: Any, *, tools: Any = (), **kwargs: Any) -> Any:
        text, asked = await world.answer(_heard(messages, tools))
        calls = [new(given["key"], json.dumps(dict(given)), name) for name, given in asked]
        return result(calls, "function_calls") if calls else result(text)

    async def stream(self: Any, messages: Any, tools: Any = (), **_: Any) -> AsyncIterator[Any]:
        said = ""
        async for word in world.stream(_heard(messages, tools)):
            said += word
            yield word
        yield result(said)

    base = models.ChatCompletionClient
    return model_class(base, create=create, create_stream=stream, model_info=_INFO)()


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        self._agent = module("autogen_agentchat.agents").AssistantAgent
        self._has = inspect.signature(self._agent.__init__).parameters
        self._model = _mock(world)
        if url := world.model_url:
            adapter = module("autogen_ext.models.openai").OpenAIChatCompletionClient
            self._model = adapter(model="mock", base_url=url, api_key="none", model_info=_INFO)

    def make(self, spec: AgentSpec) -> Any:
        return spec, self._made(spec)

    def _made(self, spec: AgentSpec, **more: Any) -> Any:
        about = {"name": spec.name.replace("-", "_"), "system_message": spec.instructions, **more}
        if tools := [tool.function for tool in spec.tools]:
            about |= {"tools": tools, "max_tool_iterations": MANY}
        about |= {"output_content_type": findings_model(spec.output)} if spec.output else {}
        if lacking := about.keys() - self._has:
            raise Unavailable(f"its agent has no {sorted(lacking)[0]}")
        return self._agent(**about, model_client=self._model)

    async def run(self, agent: Any, asked: str) -> Ended:
        await agent[1].on_reset(module("autogen_core").CancellationToken())  # it remembers
        result = await agent[1].run(task=asked)
        return Ended(*text_and_output(result.messages[-1].content), result)

    async def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        streaming = self._made(agent[0], model_client_stream=True)
        async for event in streaming.run_stream(task=asked):
            if getattr(event, "type", "") == "ModelClientStreamingChunkEvent":
                yield event.content

    async def close(self) -> None:
        """Agents hold nothing."""


OWN = ("autogen_agentchat.agents", "autogen_core", "autogen_ext")
TARGET = Target(name="autogen_agentchat", imports=OWN, capabilities=[Agent(open=_Sdk)])
