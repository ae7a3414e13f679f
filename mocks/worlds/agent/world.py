"""The world of an SDK that has agents."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from mocks.model import Reply, Request
from mocks.world import World
from mocks.worlds.agent.errands import KEY
from mocks.worlds.agent.script import ROLE, Plan
from mocks.worlds.agent.specs import AgentSpec, Findings
from mocks.worlds.agent.tools import Toolbox

NAME = "walker"
INSTRUCTIONS = "You are a walker who finds things out. Use your tools, then answer in a few words."


class Who(Enum):
    """Whose part of a conversation something is."""

    USER = "user"
    AGENT = "agent"
    """A text of the model's."""
    CALL = "call"
    """A tool call of the model's, with its arguments."""
    RESULT = "result"
    """What a tool gave."""


class Heard(NamedTuple):
    """What an SDK tells its model. ``instructions``: the system's part; ``said``: the conversation,
    **the newest first**, read only as far as need be, so an iterator does; ``tools``: the names of
    those that are offered."""

    instructions: str
    said: Iterable[tuple[Who, str]]
    tools: Sequence[str] = ()


class Told(NamedTuple):
    """What the model was told in one request: the system's part, and the rest as it reads it."""

    instructions: str
    request: Request


@dataclass(eq=False, kw_only=True)
class AgentWorld(World):
    """A world in which errands are run, all by one ``plan``. ``hears_all``: whether the model reads
    all of a conversation, and not only what is new since its last turn. ``told``: its requests.
    ``model_url``: where the model is to be asked over HTTP, in OpenAI's protocol, by what the SDK
    has for that; empty: at the SDK's own interface for models, by ``answer`` and ``stream``."""

    plan: Plan
    hears_all: bool = False
    model_url: str = ""
    toolbox: Toolbox = field(default_factory=Toolbox)
    told: list[Told] = field(default_factory=list)

    def spec(self, name: str = NAME) -> AgentSpec:
        """An agent that the plan can be run with."""
        tools = tuple(self.toolbox.tools[tool] for tool in self.plan.tools)
        return AgentSpec(name, INSTRUCTIONS, tools, Findings if self.plan.items else None)

    async def answer(self, heard: Heard) -> Reply:
        """What the model says: a text, or tool calls whose arguments are ``{"key": ...}``. Where an
        output is wanted its text is JSON. Raises what the model raises."""
        return await self.model.call(self._request(heard))

    def stream(self, heard: Heard) -> AsyncIterator[str]:
        """The same for an answer in words, word by word; the second and later ones begin with a
        space."""
        return self.model.stream(self._request(heard))

    def clear(self) -> None:
        """See ``World``."""
        super().clear()
        self.toolbox.log.clear()
        self.told.clear()

    def _request(self, heard: Heard) -> Request:
        self.toolbox.now = get_running_loop().time
        newest_first: list[str] = []
        mark = ""
        for who, text in heard.said:
            newest_first.append(text)
            if not mark and (found := KEY.search(text)):
                mark = found[1]
            if not self.hears_all and who in _TURN_BEGINS:
                break
        head = [heard.instructions] if self.hears_all else []
        prompt = "\n".join([*head, *reversed(newest_first)])
        request = Request(ROLE, "", mark, prompt, tuple(heard.tools))
        self.told.append(Told(heard.instructions, request))
        return request


_TURN_BEGINS = (Who.USER, Who.CALL)
"""What comes before all results of the newest turn. Of several calls the last one comes first, and
says how many there were so far."""
