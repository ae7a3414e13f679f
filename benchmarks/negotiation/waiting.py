"""Negotiations that wait for their users, all at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import cast

from benchmarks.core.harness import Harness
from benchmarks.negotiation.workload import NegotiationHarness, Negotiations
from meters import memory
from mocks.world import Codec, F
from mocks.worlds.negotiation.places import Place
from targets.protocol import Unavailable
from targets.protocols.negotiation import Negotiated

AGENTS = 3
NEGOTIATIONS = 20

PATIENCE_S = 60.0
"""Virtual seconds after which an SDK that has not asked all users will ask none. Shorter than any
time-out of a confirmation, longer than a formulation and its retries."""

SETTLE_S = 1e-6
"""Virtual seconds after the last confirmation that is held: by then its negotiation waits."""


def bytes_of_waiting() -> int:
    """Bytes that a negotiation holds while it waits for its user, to the nearest whole one.

    The mean of 20 that wait at once; the harness's own share is its task, its driver's coroutine
    and its confirmation. Afterwards all are confirmed and have to end rightly. Raises
    ``Unavailable`` if the SDK does not ask, or does not let all wait at once.
    """
    users = SlowUsers()
    with Harness(Negotiations(AGENTS, trouble=users)) as harness:

        def warm_up() -> list[Negotiated]:
            harness.prepare(NEGOTIATIONS)
            results = _Waiting(harness, users).confirm()
            harness.check(results)
            harness.prepare(NEGOTIATIONS)
            return results

        traced = memory.traced(lambda: _Waiting(harness, users), harness.forget, warm_up)
        harness.check_results(traced.result.confirm())
    return round(traced.retained / NEGOTIATIONS)


class SlowUsers:
    """A world's trouble: users confirm when ``confirmations`` are called, and not before."""

    def __init__(self) -> None:
        self.confirmations: list[Callable[[], object]] = []

    def has(self, place: str) -> bool:
        """Only confirmations are late."""
        return place is Place.CONFIRMATION

    def at(self, place: str, function: F) -> F:
        """Puts a confirmation aside."""
        if place is not Place.CONFIRMATION:
            return function

        def put_aside(*arguments: object) -> None:
            self.confirmations.append(partial(function, *arguments))

        return cast(F, put_aside)

    def between(self, ask: F, codec: Codec) -> F:
        """The model's replies are as they are."""
        return ask


class _Waiting:
    """The harness's prepared negotiations, each waiting for its user."""

    def __init__(self, harness: NegotiationHarness, users: SlowUsers) -> None:
        self._loop = harness.clock.loop
        self._confirmations = users.confirmations = []
        # Not through the harness's clock, which would end them with the run.
        self._tasks = self._loop.run_until_complete(self._start(harness))

    def confirm(self) -> list[Negotiated]:
        """Let all users confirm; the results."""
        for confirmation in self._confirmations:
            self._loop.call_soon(confirmation)
        return self._loop.run_until_complete(_all(self._tasks))

    async def _start(self, harness: NegotiationHarness) -> list[asyncio.Task[Negotiated]]:
        negotiations = map(harness.engine.run, harness.inputs)
        tasks = [asyncio.ensure_future(negotiation) for negotiation in negotiations]
        end = self._loop.time() + PATIENCE_S
        while len(self._confirmations) < len(tasks):
            if self._loop.time() > end:
                asked = f"{len(self._confirmations)} of {len(tasks)}"
                raise Unavailable(f"{asked} negotiations ask their users to confirm at once")
            await asyncio.sleep(1.0)
        await asyncio.sleep(SETTLE_S)
        return tasks


async def _all(tasks: list[asyncio.Task[Negotiated]]) -> list[Negotiated]:
    return list(await asyncio.gather(*tasks))
