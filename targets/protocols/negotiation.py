"""Negotiation: what a driver gives that connects an SDK which negotiates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mocks.world import World
from mocks.worlds.negotiation.people import Demand


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


OpenNegotiator = Callable[[World], Negotiator]
"""Builds an engine. Raises ``Unavailable`` where the SDK has none, ``ImportError`` and the like
where the SDK is broken."""

Shortcomings = Callable[[Negotiated], Sequence[str]]
"""What a result itself, or one of its events, says is missing or makeshift, in a way that a program
can read (a log record, or prose in a plan, does not count): words of ``mocks.faults.Part``, and
agents' ids. A participant without an offer need not be listed."""
