"""Driver of agent-framework-core: a subclass of its ``BaseChatClient`` answers, or its client for
OpenAI's chat completions asks over HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.outputs import findings_model, text_and_output
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocol import Target
from targets.protocols.agent import Agent, Ended

LIMITS = {"max_iterations": 90}  # calls to the model in a run; the SDK's own limit is 40
_WHO = {"user": Who.USER, "assistant": Who.AGENT, "tool": Who.RESULT}


def _newest_first(messages: Sequence[Any]) -> Iterator[tuple[Who, str]]:
    for message in reversed(messages):
        for part in reversed(message.contents):
            if part.type == "function_call":
                yield Who.CALL, str(part.arguments)
            elif part.type == "function_result":
                yield Who.RESULT, str(part.result)
            elif part.type == "text" and message.role in _WHO:
                yield _WHO[message.role], part.text


def _heard(messages: Sequence[Any], options: Mapping[str, Any]) -> Heard:
    system = options.get("instructions") or ""
    tools = [tool.name for tool in options.get("tools") or ()]
    return Heard(system, _newest_first(messages), tools)


def _mock(world: AgentWorld, sdk: Any) -> Any:
    async def answered(messages: Any, options: Mapping[str, Any]) -> Any:
        reply = await world.answer(_heard(messages, options))
        new = sdk.Content.from_function_call
        calls = [new(c.arguments["key"], c.name, arguments=dict(c.arguments)) for c in reply.tools]
        said = sdk.Message("assistant", calls or [reply.text])
        return sdk.ChatResponse(messages=[said], response_format=options.get("response_format"))

    async def streamed(messages: Any, options: Mapping[str, Any]) -> AsyncGenerator[Any, None]:
        async for word in world.stream(_heard(messages, options)):
            yield sdk.ChatResponseUpdate(role="assistant", contents=[sdk.Content.from_text(word)])

    layers = (sdk.FunctionInvocationLayer, sdk.ChatMiddlewareLayer)
    telemetry = module("agent_framework.observability").ChatTelemetryLayer

    class Mock(*layers, telemetry, sdk.BaseChatClient):  # type: ignore[misc, valid-type]
        def _inner_get_response(
            self, *, messages: Any, stream: bool, options: Mapping[str, Any], **kwargs: Any
        ) -> Awaitable[Any]:
            if not stream:
                return answered(messages, options)
            whole = sdk.ChatResponse.from_updates
            made: Awaitable[Any] = sdk.ResponseStream(streamed(messages, options), finalizer=whole)
            return made

    return Mock(function_invocation_configuration=LIMITS)


def _adapter(url: str) -> Any:
    adapter = module("agent_framework.openai").OpenAIChatCompletionClient
    about = {"model": "mock", "base_url": url, "api_key": "none"}
    return adapter(**about, function_invocation_configuration=LIMITS)


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        self._sdk = module("agent_framework")
        self._client = _adapter(world.model_url) if world.model_url else _mock(world, self._sdk)

    def make(self, spec: AgentSpec) -> Any:
        output = findings_model(spec.output)
        options = {"default_options": {"response_format": output}} if output else {}
        tools = [tool.function for tool in spec.tools]
        about = {"name": spec.name, "instructions": spec.instructions, **options}
        return self._sdk.Agent(self._client, **about, tools=tools)

    async def run(self, agent: Any, asked: str) -> Ended:
        result = await agent.run(asked)
        return Ended(*text_and_output(result.value or result.text), result)

    async def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        updates = agent.run(asked, stream=True)
        async with updates if hasattr(updates, "__aexit__") else nullcontext():
            async for update in updates:
                if update.text:
                    yield update.text

    async def close(self) -> None:
        """Agents hold nothing."""


OWN = ("agent_framework",)
TARGET = Target(name="agent_framework", imports=OWN, capabilities=[Agent(open=_Sdk)])
