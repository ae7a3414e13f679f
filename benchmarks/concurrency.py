"""Many negotiations at once on one engine: do they overlap, do they disturb each other?"""

from __future__ import annotations

from benchmarks._outcome import crosstalk
from benchmarks._rig import Rig, warm_rig
from benchmarks._series import runs, series
from meters import cpu, spans
from meters.lag import LoopLag
from mocks.worlds.negotiation.stages import spans as placed

AGENTS = 5


class Parallel:
    """So many negotiations started at the same moment; 5 agents each, 1 s a model call."""

    params = (1, 2, 5, 10, 20, 50)
    param_names = ("negotiations",)
    rig: Rig

    def setup(self, negotiations: int) -> None:
        self.rig = warm_rig(AGENTS)

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_makespan(self, negotiations: int) -> float:
        """From the start of all to the end of the last, in virtual seconds."""
        return self.rig.makespan(negotiations)

    @series(version="1", kind="exact", unit="calls", group="calls", direction="higher")
    def track_peak_in_flight(self, negotiations: int) -> int:
        """Most model calls served at the same time."""
        self.rig.checked(negotiations)
        return spans.peak_in_flight(placed(self.rig.world.model.calls))

    @series(version="1", kind="exact", unit="foreign items", group="outcome")
    def track_crosstalk(self, negotiations: int) -> int:
        """Foreign demands, offers, events and participants found in the results. Must be 0."""
        results = self.rig.negotiate(negotiations)
        return crosstalk(self.rig.world, self.rig.demands, results)

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=4, rounds=2)
    def sample_cpu_per_negotiation(self, negotiations: int) -> float:
        """CPU seconds of the run, divided by the negotiations."""
        self.rig.prepare(negotiations)
        timed = cpu.cpu_seconds(self.rig.run)
        self.rig.check(timed.result)
        return timed.seconds / negotiations

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=4, rounds=2)
    def sample_loop_lag(self, negotiations: int) -> float:
        """Longest time the loop did not look for new work, in CPU seconds."""
        self.rig.prepare(negotiations)
        with LoopLag(self.rig.clock.loop) as lag:
            results = self.rig.run()
        self.rig.check(results)
        return lag.longest
