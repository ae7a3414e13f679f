"""One negotiation: how long it takes, what it does, what it costs.

5 agents, a model that takes 1 s a call, on the virtual clock.
"""

from __future__ import annotations

import gc
import time

from benchmarks._phases import PHASES, Phase, phase_bytecodes, phase_seconds
from benchmarks._rig import Rig, warm_rig
from benchmarks._series import ADDRESS_TOLERANCE, runs, series
from benchmarks._subject import own_files
from meters import bytecodes, calls, spans
from mocks.worlds.negotiation.script import Scenario
from mocks.worlds.negotiation.stages import spans as placed
from targets.protocols.negotiation import Negotiated

AGENTS = 5


class Negotiation:
    """A whole negotiation, by what the center does before it plans."""

    params = tuple(scenario.value for scenario in Scenario)
    param_names = ("scenario",)
    timer = staticmethod(time.process_time)
    warmup_time = 0.02
    rig: Rig
    timed: list[Negotiated] | None = None

    def setup(self, scenario: str) -> None:
        self.rig = warm_rig(AGENTS, Scenario(scenario))
        self.rig.prepare()

    def teardown(self, scenario: str) -> None:
        if self.timed is not None:
            self.rig.check(self.timed)

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_makespan(self, scenario: str) -> float:
        """From the start to the plan, in virtual seconds."""
        return self.rig.makespan()

    @series(version="1", kind="exact", unit="calls", group="calls")
    def track_model_calls(self, scenario: str) -> int:
        """Model calls made."""
        self.rig.checked()
        return len(self.rig.world.model.calls)

    @series(version="1", kind="exact", unit="calls", group="calls", direction="higher")
    def track_peak_in_flight(self, scenario: str) -> int:
        """Most model calls served at the same time."""
        self.rig.checked()
        return spans.peak_in_flight(placed(self.rig.world.model.calls))

    @series(version="1", kind="exact", unit="events", group="calls")
    def track_events(self, scenario: str) -> int:
        """Events the SDK announced."""
        self.rig.checked()
        return len(self.rig.world.events)

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_bytecodes(self, scenario: str) -> int:
        """Bytecodes executed: SDK, asyncio, mocks and driver."""
        counted = self.rig.measure(bytecodes.count)
        self.rig.check(counted.result)
        return counted.total

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, scenario: str) -> int:
        """Bytecodes executed in the SDK's own files."""
        counted = self.rig.measure(lambda run: bytecodes.count(run, inside=own_files()))
        self.rig.check(counted.result)
        return counted.inside

    @series(version="1", kind="exact", unit="calls", group="work")
    def track_function_calls(self, scenario: str) -> int:
        """Python and C functions called (a resumed coroutine counts as a call)."""
        counted = self.rig.measure(calls.count)
        self.rig.check(counted.result)
        return counted.total

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=(10, 40, 0.2), rounds=2)
    def time_cpu(self, scenario: str) -> None:
        """CPU time, the cyclic collector's included."""
        gc.enable()  # asv's timer turned it off; an SDK's cycles are its cost
        self.timed = self.rig.run()

    @series(version="2", kind="exact", unit="bytes", group="memory")
    def track_retained_bytes(self, scenario: str) -> int:
        """Bytes still held when the negotiation is over and its result is kept."""
        traced = self.rig.traced(release=True)
        self.rig.check_results(traced.result)
        return traced.retained

    @series(
        version="2",
        kind="exact",
        unit="bytes",
        group="memory",
        tolerance=ADDRESS_TOLERANCE,
    )
    def track_traced_peak(self, scenario: str) -> int:
        """Highest number of bytes held during the negotiation."""
        traced = self.rig.traced()
        self.rig.check(traced.result)
        return traced.peak

    @series(version="1", kind="sampled", unit="bytes", group="memory")
    @runs(repeat=1, rounds=3)
    def peakrss_negotiation(self, scenario: str) -> None:
        """Resident memory that 20 negotiations at once add at their peak.

        One sample a process: a second run would live in the pages that the first one left.
        """
        self.rig.check(self.rig.negotiate(20))


class Phases:
    """Where a plain negotiation's time and work go."""

    params = tuple(PHASES)
    param_names = ("phase",)
    rig: Rig

    def setup(self, phase: Phase) -> None:
        self.rig = warm_rig(AGENTS)

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, phase: Phase) -> float:
        """Virtual seconds of the phase."""
        return phase_seconds(self.rig)[phase]

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_bytecodes(self, phase: Phase) -> int:
        """Bytecodes executed in the phase: SDK, asyncio, mocks and driver."""
        return phase_bytecodes(self.rig)[phase]
