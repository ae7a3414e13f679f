"""One negotiation: how long it takes, what it does, what it costs.

5 agents, a model that takes 1 s a call, on the virtual clock.
"""

from __future__ import annotations

import time

from benchmarks.core.harness import warm_harness
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.negotiation.phases import PHASES, Phase, phase_bytecodes, phase_seconds
from benchmarks.negotiation.workload import LATENCY_S, NegotiationHarness, Negotiations
from benchmarks.questions import memory, work
from mocks.worlds.negotiation.script import Scenario
from targets.protocols.negotiation import Negotiated

AGENTS = 5
PLAIN = {"scenario": Scenario.PLAN.value}
WORK = "a plain negotiation"


@presented(
    holds={"agents": AGENTS, "latency_s": LATENCY_S},
    demo=(
        "track_makespan",
        "track_sdk_bytecodes",
        "time_cpu",  # C code may do work that no count sees
    ),
)
class Run:
    """A whole negotiation, by what the center does before it plans."""

    params = tuple(scenario.value for scenario in Scenario)
    param_names = ("scenario",)
    timer = staticmethod(time.process_time)
    warmup_time = 0.02
    harness: NegotiationHarness
    timed: list[Negotiated] | None = None

    def setup(self, scenario: str) -> None:
        self.harness = warm_harness(Negotiations, AGENTS, Scenario(scenario))
        self.harness.prepare()

    def teardown(self, scenario: str) -> None:
        if self.timed is not None:
            self.harness.check(self.timed)

    track_makespan = work.makespan
    track_model_calls = work.model_calls
    track_peak_in_flight = work.peak_in_flight
    track_events = work.events
    track_bytecodes = portal_row(
        work.bytecodes,
        rank=20,
        label="Bytecodes per negotiation",
        work="the same: SDK, libraries, asyncio and harness",
        unit="bytecodes",
        cell=PLAIN,
        needs_same="python",
    )
    track_sdk_bytecodes = headline(
        portal_row(
            work.sdk_bytecodes,
            rank=30,
            label="Bytecodes of its own code",
            work="the same: only the target's own files",
            unit="bytecodes",
            cell=PLAIN,
            needs_same="python",
        ),
        of=WORK,
        label="bytecodes of the SDK",
        rank=1,
        cell=PLAIN,
    )
    track_function_calls = work.function_calls
    time_cpu = portal_row(
        work.cpu,
        rank=10,
        label="CPU per negotiation",
        work="a plain negotiation of 5 agents",
        unit="seconds",
        cell=PLAIN,
        needs_same="machine",
    )
    track_retained_bytes = headline(
        memory.retained_bytes, of=WORK, label="bytes kept", rank=2, cell=PLAIN
    )
    track_traced_peak = headline(
        memory.traced_peak, of=WORK, label="bytes at the peak", rank=3, cell=PLAIN
    )
    peakrss_run = memory.resident_peak


@presented(holds={"agents": AGENTS, "latency_s": LATENCY_S})
class Phases:
    """Where a plain negotiation's time and work go."""

    params = tuple(PHASES)
    param_names = ("phase",)
    harness: NegotiationHarness

    def setup(self, phase: Phase) -> None:
        self.harness = warm_harness(Negotiations, AGENTS)

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, phase: Phase) -> float:
        """Virtual seconds of the phase."""
        return phase_seconds(self.harness)[phase]

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_bytecodes(self, phase: Phase) -> int:
        """Bytecodes executed in the phase: SDK, asyncio, mocks and driver."""
        return phase_bytecodes(self.harness)[phase]
