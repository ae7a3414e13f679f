"""A model behind an endpoint, in a world that has nothing else, and a user who asks it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mocks.http.client import Ask
from mocks.model import Reply, Request
from mocks.openai.asked import Asked
from mocks.openai.dialect import Dialect, Speaker
from mocks.openai.tools import Tool

TEXT = "The answer is forty two."


class Talker:
    """Says the same to everybody."""

    def calls(self, asked: Asked, request: Request) -> Reply | None:
        return None

    def says(self, request: Request) -> Reply:
        return Reply(TEXT)


class PlainDialect(Dialect):
    """Everybody asks in the role ``chat``; what follows a ``#`` is the mark."""

    name = "plain"
    scenarios = ("chat",)
    briefs: Mapping[str, str] = {"chat": "You chat.", "judge": "You judge."}
    mark_brief = "{mark}"
    tools: Mapping[str, Tool] = {}

    def speaker(self, scenario: str, *, reply_bytes: int = 200) -> Speaker:
        return Talker()

    def as_request(self, asked: Asked, role: str, agent: str) -> Request:
        mark = asked.prompt.rpartition("#")[2].split(" ")[0]
        tools = tuple(function.name for function in asked.functions)
        return Request(role or "chat", agent, mark, asked.prompt, tools)


DIALECT = PlainDialect()


def says(request: Request) -> Reply:
    """A text."""
    return Reply(TEXT)


def chat(text: str = "What? #7", **more: object) -> dict[str, Any]:
    """A chat completion's request."""
    return {"model": "m", "messages": [{"role": "user", "content": text}], **more}


def post(content: Mapping[str, Any], path: str = "/v1/chat/completions", **headers: str) -> Ask:
    """A request with a key."""
    return Ask(
        method="POST",
        path=path,
        headers={"Authorization": "Bearer k", **headers},
        body=json.dumps(content).encode(),
    )
