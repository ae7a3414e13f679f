"""One echo: how long it takes, what it does, what it costs. 10 words, 1 s a model call."""

from __future__ import annotations

import time

from benchmarks.core.harness import warm_harness
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.echo.workload import WORDS, Echoes, EchoHarness
from benchmarks.questions import memory, work
from targets.protocols.echo import Echoed


@presented(holds={"words": WORDS, "latency_s": 1.0}, demo=("track_makespan", "track_model_calls"))
class Run:
    """A whole echo."""

    timer = staticmethod(time.process_time)
    warmup_time = 0.02
    harness: EchoHarness
    timed: list[Echoed] | None = None

    def setup(self) -> None:
        self.harness = warm_harness(Echoes)
        self.harness.prepare()

    def teardown(self) -> None:
        if self.timed is not None:
            self.harness.check(self.timed)

    track_makespan = portal_row(
        work.makespan, rank=100, label="Time of an echo", work="10 words", unit="seconds"
    )
    track_model_calls = work.model_calls
    track_peak_in_flight = work.peak_in_flight
    track_events = work.events
    track_bytecodes = work.bytecodes
    track_sdk_bytecodes = headline(work.sdk_bytecodes, of="an echo", label="SDK bytecodes", rank=90)
    track_function_calls = work.function_calls
    time_cpu = work.cpu
    track_retained_bytes = memory.retained_bytes
    track_traced_peak = memory.traced_peak
    peakrss_run = memory.resident_peak
