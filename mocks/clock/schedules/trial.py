"""One try of a program under one schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from mocks.clock.schedules.choices import ON_TIME, Late, Schedule
from mocks.clock.schedules.loop import ScheduledLoop
from mocks.clock.schedules.overtaking import Overtaking


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What a forked process saw of a trial (``Trial.witnessed``): ``asked`` and ``chosen`` since
    the trial began, ``overtakings`` since the fork."""

    asked: int
    chosen: Mapping[int, Late]
    overtakings: Sequence[Overtaking]


class Trial:
    """One try of a program, on as many loops as it needs: ``VirtualClock(trial=...)``.

    ``chosen``: the events that came late so far, by number. ``asked``: events that the schedule was
    asked about. ``is_held``: while it is True nothing comes late, and the schedule is not asked, so
    that what only prepares takes none of a seed's choices. ``any_timers``, ``is_watched``: see
    ``ScheduledLoop``.

    What a program does in a forked process is part of the trial once this one has ``learned`` what
    that one ``witnessed``.
    """

    def __init__(
        self, schedule: Schedule, *, any_timers: bool = False, is_watched: bool = False
    ) -> None:
        self.chosen: dict[int, Late] = {}
        self.asked = 0
        self.is_held = False
        self._schedule = schedule
        self._any_timers = any_timers
        self._is_watched = is_watched
        self._loops: list[ScheduledLoop] = []
        self._elsewhere: list[Overtaking] = []

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
        if self.is_held:
            return ON_TIME
        number = self.asked
        self.asked += 1
        late = self._schedule.late(number, followers, actor)
        if late:
            self.chosen[number] = late
        return late

    @property
    def overtakings(self) -> list[Overtaking]:
        """Who overtook whom, loop by loop, those of other processes first; empty unless the trial
        is watched."""
        return [*self._elsewhere, *chain.from_iterable(loop.overtakings for loop in self._loops)]

    def forked(self) -> None:
        """Called in a process that was forked just now: what happened before, the other one knows
        by itself."""
        self._loops.clear()
        self._elsewhere.clear()

    def witnessed(self) -> Witnessed:
        """What this process saw since it was ``forked``; it can be pickled."""
        return Witnessed(self.asked, dict(self.chosen), self.overtakings)

    def learn(self, witnessed: Witnessed) -> None:
        """Take over what a process saw that was forked from this one."""
        self.asked = witnessed.asked
        self.chosen.update(witnessed.chosen)
        self._elsewhere += witnessed.overtakings
