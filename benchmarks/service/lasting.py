"""What the users of a load leave behind in the process, for each of their requests.

The users come and go in batches, and between two of them the service has its rest. All of it is
traced from before the first batch, which fills pools and caches, so that what a later batch merely
replaces does not count.
"""

from __future__ import annotations

import statistics
import tracemalloc
from functools import partial

from benchmarks.core.workload import WrongOutcome
from benchmarks.service.checks import reasons
from benchmarks.service.played import REST_S
from benchmarks.service.request import GRAIN_BYTES, PROVIDER, Asking
from benchmarks.service.running import Running
from benchmarks.service.visitors import play
from meters import memory
from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.profiles import Profile

BATCHES = 3
"""Batches that are measured, after another one; the median counts, for tables grow in steps."""


def kept_over(profile: Profile) -> int:
    """Bytes that a request leaves behind, to ``GRAIN_BYTES``. Each batch is the profile with a seed
    of its own. Raises ``WrongOutcome`` if a request goes wrong: its leftovers are another matter.
    """
    with Running(PROVIDER) as running, running.traced():
        asking = Asking(running, Kind.CHAT)

        def batch(seed: int) -> int:
            played = running.run(play(running, profile, seed))
            if said := reasons(played.rows):
                raise WrongOutcome(said)
            running.rest(REST_S)
            # Pools let go of connections that are too old when they are asked for one.
            asking.one()
            running.forget()
            running.rest(REST_S)
            return len(played.rows) + 1

        tracemalloc.start(1)
        try:
            batch(1)
            growths = []
            for seed in range(2, 2 + BATCHES):
                traced = memory.traced(partial(batch, seed))
                growths.append(traced.retained / traced.result)
        finally:
            tracemalloc.stop()
    return round(statistics.median(growths) / GRAIN_BYTES) * GRAIN_BYTES
