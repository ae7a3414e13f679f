"""The model of errands as an endpoint speaks it, for SDKs whose own provider adapter asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mocks.model import Reply, Request
from mocks.openai.asked import Asked
from mocks.openai.dialect import Dialect
from mocks.openai.tools import Tool
from mocks.worlds.agent.errands import KEY
from mocks.worlds.agent.script import ROLE, Plan, Script

MODEL_HOST = "127.0.0.1"
MODEL_PORT = 9200
MODEL_URL = f"http://{MODEL_HOST}:{MODEL_PORT}/v1"
"""Where it is on the network in memory."""


class AgentSpeaker:
    """Answers errands without tools."""

    def calls(self, asked: Asked, request: Request) -> Reply | None:
        """It calls none."""
        return None

    def says(self, request: Request) -> Reply:
        """See ``Script``."""
        return Script(Plan())(request)


class AgentDialect(Dialect):
    """See ``Dialect``. It is spoken to an SDK under test, by a model with a script."""

    name = "agent"
    scenarios: Sequence[str] = ("errand",)
    briefs: Mapping[str, str] = MappingProxyType({ROLE: "You are an agent who finds things out."})
    mark_brief = "The message carries the mark {mark}: repeat {mark} once, unchanged."
    tools: Mapping[str, Tool] = MappingProxyType({})

    def speaker(self, scenario: str, *, reply_bytes: int = 200) -> AgentSpeaker:
        """See ``Dialect``."""
        return AgentSpeaker()

    def as_request(self, asked: Asked, role: str, agent: str) -> Request:
        """See ``Dialect``. The mark is that of the last key in what was said; how far the errand is
        the keys in the results of tools tell."""
        found = KEY.findall(asked.prompt)
        tools = tuple(function.name for function in asked.functions)
        return Request(ROLE, agent, found[-1][0] if found else "", asked.prompt, tools)
