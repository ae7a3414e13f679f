"""One try of a program under one schedule."""

from __future__ import annotations

from itertools import chain

from mocks.clock.schedules.choices import Late, Schedule
from mocks.clock.schedules.loop import ScheduledLoop
from mocks.clock.schedules.overtaking import Overtaking


class Trial:
    """One try of a program, on as many loops as it needs: ``VirtualClock(trial=...)``.

    ``chosen``: the events that came late so far, by number. ``asked``: events that the schedule was
    asked about. ``any_timers``, ``is_watched``: see ``ScheduledLoop``.
    """

    def __init__(
        self, schedule: Schedule, *, any_timers: bool = False, is_watched: bool = False
    ) -> None:
        self.chosen: dict[int, Late] = {}
        self.asked = 0
        self._schedule = schedule
        self._any_timers = any_timers
        self._is_watched = is_watched
        self._loops: list[ScheduledLoop] = []

    def loop(self, *, thread_patience: float = 10.0) -> ScheduledLoop:
        """A new loop under the schedule."""
        made = ScheduledLoop(
            self.late,
            any_timers=self._any_timers,
            is_watched=self._is_watched,
            thread_patience=thread_patience,
        )
        self._loops.append(made)
        return made

    def late(self, followers: int, actor: str) -> Late:
        """How late the next event comes. See ``Schedule``."""
        number = self.asked
        self.asked += 1
        late = self._schedule.late(number, followers, actor)
        if late:
            self.chosen[number] = late
        return late

    @property
    def overtakings(self) -> list[Overtaking]:
        """Who overtook whom, loop by loop; empty unless the trial is watched."""
        return list(chain.from_iterable(loop.overtakings for loop in self._loops))
