"""Driver of agno: a subclass of its ``Model`` answers, or its ``OpenAIChat`` asks over HTTP."""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from typing import Any

from mocks.worlds.agent.outputs import findings_model, text_and_output
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocol import Target, Unavailable
from targets.protocols.agent import Agent, Ended, Failed

_WHO = {"user": Who.USER, "assistant": Who.AGENT, "tool": Who.RESULT}
_WORDS = ("RunContent", "RunResponseContent", "RunResponse")  # names of one event, newest first


def _newest_first(messages: Sequence[Any]) -> Iterator[tuple[Who, str]]:
    for message in reversed(messages):
        for call in reversed(message.tool_calls or ()):
            yield Who.CALL, call["function"]["arguments"]
        if message.role in _WHO:
            yield _WHO[message.role], str(message.content or "")


def _heard(messages: Sequence[Any], tools: Sequence[Any] | None) -> Heard:
    system = messages[0].content if messages[0].role == "system" else ""
    return Heard(
        system, _newest_first(messages), [tool["function"]["name"] for tool in tools or ()]
    )


def _mock(world: AgentWorld) -> Any:
    base = importlib.import_module("agno.models.base").Model
    response = importlib.import_module("agno.models.response").ModelResponse
    if "aresponse" in base.__abstractmethods__:
        raise Unavailable("each provider's model has a loop of tools of its own")

    async def ainvoke(self: Any, messages: Any, tools: Any = None, **kwargs: Any) -> Any:
        reply, calls = await world.answer(_heard(messages, tools)), []
        for call in reply.tools:
            function = {"name": call.name, "arguments": json.dumps(dict(call.arguments))}
            calls.append({"id": call.arguments["key"], "type": "function", "function": function})
        return response(role="assistant", content=reply.text or None, tool_calls=calls)

    async def stream(self: Any, messages: Any, tools: Any = None, **_: Any) -> AsyncIterator[Any]:
        async for word in world.stream(_heard(messages, tools)):
            yield response(content=word)

    def unasked(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("it is asked asynchronously")

    def parsed(self: Any, answer: Any, **kwargs: Any) -> Any:
        return answer  # as before 2.0 the base class wants it

    methods: dict[str, Any] = {"ainvoke": ainvoke, "ainvoke_stream": stream}
    methods |= dict.fromkeys(("invoke", "invoke_stream"), unasked)
    parsing = "parse_provider_response", "parse_provider_response_delta"
    methods |= dict.fromkeys((*parsing, *map("_{}".format, parsing)), parsed)
    return type("Mock", (base,), methods)(id="mock", supports_native_structured_outputs=True)


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        self._agent = importlib.import_module("agno.agent").Agent
        if url := world.model_url:
            adapter = importlib.import_module("agno.models.openai").OpenAIChat
            self._model = adapter(id="mock", base_url=url, api_key="none")
        else:
            self._model = _mock(world)
        new = "output_schema" in inspect.signature(self._agent.__init__).parameters
        self._output = "output_schema" if new else "response_model"

    def make(self, spec: AgentSpec) -> Any:
        about = {"name": spec.name, "instructions": spec.instructions, "model": self._model}
        about[self._output] = findings_model(spec.output)
        return self._agent(tools=[tool.function for tool in spec.tools], **about)

    async def run(self, agent: Any, asked: str) -> Ended:
        result = await agent.arun(asked)
        if getattr(result, "status", "") == "ERROR":
            return Failed(str(result.content), None, result)
        return Ended(*text_and_output(result.content), result)

    async def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        events = agent.arun(asked, stream=True)
        async for event in await events if inspect.isawaitable(events) else events:
            if event.event in _WORDS:
                yield event.content

    async def close(self) -> None:
        """Agents hold nothing."""


IMPORTS, QUIET = ("agno.agent",), {"AGNO_TELEMETRY": "false", "AGNO_MONITOR": "false"}
TARGET = Target(name="agno", imports=IMPORTS, capabilities=[Agent(open=_Sdk)], environment=QUIET)
