"""The model of a runtime's turns as an endpoint speaks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mocks.model import Reply, Request
from mocks.openai.asked import Asked
from mocks.openai.dialect import Dialect
from mocks.openai.tools import Tool
from mocks.worlds.turns.asks import mark_in
from mocks.worlds.turns.script import ROLE, script


class TurnsSpeaker:
    """Answers any number of users: see ``script``."""

    def calls(self, asked: Asked, request: Request) -> Reply | None:
        """A turn's model has no tools."""
        return None

    def says(self, request: Request) -> Reply:
        """See ``script``."""
        return script(request)


class TurnsDialect(Dialect):
    """See ``Dialect``."""

    name = "turns"
    scenarios: Sequence[str] = ("turn",)
    briefs: Mapping[str, str] = MappingProxyType({ROLE: "You answer a user in a story."})
    mark_brief = "The message carries the mark {mark}: repeat {mark} once, unchanged."
    tools: Mapping[str, Tool] = MappingProxyType({})

    def speaker(self, scenario: str, *, reply_bytes: int = 200) -> TurnsSpeaker:
        """See ``Dialect``."""
        return TurnsSpeaker()

    def as_request(self, asked: Asked, role: str, agent: str) -> Request:
        """See ``Dialect``. The prompt is all that was sent; the mark is the last one in it."""
        sent = "\n".join(filter(None, [asked.system, asked.prompt]))
        role = role or asked.named_role() or ROLE
        return Request(role=role, agent=agent, mark=mark_in(sent), prompt=sent)


DIALECT = TurnsDialect()
