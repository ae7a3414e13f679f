"""How many users at once meet the criteria: loads of more and fewer users, until it is known."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from unladen.load.acceptance import Criterion, judge
from unladen.load.play import PlayedLoad
from unladen.load.report import LoadReport, MeasuredCapacity, TriedLoad
from unladen.results.bounds import Bound

NO_ERRORS = (Criterion("error_rate", Bound.AT_MOST, 0.0, name="No errors"),)
"""What must be met where nobody says anything else."""


@dataclass(frozen=True)
class FoundCapacity:
    """``played``: the load with the most users that met the criteria, or with the fewest that was
    tried if none did, with the capacity in its report; or one that broke off. ``rows``: the file
    with its lines."""

    played: PlayedLoad
    rows: Path


def boundary(is_accepted: Callable[[int], bool], most: int) -> None:
    """Try numbers from 1 to ``most``: doubling until one is not accepted, then halving the gap
    between the largest that is and the smallest that is not. Supposes that more users are never
    easier."""
    good, bad, number = 0, None, 1
    while bad is None or bad - good > 1:
        if is_accepted(number):
            good = number
        else:
            bad = number
        if bad is None:
            if good == most:
                break
            number = min(2 * good, most)
        else:
            number = (good + bad) // 2


def find_capacity(
    play_with: Callable[[int, Path], PlayedLoad],
    criteria: Sequence[Criterion],
    most: int,
    folder: Path,
    tell: Callable[[str], None],
) -> FoundCapacity:
    """Search. ``play_with``: plays a load of so many users and writes its lines into a file of
    ``folder``; ``tell``: a line for each load. A load that breaks off or is interrupted ends it."""
    return _Search(play_with, criteria, folder, tell).run(most)


class _BrokeOff(Exception):
    """A load did not come to its end."""


class _Search:
    def __init__(
        self,
        play_with: Callable[[int, Path], PlayedLoad],
        criteria: Sequence[Criterion],
        folder: Path,
        tell: Callable[[str], None],
    ) -> None:
        self._play_with = play_with
        self._criteria = criteria
        self._tell = tell
        self._best = folder / "rows.best.part"
        self._next = folder / "rows.next.part"
        self._tried: list[TriedLoad] = []
        self._played: PlayedLoad | None = None

    def run(self, most: int) -> FoundCapacity:
        try:
            boundary(self._is_accepted, most)
        except _BrokeOff:
            pass
        finally:
            self._next.unlink(missing_ok=True)
        assert self._played is not None
        report = self._played.report
        if report is not None and not self._played.trouble and not self._played.is_interrupted:
            found = replace(report, searched=self._capacity())
            return FoundCapacity(replace(self._played, report=found), self._best)
        return FoundCapacity(self._played, self._best)

    def _is_accepted(self, users: int) -> bool:
        played = self._play_with(users, self._next)
        report = played.report
        if report is None or not report.is_whole or played.trouble or played.is_interrupted:
            self._keep(played)
            raise _BrokeOff
        is_good = self._judged(users, report)
        # The load to report is the largest that is good, or the first as long as none is.
        if is_good or self._played is None:
            self._keep(played)
        return is_good

    def _judged(self, users: int, report: LoadReport) -> bool:
        judged = judge(self._criteria, report)
        is_good = bool(report.total.requests) and not any(one.is_bad for one in judged)
        total = report.total
        p95 = total.latency.quantile(0.95)
        self._tried.append(TriedLoad(users, total.requests, total.failed, p95, is_good))
        word = "met" if is_good else "not met"
        self._tell(
            f"{users:6,} users  {total.requests:,} requests  {total.failed:,} errors  {word}"
        )
        return is_good

    def _keep(self, played: PlayedLoad) -> None:
        self._played = played
        os.replace(self._next, self._best)

    def _capacity(self) -> MeasuredCapacity:
        tried = sorted(self._tried, key=lambda one: one.users)
        good = [one.users for one in tried if one.is_accepted]
        bad = [one.users for one in tried if not one.is_accepted]
        return MeasuredCapacity(max(good, default=0), min(bad, default=None), tuple(tried))
