"""CPU seconds of warm negotiations in this process: ``SCENARIO RUNS``, one JSON array.

What ``negotiation.baseline.Run.time_cpu`` times: 5 agents, the cyclic collector on.
"""

import json
import sys

from benchmarks.core.harness import warm_harness
from benchmarks.negotiation.baseline import AGENTS
from benchmarks.negotiation.workload import NegotiationHarness, Negotiations
from meters.cpu import cpu_seconds
from mocks.worlds.negotiation.script import Scenario

WARM_UPS = 20


def main() -> None:
    """Run, check, print."""
    scenario, runs = Scenario(sys.argv[1]), int(sys.argv[2])
    harness = warm_harness(Negotiations, AGENTS, scenario)
    for _ in range(WARM_UPS):
        _seconds(harness)
    print(json.dumps([_seconds(harness) for _ in range(runs)]))


def _seconds(harness: NegotiationHarness) -> float:
    harness.prepare()
    timed = cpu_seconds(harness.run)
    harness.require(timed.result)
    return timed.seconds


if __name__ == "__main__":
    main()
