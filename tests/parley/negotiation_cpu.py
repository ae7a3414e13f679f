"""CPU seconds of warm negotiations in this process: ``SCENARIO RUNS``, one JSON array.

What ``baseline.Negotiation.time_cpu`` times: a negotiation of 5 agents, the cyclic collector on.
"""

import json
import sys

from benchmarks.baseline import AGENTS
from benchmarks.core.harness import warm_harness
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
