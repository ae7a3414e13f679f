"""One call: how long it takes, what it does, what it costs, and what it reads beyond its target.

10 messages, the first after 1.1 s and each further one 0.23 s later; the 8th is the target.
"""

from __future__ import annotations

import math
import time

from benchmarks.calls.workload import (
    LATENCY_S,
    PAUSE_S,
    PLAIN,
    CallsHarness,
    Streams,
    delivery_of,
)
from benchmarks.core.harness import warm_harness
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.questions import memory, work
from targets.protocols.calls import Called

HELD = {"messages": PLAIN.messages, "target": 8, "latency_s": LATENCY_S, "pause_s": PAUSE_S}
A_CALL = "a call of 10 messages, the 8th is its target"


@presented(holds=HELD, demo=("track_makespan", "track_sdk_bytecodes"))
class Run:
    """A whole call."""

    timer = staticmethod(time.process_time)
    warmup_time = 0.02
    harness: CallsHarness
    timed: list[Called] | None = None

    def setup(self) -> None:
        self.harness = warm_harness(Streams)
        self.harness.prepare()

    def teardown(self) -> None:
        if self.timed is not None:
            self.harness.check(self.timed)

    track_makespan = portal_row(
        work.makespan, rank=510, label="Time of a call", work=A_CALL, unit="seconds"
    )

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds_after_target(self) -> float:
        """From the target's coming to the end of the call, in virtual seconds."""
        self.harness.checked()
        came = delivery_of(self.harness).target_at
        return math.nan if came is None else round(self.harness.clock.now - came, 9)

    @series(version="1", kind="exact", unit="messages", group="calls")
    def track_messages_after_target(self) -> int:
        """Messages that are still read once the target has come."""
        self.harness.checked()
        (ask,) = self.harness.inputs
        assert ask.target is not None
        return delivery_of(self.harness).count - ask.target.number

    track_bytecodes = work.bytecodes
    track_sdk_bytecodes = headline(
        portal_row(
            work.sdk_bytecodes,
            rank=520,
            label="Bytecodes of a call, its own code",
            work="the same: only the target's own files",
            unit="bytecodes",
            needs_same="python",
        ),
        of="a plain call",
        label="bytecodes of the SDK",
        rank=51,
    )
    track_function_calls = work.function_calls
    time_cpu = portal_row(
        work.cpu,
        rank=530,
        label="CPU of a call",
        work="the same",
        unit="seconds",
        needs_same="machine",
    )
    track_retained_bytes = headline(
        memory.retained_bytes, of="a plain call", label="bytes kept", rank=52
    )
    track_traced_peak = memory.traced_peak
