"""How an echo grows with the length of its phrase."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.harness import cold_harness
from benchmarks.core.presentation import presented
from benchmarks.echo.workload import Echoes, EchoHarness
from benchmarks.questions import scaling
from targets.protocols.echo import Echoed

SIZES = (10, 100, 1000)

Cache = Mapping[int, Attempt[scaling.SizeFigures]]


def measure(words: int) -> scaling.SizeFigures:
    """All figures of one echo."""
    return scaling.measure(Echoes(words))


def setup_cache() -> Cache:
    """The figures of every size, measured once for all series of this module."""
    return {words: attempt(partial(measure, words)) for words in SIZES}


@presented(holds={"latency_s": 1.0}, roles={"words": "size"})
class Words:
    """An echo of so many words, 1 s a model call."""

    params = SIZES
    param_names = ("words",)
    timer = staticmethod(time.process_time)
    warmup_time = 0.02
    harness: EchoHarness
    timed: list[Echoed] | None = None

    def setup(self, cache: Cache, words: int) -> None:
        self.figures = value_of(cache[words])
        self.harness = cold_harness(Echoes, words)  # asv's warm-up runs warm it
        self.harness.prepare()

    def teardown(self, cache: Cache, words: int) -> None:
        if self.timed is not None:
            self.harness.check(self.timed)

    track_makespan = scaling.makespan
    track_sdk_bytecodes = scaling.sdk_bytecodes
    track_traced_peak = scaling.traced_peak
    track_retained_bytes = scaling.retained_bytes
    time_cpu = scaling.cpu


class Growth:
    """How a quantity grows with the number of words: value ~ words ** exponent."""

    params = scaling.QUANTITIES
    param_names = ("quantity",)

    def setup(self, cache: Cache, quantity: str) -> None:
        self.growth = scaling.fit(cache, quantity)

    track_exponent = scaling.exponent
    track_largest_local_exponent = scaling.largest_local_exponent
    track_fit_error = scaling.fit_error
