"""What a driver offers: a ``Target`` with one or more capabilities.

A driver is one file, ``targets/NAME/driver.py``, with a top-level ``TARGET``. It uses its SDK's
public API only, works over that SDK's whole history, never measures, and imports its SDK inside
functions, so that it can be loaded at a commit where the SDK cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from targets.protocols.negotiation import OpenNegotiator, Shortcomings


class Unavailable(NotImplementedError):
    """The SDK does not have this at this commit. Recorded as n/a, with the message as reason."""


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
