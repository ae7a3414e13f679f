"""What a driver offers: a ``Target`` with one or more capabilities.

A driver is one file, ``targets/NAME/driver.py``, with a top-level ``TARGET``. It uses its SDK's
public API only, works over that SDK's whole history, never measures, and imports its SDK inside
functions, so that it can be loaded at a commit where the SDK cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mocks.people import Demand
from mocks.world import World


class Unavailable(NotImplementedError):
    """The SDK does not have this at this commit. Recorded as n/a, with the message as reason."""


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


@dataclass(frozen=True, kw_only=True)
class Target:
    """One subject under test.

    ``name``: the folder's. ``imports``: the modules a user imports to do the work; their import is
    what ``benchmarks.imports`` measures, and their top-level packages are "the SDK's own files".
    A capability is a field; ``None`` says the SDK does not have it, and its benchmarks are n/a.
    ``shortcomings``: ``None`` says that results say nothing of the kind.
    """

    name: str
    imports: Sequence[str]
    negotiation: OpenNegotiator | None = None
    shortcomings: Shortcomings | None = None
