"""What the benchmarks hold fixed, which no result says: agents, latency, counts.

A test compares it with the benchmarks.
"""

from __future__ import annotations

from unladen.report.figures import Fact


def setting(number: float, one: str = "", many: str = "") -> Fact:
    """A fixed number of a benchmark, with what it counts."""
    noun = one if number == 1 else many or one
    return Fact(f"{number:,g} {noun}".rstrip())


BASELINE_AGENTS = 5
CONCURRENCY_AGENTS = 5
LATENCY_AGENTS = 50
LIMITS_AGENTS = 10
WORK_AGENTS = 50
MODEL_SECONDS = 1
LIMITED_SECONDS = 1.1
"""A call where calls queue for a provider, in ``limits``; ``latency`` is read at it."""

GOAL_AGENTS = 1000
GOAL_MESSAGES = 100
"""The scale that the report measures a target against: agents, and messages a second."""
LEVEL_SECONDS = 10
"""Of ``negotiation.limits.Capacity``: within which p95 of the negotiations must end."""
LEAK_NEGOTIATIONS = 200
