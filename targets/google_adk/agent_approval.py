"""Approvals of google-adk: a tool requires a confirmation, which the next message gives."""

from __future__ import annotations

import inspect
from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.google_adk.driver import APP, KEY, TARGET, US, _done
from targets.protocol import Unavailable
from targets.protocols.agent import Approval, Ended

ASKS = "adk_request_confirmation"


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._types = module("google.genai.types")
        self._tool = module("google.adk.tools.function_tool").FunctionTool

    def make(self, spec: AgentSpec) -> Any:
        if "require_confirmation" not in inspect.signature(self._tool.__init__).parameters:
            raise Unavailable("its tools need no approval")
        about = {"name": spec.name, "model": self._agents._model, "output_key": KEY}
        tools = [self._tool(tool.function, require_confirmation=True) for tool in spec.tools]
        agent = self._agents._agent(**about, instruction=spec.instructions, tools=tools)
        return self._agents._runner(agent, **APP)

    async def start(self, agent: Any, asked: str) -> Any:
        session = await _done(agent.session_service.create_session(**APP, **US))
        return session.id, await self._events(agent, session.id, self._types.UserContent(asked))

    async def resume(self, agent: Any, paused: Any) -> Ended:
        session, events = paused
        calls = [call for event in events for call in event.get_function_calls()]
        about = {"name": ASKS, "response": {"confirmed": True}}
        given = [self._types.FunctionResponse(id=c.id, **about) for c in calls if c.name == ASKS]
        parts = [self._types.Part(function_response=each) for each in given]
        message = self._types.Content(role="user", parts=parts)
        events = await self._events(agent, session, message)
        await _done(agent.session_service.delete_session(**APP, **US, session_id=session))
        return Ended(events[-1].actions.state_delta[KEY], None, events)

    async def _events(self, agent: Any, session: str, message: Any) -> list[Any]:
        run = agent.run_async(**US, session_id=session, new_message=message)
        return [event async for event in run]


OFFERED = Approval(open=_Sdk)
