"""Negotiation: what a driver gives that connects an SDK which negotiates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from mocks.worlds.negotiation.people import Demand
from mocks.worlds.negotiation.world import NegotiationWorld
from targets.protocol import Capability


@dataclass(frozen=True, slots=True)
class Negotiated:
    """How a negotiation ended.

    ``offers``: text by agent id, of the agents whose offer counts; ``participants``: the ids of
    all agents that were matched; ``native``: the SDK's own result, which a user would keep.
    """

    plan: str
    offers: Mapping[str, str]
    participants: Sequence[str]
    native: object


class Negotiator(Protocol):
    """One engine of the SDK, connected to a world; serves any number of negotiations at once."""

    async def negotiate(self, demand: Demand) -> Negotiated:
        """Run one negotiation, confirming its formulation at once. Raises what the SDK raises."""

    async def close(self) -> None:
        """Give back whatever the engine holds."""


Shortcomings = Callable[[Negotiated], Sequence[str]]
"""What a result itself, or one of its events, says is missing or makeshift, in a way that a program
can read (a log record, or prose in a plan, does not count): words of
``mocks.worlds.negotiation.faults.Part``, and agents' ids. A participant without an offer need not
be listed."""


@dataclass(frozen=True, kw_only=True)
class Negotiation(Capability[NegotiationWorld, Negotiator]):
    """What a driver offers: ``open`` builds an engine. ``shortcomings``: ``None`` says that results
    say nothing of the kind."""

    name: ClassVar[str] = "negotiation"
    shortcomings: Shortcomings | None = None

    def problem(self) -> str | None:
        """See ``Capability``."""
        if self.shortcomings is not None and not callable(self.shortcomings):
            return "shortcomings must be a function that takes a result"
        return super().problem()
