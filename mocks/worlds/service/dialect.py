"""A service's model as an endpoint speaks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mocks.model import Reply, Request
from mocks.openai.asked import Asked
from mocks.openai.dialect import Dialect
from mocks.openai.tools import Tool
from mocks.worlds.service.script import ROLE, Script, mark_in


class ServiceSpeaker:
    """Answers any number of users: see ``Script``."""

    def __init__(self, *, reply_bytes: int = 200) -> None:
        self._script = Script(reply_bytes=reply_bytes)

    def calls(self, asked: Asked, request: Request) -> Reply | None:
        """A service's model has no tools of its own."""
        return None

    def says(self, request: Request) -> Reply:
        """See ``Script``."""
        return self._script(request)


class ServiceDialect(Dialect):
    """See ``Dialect``."""

    name = "service"
    scenarios: Sequence[str] = ("chat",)
    briefs: Mapping[str, str] = MappingProxyType({ROLE: "You answer a user of a service."})
    mark_brief = "The message carries the mark {mark}: repeat {mark} once, unchanged."
    tools: Mapping[str, Tool] = MappingProxyType({})

    def speaker(self, scenario: str, *, reply_bytes: int = 200) -> ServiceSpeaker:
        """See ``Dialect``."""
        return ServiceSpeaker(reply_bytes=reply_bytes)

    def as_request(self, asked: Asked, role: str, agent: str) -> Request:
        """See ``Dialect``. The mark is that of the last message that has one."""
        return Request(
            role=role or asked.named_role() or ROLE,
            agent=agent,
            mark=mark_in(asked.prompt) or mark_in(asked.system),
            prompt=asked.prompt,
            tools=tuple(function.name for function in asked.functions),
        )


DIALECT = ServiceDialect()
