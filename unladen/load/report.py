"""A load as it is reported, made from its rows one by one."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from unladen.load.rows import LoadEnd, LoadLine, LoadPlan, RequestRow, UserCount
from unladen.load.tally import Tally

PERIOD_S = 5.0
"""Length of a period, and so the distance of two snapshots."""

MOST_PERIODS = 20_000
"""A load of more than a day is refused where it is asked for; what ends later is in the last."""


@dataclass(frozen=True)
class Period:
    """What ended in ``PERIOD_S`` seconds from ``begin``; ``users``: the most at once in it."""

    begin: float
    users: int
    tally: Tally


@dataclass(frozen=True)
class Recovery:
    """How long the trace of a peak is seen after it.

    A peak is over when users go and at most half of them stay on, not at the end of a load.
    ``peak_end``: when the number of users began to fall from its greatest for good; ``seconds``:
    from then to the end of the last period in which a request failed or the median latency was over
    twice that before the peak; infinite if that is still so at the end, 0 if it never was.
    """

    peak_end: float
    seconds: float


@dataclass(frozen=True)
class TriedLoad:
    """One number of users that was tried. ``is_accepted``: whether the criteria were met."""

    users: int
    requests: int
    failed: int
    p95: float | None
    is_accepted: bool


@dataclass(frozen=True)
class MeasuredCapacity:
    """Up to ``users`` at once all was well, with ``failing`` it was not, None if that was never
    so. ``tried``: the loads that were played to find it, by users; none if it is what one load
    shows, whose users came and went."""

    users: int
    failing: int | None
    tried: Sequence[TriedLoad] = ()


@dataclass(frozen=True)
class LoadReport:
    """All that is told of a load.

    ``seconds``: how long it lasted; ``is_whole``: whether it ended as planned; ``kinds``,
    ``users``: the same requests by kind and by user, in order; ``users_over_time``: each number
    with the time from which it holds; ``facts``: what the engine measured besides; ``searched``:
    the capacity, if it was looked for by more loads than this.
    """

    plan: LoadPlan
    seconds: float
    is_whole: bool
    total: Tally
    kinds: Mapping[str, Tally]
    users: Mapping[int, Tally]
    periods: Sequence[Period]
    users_over_time: Sequence[UserCount]
    facts: Mapping[str, float]
    searched: MeasuredCapacity | None = None

    @property
    def requests_per_s(self) -> float | None:
        """Requests that ended, over the time of the load."""
        return self.total.requests / self.seconds if self.seconds else None

    @property
    def most_users(self) -> int:
        """That were there at once."""
        return max((one.users for one in self.users_over_time), default=self.plan.users)

    @property
    def recovery_s(self) -> float | None:
        """What the engine says, which knows when the peak was to end, or else ``recovery``."""
        told = self.facts.get("recovery_s")
        found = self.recovery
        if told is not None:
            return told
        return None if found is None else found.seconds

    @property
    def recovery(self) -> Recovery | None:
        """After the peak; None if the load has none, or nothing before it to compare with."""
        return _recovery(self)


class Collector:
    """Makes a report of the lines of a load. ``plan`` is None before the first."""

    def __init__(self) -> None:
        """Nothing has happened."""
        self.plan: LoadPlan | None = None
        self.total = Tally()
        self._kinds: dict[str, Tally] = {}
        self._users: dict[int, Tally] = {}
        self._periods: dict[int, Tally] = {}
        self._users_over_time: list[UserCount] = []
        self._end: LoadEnd | None = None
        self.now = 0.0

    @property
    def users_now(self) -> int:
        """That are there at the last line."""
        return self._users_over_time[-1].users if self._users_over_time else 0

    def add(self, line: LoadLine) -> None:
        """One more line."""
        match line:
            case LoadPlan():
                self.plan = line
            case RequestRow():
                self._add_row(line)
            case UserCount():
                self.now = max(self.now, line.at)
                self._users_over_time.append(line)
            case LoadEnd():
                self._end = line
                self.now = max(self.now, line.seconds)

    def _add_row(self, row: RequestRow) -> None:
        self.now = max(self.now, row.ended)
        number = min(int(row.ended // PERIOD_S), MOST_PERIODS)
        for tally in (
            self.total,
            self._kinds.setdefault(row.kind, Tally()),
            self._users.setdefault(row.user, Tally()),
            self._periods.setdefault(number, Tally()),
        ):
            tally.add(row)

    def report(self) -> LoadReport:
        """Of the lines so far. Raises ``ValueError`` before the plan."""
        if self.plan is None:
            raise ValueError("a load has no report before its plan")
        return LoadReport(
            plan=self.plan,
            seconds=self.now,
            is_whole=self._end is not None,
            total=self.total,
            kinds={kind: self._kinds[kind] for kind in sorted(self._kinds)},
            users={user: self._users[user] for user in sorted(self._users)},
            periods=self._all_periods(),
            users_over_time=tuple(self._users_over_time),
            facts=dict(sorted(self._end.facts.items())) if self._end else {},
        )

    def _all_periods(self) -> list[Period]:
        """Those without a request too: a server that answers nothing is what one looks for."""
        length = min(math.ceil(self.now / PERIOD_S - 1e-9), MOST_PERIODS)
        last = max([length - 1, *self._periods])
        users = _most_users(self._users_over_time, last + 1)
        return [
            Period(number * PERIOD_S, users[number], self._periods.get(number) or Tally())
            for number in range(last + 1)
        ]


def _most_users(counts: Sequence[UserCount], periods: int) -> list[int]:
    """The most users at once in each period."""
    found = []
    left = deque(counts)
    users = 0
    for number in range(periods):
        while left and left[0].at <= number * PERIOD_S:
            users = left.popleft().users
        most = users
        while left and left[0].at < (number + 1) * PERIOD_S:
            users = left.popleft().users
            most = max(most, users)
        found.append(most)
    return found


def _recovery(report: LoadReport) -> Recovery | None:
    counts = report.users_over_time
    most = max((one.users for one in counts), default=0)
    falls = [b.at for a, b in pairwise(counts) if a.users == most > b.users]
    rises = [one.at for one in counts if one.users == most]
    if not falls or not _stays_calm(counts, falls[-1], most, report.seconds):
        return None  # the end of the load is no end of a peak
    peak_begin, peak_end = rises[0], falls[-1]
    before = [one for one in report.periods if one.begin + PERIOD_S <= peak_begin]
    calm = _median(before)
    after = [one for one in report.periods if one.begin + PERIOD_S > peak_end]
    if calm is None or not any(one.tally.requests for one in after):
        return None
    disturbed = [one for one in after if one.tally.failed or (_median([one]) or 0.0) > 2 * calm]
    last = max((one.begin for one in after if one.tally.requests), default=0.0)
    if disturbed and disturbed[-1].begin == last:
        return Recovery(peak_end, math.inf)
    seconds = disturbed[-1].begin + PERIOD_S - peak_end if disturbed else 0.0
    return Recovery(peak_end, max(seconds, 0.0))


_CALM = 0.15
"""Share of a load's time for which the number of users must hold after a peak."""


def _stays_calm(counts: Sequence[UserCount], after: float, most: int, seconds: float) -> bool:
    """Whether some users, at most half as many as in the peak, stay on for a while. At the end of a
    load they leave one after the other."""
    changes = [one for one in counts if one.at >= after]
    ends = [*(one.at for one in changes[1:]), seconds]
    held = 0.0
    users = 0
    for change, end in zip(changes, ends, strict=True):
        held = (held if change.users == users else 0.0) + end - change.at
        users = change.users
        if 0 < users <= most / 2 and held >= _CALM * seconds:
            return True
    return False


def _median(periods: Sequence[Period]) -> float | None:
    """The median latency of the right answers of some periods, by the periods' medians."""
    medians = sorted(
        found for one in periods if (found := one.tally.latency.quantile(0.5)) is not None
    )
    return medians[(len(medians) - 1) // 2] if medians else None
