"""CPU seconds of warm negotiations in this process: ``SCENARIO RUNS``, one JSON array.

What ``baseline.Negotiation.time_cpu`` times: a negotiation of 5 agents, the cyclic collector on.
"""

import json
import sys

from benchmarks._rig import Rig, warm_rig
from benchmarks.baseline import AGENTS
from meters.cpu import cpu_seconds
from mocks.worlds.negotiation.script import Scenario

WARM_UPS = 20


def main() -> None:
    """Run, check, print."""
    scenario, runs = Scenario(sys.argv[1]), int(sys.argv[2])
    rig = warm_rig(AGENTS, scenario)
    for _ in range(WARM_UPS):
        _seconds(rig)
    print(json.dumps([_seconds(rig) for _ in range(runs)]))


def _seconds(rig: Rig) -> float:
    rig.prepare()
    timed = cpu_seconds(rig.run)
    rig.require(timed.result)
    return timed.seconds


if __name__ == "__main__":
    main()
