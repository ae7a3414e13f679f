"""Driver of openai-agents: its ``Model`` is replaced, or its chat completions ask over HTTP."""

from __future__ import annotations

import importlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from functools import partial
from typing import Any

from mocks.model import Reply
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocol import Target
from targets.protocols.agent import Agent, Ended

MANY = 1000  # turns that a run may take; the SDK's own limit is 10


def _newest_first(said: Any) -> Iterator[tuple[Who, str]]:
    for item in reversed([{"role": "user", "content": said}] if isinstance(said, str) else said):
        if item.get("type") == "function_call":
            yield Who.CALL, item["arguments"]
        elif item.get("type") == "function_call_output":
            yield Who.RESULT, str(item["output"])
        else:
            yield Who.USER if item["role"] == "user" else Who.AGENT, str(item["content"])


def _asked(*args: Any, **kwargs: Any) -> tuple[Heard, Any]:
    names = ("system_instructions", "input", "model_settings", "tools", "output_schema")
    system, said, _, tools, schema = ({**dict(zip(names, args)), **kwargs}[n] for n in names)  # noqa: B905
    return Heard(system or "", _newest_first(said), [tool.name for tool in tools]), schema


def _mock(world: AgentWorld) -> Any:
    sdk, api = (importlib.import_module(name) for name in ("agents", "openai.types.responses"))

    def written(reply: Reply, schema: Any) -> list[Any]:
        if reply.tools:
            calls = [(c.name, json.dumps(c.arguments), c.arguments["key"]) for c in reply.tools]
            make = partial(api.ResponseFunctionToolCall, type="function_call")
            return [make(name=name, arguments=text, call_id=key) for name, text, key in calls]
        # An output that is no pydantic model is asked for as the only field of an object.
        is_text = schema is None or schema.is_plain_text()
        text = reply.text if is_text else f'{{"response": {reply.text}}}'
        parts = [api.ResponseOutputText(type="output_text", text=text, annotations=[])]
        about = {"id": "m", "type": "message", "role": "assistant", "status": "completed"}
        return [api.ResponseOutputMessage(**about, content=parts)]

    async def get_response(self: Any, *args: Any, **kwargs: Any) -> Any:
        heard, schema = _asked(*args, **kwargs)
        return sdk.ModelResponse(written(await world.answer(heard), schema), sdk.Usage(), None)

    async def stream_response(self: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        at = {"item_id": "m", "output_index": 0, "content_index": 0, "logprobs": []}
        make, at["type"], said = api.ResponseTextDeltaEvent, "response.output_text.delta", ""
        async for word in world.stream(_asked(*args, **kwargs)[0]):
            said += word
            yield make(**at, delta=word, sequence_number=len(said))
        whole = api.Response.model_construct(id="r", output=written(Reply(said), None))
        last = {"type": "response.completed", "sequence_number": len(said) + 1, "response": whole}
        yield api.ResponseCompletedEvent.model_construct(**last)

    methods = {"get_response": get_response, "stream_response": stream_response}
    return type("Mock", (sdk.Model,), methods)()


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        self._sdk, client = importlib.import_module("agents"), importlib.import_module("openai")
        self._sdk.set_tracing_disabled(True)
        url, adapter = world.model_url, self._sdk.OpenAIChatCompletionsModel
        self._model = adapter("m", client.AsyncOpenAI(base_url=url)) if url else _mock(world)

    def make(self, spec: AgentSpec) -> Any:
        tools = [self._sdk.function_tool(tool.function) for tool in spec.tools]
        about = {"name": spec.name, "instructions": spec.instructions, "output_type": spec.output}
        return self._sdk.Agent(**about, tools=tools, model=self._model)

    async def run(self, agent: Any, asked: str) -> Ended:
        result = await self._sdk.Runner.run(agent, asked, max_turns=MANY)
        said = result.final_output
        return Ended(said, None, result) if isinstance(said, str) else Ended("", said, result)

    async def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        result = self._sdk.Runner.run_streamed(agent, asked, max_turns=MANY)
        try:
            async for event in result.stream_events():
                if event.type == "raw_response_event" and hasattr(event.data, "delta"):
                    yield event.data.delta
        finally:
            result.cancel()  # as a user must who stops early

    async def close(self) -> None:
        """Agents hold nothing; a client is closed by nobody, as in the SDK's own examples."""


AGENT, KEY = Agent(open=_Sdk), {"OPENAI_API_KEY": "none"}
TARGET = Target(name="openai_agents", imports=("agents",), capabilities=[AGENT], environment=KEY)
