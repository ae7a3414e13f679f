"""Driver of haystack-ai: its ``Agent`` has a chat generator of ours, or its own one for OpenAI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocol import Lacking, Target, Unavailable
from targets.protocols.agent import Agent, Ended, Failed

_WHO = {"user": Who.USER, "assistant": Who.AGENT}


def _newest_first(messages: Sequence[Any]) -> Iterator[tuple[Who, str]]:
    for message in reversed(messages):
        for call in reversed(message.tool_calls):
            yield Who.CALL, str(call.arguments)
        for result in reversed(message.tool_call_results):
            yield Who.RESULT, str(result.result)
        if message.role in _WHO:
            yield _WHO[message.role], message.text or ""


def _heard(messages: Sequence[Any], tools: Sequence[Any] | None) -> Heard:
    system = messages[0].text if messages[0].role == "system" else ""
    return Heard(system, _newest_first(messages), [tool.name for tool in tools or ()])


def _mock(world: AgentWorld) -> Any:
    said = module("haystack.dataclasses")

    class Mock:
        def run(self, messages: Any, tools: Any = None, streaming_callback: Any = None) -> Any:
            raise NotImplementedError("it is asked asynchronously")

        async def run_async(
            self, messages: Any, tools: Any = None, streaming_callback: Any = None
        ) -> Any:
            heard, text, calls = _heard(messages, tools), "", []
            if streaming_callback is None:
                text, asked = await world.answer(heard)
                calls = [said.ToolCall(n, dict(given), id=given["key"]) for n, given in asked]
            else:
                async for word in world.stream(heard):
                    text += word
                    await streaming_callback(said.StreamingChunk(content=word))
            return {"replies": [said.ChatMessage.from_assistant(text or None, tool_calls=calls)]}

    return module("haystack").component(Mock)()


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        try:
            self._agent = module("haystack.components.agents").Agent
        except ImportError as error:
            raise Lacking(f"it has no agents: {error}") from error
        self._model = _mock(world)
        if url := world.model_url:
            key = module("haystack.utils").Secret.from_token("none")
            adapter = module("haystack.components.generators.chat").OpenAIChatGenerator
            self._model = adapter(model="mock", api_base_url=url, api_key=key)
        self._asked = module("haystack.dataclasses").ChatMessage.from_user
        self._tool = module("haystack.tools").create_tool_from_function

    def make(self, spec: AgentSpec) -> Any:
        if spec.output is not None:
            raise Unavailable("its agents have no output of a structure")
        tools = [self._tool(tool.function) for tool in spec.tools]
        about = {"chat_generator": self._model, "system_prompt": spec.instructions}
        agent = self._agent(**about, tools=tools, max_agent_steps=90)  # not 100
        agent.warm_up()
        return agent

    async def run(self, agent: Any, asked: str, **more: Any) -> Ended:
        result = await agent.run_async(messages=[self._asked(asked)], **more)
        over = result.get("exit_reason") == "max_agent_steps"
        return (Failed if over else Ended)(result["messages"][-1].text or "", None, result)

    async def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        pieces: asyncio.Queue[Any] = asyncio.Queue()
        task = asyncio.ensure_future(self.run(agent, asked, streaming_callback=pieces.put))
        task.add_done_callback(lambda _: pieces.put_nowait(None))
        try:
            while piece := await pieces.get():
                yield piece.content
            await task
        finally:
            task.cancel()

    async def close(self) -> None:
        """Agents hold nothing."""


OWN, QUIET = ("haystack",), {"HAYSTACK_TELEMETRY_ENABLED": "False"}
TARGET = Target(name="haystack", imports=OWN, capabilities=[Agent(open=_Sdk)], environment=QUIET)
