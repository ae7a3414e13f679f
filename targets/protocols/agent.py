"""Agents: what a driver gives that connects an SDK whose agents have instructions, tools, a model.

The driver says how an agent is made, how it is run, and what a run ends with; all else, the model
included, is the world's. Where it lets the SDK ask ``world.answer`` is the boundary that the
figures are of: the SDK's own interface for models.

What only some of these SDKs have is asked besides, each in a protocol of its own; a driver that has
it gives it in a module beside it (``targets.loading.part``).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeAlias

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


class Failed(Ended):
    """One whose result says, in a way that a program can read, that the run failed; ``text``: what
    it says of it. For an SDK that raises nothing."""


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


class Keeping(StrEnum):
    """Where what was said in a conversation is kept until the next turn."""

    HANDED = "handed on"
    """By whoever asks, who hands it on with what is asked next, as the SDK documents it."""
    MEMORY = "memory"
    """By the SDK, in memory."""
    SQLITE = "sqlite"
    """By the SDK, in a database of SQLite on disk."""


class Dialogue(Protocol):
    """A conversation with an agent that knows what was said before."""

    async def say(self, asked: str) -> Ended:
        """One more turn. Raises what the SDK raises."""

    async def end(self) -> None:
        """Give back what it holds. What is kept on disk stays there."""


class StoresSdk(Protocol):
    """An SDK, connected to a world, that keeps conversations."""

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        """A conversation of this name with a new agent, kept so, in that folder if on disk: where
        it has been begun and ended before, the same one goes on. ``Unavailable`` where the SDK
        ships no such store, or one that needs a server."""

    async def close(self) -> None:
        """Give back whatever is held."""


@dataclass(frozen=True, kw_only=True)
class Stores(Capability[AgentWorld, StoresSdk]):
    """What a driver offers of conversations: ``open`` connects the SDK to a world."""

    name: ClassVar[str] = "agent.stores"


class TeamsSdk(Protocol):
    """An SDK, connected to a world, whose agents call one another."""

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        """The first of these agents, which can hand over to the second, that to the third, and so
        on: who is handed over to goes on with the conversation, and answers. What hands over is
        called like the agent that it hands over to. ``Unavailable`` where the SDK has nothing for
        that."""

    def asking(self, spec: AgentSpec, others: Sequence[AgentSpec]) -> Any:
        """An agent that has others for tools, called like these: each is asked the ``key`` that its
        call has, and what it answers is what the tool gives. ``Unavailable`` where the SDK has
        nothing for that, and documents nothing."""

    async def run(self, agent: Any, asked: str) -> Ended:
        """See ``AgentSdk``."""

    async def close(self) -> None:
        """Give back whatever is held."""


@dataclass(frozen=True, kw_only=True)
class Teams(Capability[AgentWorld, TeamsSdk]):
    """What a driver offers of agents that call one another."""

    name: ClassVar[str] = "agent.teams"


class TracingSdk(Protocol):
    """An SDK, connected to a world, that traces what its agents do."""

    def make(self, spec: AgentSpec, ended: Callable[[str], None] | None) -> Any:
        """A new agent whose runs are traced by the SDK's own means, given to an exporter that calls
        ``ended`` with the kind of each span, when it has ended or later; ``None``: tracing is off,
        as a user turns it off. ``Unavailable`` where the SDK traces nothing."""

    async def run(self, agent: Any, asked: str) -> Ended:
        """See ``AgentSdk``."""

    async def close(self) -> None:
        """Give back whatever is held."""


@dataclass(frozen=True, kw_only=True)
class Tracing(Capability[AgentWorld, TracingSdk]):
    """What a driver offers of traces."""

    name: ClassVar[str] = "agent.tracing"


class TimeoutsSdk(Protocol):
    """An SDK, connected to a world, that limits the time of what its agents do."""

    def make(self, spec: AgentSpec, tool_s: float | None, model_s: float | None) -> Any:
        """A new agent of which a tool call, or a call to the model, may take so many seconds: by
        the SDK's own means, which are told no more than that. ``Unavailable`` where it has no limit
        for it."""

    async def run(self, agent: Any, asked: str) -> Ended:
        """See ``AgentSdk``."""

    async def close(self) -> None:
        """Give back whatever is held."""


@dataclass(frozen=True, kw_only=True)
class Timeouts(Capability[AgentWorld, TimeoutsSdk]):
    """What a driver offers of time-outs."""

    name: ClassVar[str] = "agent.timeouts"


class ApprovalSdk(Protocol):
    """An SDK, connected to a world, whose agents ask before they call tools."""

    def make(self, spec: AgentSpec) -> Any:
        """A new agent that calls no tool before somebody has approved the call."""

    async def start(self, agent: Any, asked: str) -> Any:
        """Have it do what is asked, up to where calls wait to be approved: what a user keeps until
        then."""

    async def resume(self, agent: Any, paused: Any) -> Ended:
        """Approve all calls that wait, and go on to the end."""

    async def close(self) -> None:
        """Give back whatever is held."""


@dataclass(frozen=True, kw_only=True)
class Approval(Capability[AgentWorld, ApprovalSdk]):
    """What a driver offers of runs that are interrupted for an approval, and resumed."""

    name: ClassVar[str] = "agent.approval"


Passes: TypeAlias = Callable[[str], Awaitable[bool]]
"""Says whether a text may pass."""


class Stopped(Ended):
    """One that a guardrail ended, with an error or without; ``text``: what is said of it."""


class GuardrailsSdk(Protocol):
    """An SDK, connected to a world, whose agents have guardrails."""

    def make(self, spec: AgentSpec, asked: Passes | None, answered: Passes | None) -> Any:
        """A new agent of which is checked what it is asked, or what it answers, by the SDK's own
        means for that, as its documentation uses them; ``None``: it is not. ``Unavailable`` where
        the SDK has nothing for it."""

    async def run(self, agent: Any, asked: str) -> Ended:
        """See ``AgentSdk``. ``Stopped`` where a guardrail ended it."""

    async def close(self) -> None:
        """Give back whatever is held."""


@dataclass(frozen=True, kw_only=True)
class Guardrails(Capability[AgentWorld, GuardrailsSdk]):
    """What a driver offers of guardrails."""

    name: ClassVar[str] = "agent.guardrails"
