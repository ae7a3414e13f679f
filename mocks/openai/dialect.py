"""What an endpoint has to know of a capability: its roles, its tools, and who answers."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from mocks import worlds
from mocks.model import Reply, Request, ToolCall
from mocks.openai.asked import ROLE, Asked
from mocks.openai.tools import Tool


class Speaker(Protocol):
    """Answers for the mock model, many clients at the same time."""

    def calls(self, asked: Asked, request: Request) -> Reply | None:
        """The reply of a model that may, or must, call one of the capability's own tools; ``None``
        where it can call none."""

    def says(self, request: Request) -> Reply:
        """A reply in words."""


class Dialect(ABC):
    """A capability as the two ends of an endpoint speak it, the mock's and a live model's client.

    ``scenarios``: what a speaker can play, the usual first; ``briefs``: by role, what a live model
    is told of it, ``{agent}`` being who is asked; ``mark_brief``: what it is told of the ``{mark}``
    of a run; ``tools``: what it may call; ``is_usual``: it is spoken where none is named, which one
    of all may be. A capability that is spoken has one named ``DIALECT`` in
    ``mocks/worlds/CAP/dialect.py``.
    """

    name: str
    scenarios: Sequence[str]
    briefs: Mapping[str, str]
    mark_brief: str
    tools: Mapping[str, Tool]
    is_usual = False

    @abstractmethod
    def speaker(self, scenario: str, *, reply_bytes: int = 200) -> Speaker:
        """Who answers. Texts have about ``reply_bytes`` bytes."""

    @abstractmethod
    def as_request(self, asked: Asked, role: str, agent: str) -> Request:
        """What a client asks, for the speaker. ``role`` and ``agent`` are what its headers say;
        where they are empty, the prompts are searched."""

    def call_in(self, text: str, offered: Sequence[str]) -> ToolCall | None:
        """The call of a tool that was meant by a text; some servers ignore ``tool_choice``."""
        return None

    def system_prompt(self, request: Request) -> str:
        """The system message for a request. ``LookupError`` for a role it does not know."""
        brief = self.briefs.get(request.role)
        if brief is None:
            raise LookupError(f"a {self.name} has no role {request.role!r}")
        lines = [f"{ROLE}{request.role}", brief.format(agent=request.agent)]
        if request.mark:
            lines.append(self.mark_brief.format(mark=request.mark))
        return "\n".join(lines)


def dialects() -> dict[str, Dialect]:
    """Every capability that is spoken, by name."""
    found: dict[str, Dialect] = {}
    for world in pkgutil.iter_modules(worlds.__path__, f"{worlds.__name__}."):
        module = f"{world.name}.dialect"
        if importlib.util.find_spec(module) is not None:
            dialect: Dialect = importlib.import_module(module).DIALECT
            found[dialect.name] = dialect
    return found
