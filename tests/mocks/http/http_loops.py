"""A loop in real time with the machine's own network, and a virtual one with one in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from mocks.clock import VirtualClock
from mocks.net import Network

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def run_virtually(scenario: Coroutine[Any, Any, Any]) -> Any:
    """Its result."""
    with VirtualClock() as clock, Network(clock.loop):
        return clock.run(scenario)


LOOPS: dict[str, Run] = {"real": asyncio.run, "virtual": run_virtually}
"""What runs a coroutine to its end."""
