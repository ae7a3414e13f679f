"""Agents: what a driver gives that connects an SDK whose agents have instructions, tools, a model.

The driver says how an agent is made, how it is run, and what a run ends with; all else, the model
included, is the world's. Where it lets the SDK ask ``world.answer`` is the boundary that the
figures are of: the SDK's own interface for models.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from mocks.worlds.agent.specs import AgentSpec, Findings
from mocks.worlds.agent.world import AgentWorld
from targets.protocol import Capability


@dataclass(frozen=True, slots=True)
class Ended:
    """What a run ends with. ``text``: the answer, empty where there is an output; ``output``: what
    the SDK made of the model's answer where its agent has an output; ``native``: its own result,
    which a user would keep."""

    text: str
    output: Findings | None
    native: object


class AgentSdk(Protocol):
    """An SDK, connected to a world. What it takes for an agent is its own affair."""

    def make(self, spec: AgentSpec) -> Any:
        """A new agent, as a user makes one."""

    async def run(self, agent: Any, asked: str) -> Ended:
        """Have an agent do what is asked; any number of times at once. Raises what the SDK
        raises."""

    def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        """The same, the text of the answer as it comes, in pieces. ``Unavailable`` where the SDK
        streams nothing."""

    async def close(self) -> None:
        """Give back whatever is held."""


@dataclass(frozen=True, kw_only=True)
class Agent(Capability[AgentWorld, AgentSdk]):
    """What a driver offers: ``open`` connects the SDK to a world."""

    name: ClassVar[str] = "agent"
