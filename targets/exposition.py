"""What an SDK tells of itself in Prometheus' text format: an optional part of a driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exposition:
    """``read``: gives the SDK's text as it is now; ``totals``: the metrics that count, by what they
    count in the words of the capability, such as ``turns``: names as their samples have them."""

    read: Callable[[], str]
    totals: Mapping[str, str]
