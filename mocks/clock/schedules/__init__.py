"""Other orders of what is due at the same instant: chosen by a seed, replayed, shrunk.

    def measure(trial):
        with VirtualClock(trial=trial) as clock:
            return clock.run(program())

    explored = explore(measure, range(1, 51))
    for seed in explored.differing():
        race = shrink(measure, seed, lambda seen: seen != explored.canonical)

Such a clock runs on a `ScheduledLoop`. What a schedule may choose, and why no more, is said there.
"""

from mocks.clock.schedules.choices import ON_TIME, Canonical, Chosen, Late, Schedule, Seeded
from mocks.clock.schedules.events import actor, event_at, own_clock
from mocks.clock.schedules.explore import BUDGET, Exploration, Measure, Race, explore, shrink
from mocks.clock.schedules.loop import ScheduledLoop
from mocks.clock.schedules.overtaking import Overtaking, Party
from mocks.clock.schedules.trial import Trial, Witnessed

__all__ = [
    "BUDGET",
    "ON_TIME",
    "Canonical",
    "Chosen",
    "Exploration",
    "Late",
    "Measure",
    "Overtaking",
    "Party",
    "Race",
    "Schedule",
    "ScheduledLoop",
    "Seeded",
    "Trial",
    "Witnessed",
    "actor",
    "event_at",
    "explore",
    "own_clock",
    "shrink",
]
