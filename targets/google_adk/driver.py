"""Driver of google-adk: its ``BaseLlm`` is replaced, or its ``LiteLlm`` asks over HTTP."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Iterator, Sequence
from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.outputs import findings_model, text_and_output
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocol import Target
from targets.protocols.agent import Agent, Ended

KEY, APP, US = "said", {"app_name": "app"}, {"user_id": "user"}


def _newest_first(contents: Sequence[Any]) -> Iterator[tuple[Who, str]]:
    for content in reversed(contents):
        for part in reversed(content.parts):
            if part.function_call:
                yield Who.CALL, str(part.function_call.args)
            elif part.function_response:
                yield Who.RESULT, str(part.function_response.response)
            else:
                yield Who.USER if content.role == "user" else Who.AGENT, part.text or ""


def _mock(world: AgentWorld, types: Any) -> Any:
    models = module("google.adk.models")

    def heard(request: Any) -> Heard:
        system = request.config.system_instruction or ""
        return Heard(system, _newest_first(request.contents), list(request.tools_dict))

    def said(text: str, calls: Sequence[Any] = (), *, partial: bool | None = None) -> Any:
        parts = [types.Part.from_function_call(name=c.name, args=c.arguments) for c in calls]
        content = types.Content(role="model", parts=parts or [types.Part(text=text)])
        return models.LlmResponse(content=content, partial=partial)

    class Mock(models.BaseLlm):  # type: ignore[misc, name-defined]
        async def generate_content_async(self, llm_request: Any, stream: bool = False) -> Any:
            text, calls = "", tuple[Any, ...]()
            if not stream:
                text, calls = await world.answer(heard(llm_request))
            else:
                async for word in world.stream(heard(llm_request)):
                    text += word
                    yield said(word, partial=True)
            yield said(text, calls)

    return Mock(model="mock")


async def _done(given: Any) -> Any:
    return await given if inspect.isawaitable(given) else given  # sessions of 0.x do not wait


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        self._agent, self._types = module("google.adk").Agent, module("google.genai.types")
        self._runner = module("google.adk.runners").InMemoryRunner
        run = module("google.adk.agents.run_config")
        self._streamed = {"run_config": run.RunConfig(streaming_mode=run.StreamingMode.SSE)}
        self._model = _mock(world, self._types)
        if url := world.model_url:
            adapter = module("google.adk.models.lite_llm").LiteLlm
            self._model = adapter(model="openai/mock", api_base=url, api_key="none")

    def make(self, spec: AgentSpec) -> Any:
        about = {"name": spec.name.replace("-", "_"), "model": self._model, "output_key": KEY}
        about |= {"tools": [t.function for t in spec.tools], "instruction": spec.instructions}
        return self._runner(self._agent(**about, output_schema=findings_model(spec.output)), **APP)

    async def _events(self, runner: Any, asked: str, **more: Any) -> AsyncGenerator[Any, None]:
        sessions, message = runner.session_service, self._types.UserContent(asked)
        on = {**US, "session_id": (await _done(sessions.create_session(**APP, **US))).id}
        try:
            async for event in runner.run_async(**on, new_message=message, **more):
                yield event
        finally:  # a session is for one run alone
            await _done(sessions.delete_session(**APP, **on))

    async def run(self, agent: Any, asked: str) -> Ended:
        events = [event async for event in self._events(agent, asked)]
        return Ended(*text_and_output(events[-1].actions.state_delta[KEY]), events)

    async def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        async for event in self._events(agent, asked, **self._streamed):
            if event.partial:
                yield event.content.parts[0].text

    async def close(self) -> None:
        """Nothing is held."""


ADK = {"imports": ("google.adk.agents", "google.adk.runners"), "packages": ("google.adk",)}
SET = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "ADK_MAX_LLM_CALLS": "90"}
TARGET = Target(name="google_adk", capabilities=[Agent(open=_Sdk)], environment=SET, **ADK)
