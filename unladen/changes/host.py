"""How fast the host was at each measurement, and whether a step of a series is the host's.

A record holds the host's calibration (``unladen.measure.calibration``) before and after each
measurement. A host steps at a moment, and commits are measured in any order, mostly newest first;
so there are two views: the scores of the commits on both sides of a suspected step, and all scores
in the order of time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unladen.detection import median
from unladen.history.history import History
from unladen.history.series_history import SeriesHistory
from unladen.measure.calibration import VERSION
from unladen.repo.commits import Commit
from unladen.store.records import Session
from unladen.text.units import SECONDS

MIN_SCORES = 3
"""Measurements on each side below which nothing is said of the host."""

MIN_SHARE = 0.5
"""The host's part of a step, of the logarithm of its ratio, from which the step is the host's."""

MIN_SUPERIORITY = 0.9
"""Of all pairs of a score before and one after, the part that must lie the same way."""


_Scored = tuple[int, int, float | None, str]
"""Of a session: when it began and ended, its score, its CPU."""


@dataclass(frozen=True)
class HostPoint:
    """One measurement. ``commit``: its index in the history; ``at``: the middle of it, milliseconds
    since 1970; ``score``: CPU seconds of the fixed work; ``load``: the one-minute load average
    before it, NaN if unknown."""

    commit: int
    at: float
    score: float
    cpu: str
    load: float


@dataclass(frozen=True)
class HostShift:
    """The host on the two sides of a suspected step. ``before``, ``after``: median scores, CPU
    seconds; ``superiority``: the part of all pairs whose later score is the higher one, ties half
    (Vargha and Delaney's A, J. Educ. Behav. Stat. 25, 2000): 0.5 if the sides are alike.
    ``other_cpu``: no CPU model is on both sides."""

    before: float
    after: float
    superiority: float
    other_cpu: bool

    @property
    def ratio(self) -> float:
        """How many times as much CPU time the fixed work took after as before."""
        return self.after / self.before

    def share(self, ratio: float) -> float:
        """How much of a step by ``ratio`` the host's own step makes up, on a logarithmic scale: 1
        is all of it, below 0 the host went the other way."""
        return math.log(self.ratio) / math.log(ratio)

    def explains(self, ratio: float) -> bool:
        """Whether a step of CPU time by ``ratio`` has to be taken for the host's.

        Either the host went clearly (``MIN_SUPERIORITY``) the same way, and its step makes up
        ``MIN_SHARE`` of the suspected one; or it is another CPU, and what it does to one program
        says little of what it does to another.
        """
        if self.other_cpu:
            return True
        if ratio <= 0 or ratio == 1:
            return False
        superiority = self.superiority if ratio > 1 else 1 - self.superiority
        return superiority >= MIN_SUPERIORITY and self.share(ratio) >= MIN_SHARE


def host_shift(
    history: History, series: SeriesHistory, before: Sequence[int], after: Sequence[int]
) -> HostShift | None:
    """The host while ``series`` was measured at the commits of a level and of the next one.

    ``before``, ``after``: indices in ``history.commits``. None if the series is no time, or if
    there are fewer than ``MIN_SCORES`` comparable scores on a side.
    """
    return HostHistory(history).shift_at(series, before, after)


class HostHistory:
    """The host over a history, asked by commits: what ``find_sampled_changes`` wants to know."""

    def __init__(self, history: History) -> None:
        """``history``: with its sessions."""
        self._history = history
        self._index = {commit.hash: n for n, commit in enumerate(history.commits)}
        self._series = {one.series.name: one for one in history.series}
        self._started: dict[str, Sequence[float]] = {}
        self._scored: dict[int, Sequence[_Scored]] = {}

    def shift(
        self, series: str, before: Sequence[Commit], after: Sequence[Commit]
    ) -> HostShift | None:
        """As ``host_shift``."""
        sides = [[self._index[commit.hash] for commit in side] for side in (before, after)]
        return self.shift_at(self._series[series], *sides)

    def shift_at(
        self, series: SeriesHistory, before: Sequence[int], after: Sequence[int]
    ) -> HostShift | None:
        """As ``host_shift``, of this history."""
        if series.series.unit.lower() not in SECONDS:
            return None
        sides = [self._scores(series, commits) for commits in (before, after)]
        if min(map(len, sides)) < MIN_SCORES:
            return None
        one, other = (np.array([found for found, _ in side]) for side in sides)
        cpus = [{cpu for _, cpu in side} for side in sides]
        return HostShift(
            before=median(one),
            after=median(other),
            superiority=_superiority(one, other),
            other_cpu=not cpus[0] & cpus[1],
        )

    def explains(
        self, series: str, before: Sequence[Commit], after: Sequence[Commit], ratio: float
    ) -> bool:
        """Whether the step of ``series`` by ``ratio`` is the host's; False if that is not known."""
        shift = self.shift(series, before, after)
        return shift is not None and shift.explains(ratio)

    def _scores(self, series: SeriesHistory, commits: Sequence[int]) -> list[tuple[float, str]]:
        """Score and CPU of the measurements that the values at commits are from (as ``point_of``
        has them), of those that are known."""
        name = series.series.name
        if name not in self._started:
            self._started[name] = series.started.tolist()
        started, sessions = self._started[name], self._history.sessions
        found = []
        for commit in commits:
            if commit >= min(len(started), len(sessions)):
                continue
            if commit not in self._scored:
                self._scored[commit] = [
                    (one.started, one.ended, score(one), one.cpu)
                    for one in reversed(sessions[commit])
                ]
            at = started[commit]  # NaN lies in no session
            for began, ended, one, cpu in self._scored[commit]:
                if began <= at <= ended:
                    if one is not None:
                        found.append((one, cpu))
                    break
        return found


def score(session: Session) -> float | None:
    """CPU seconds of the fixed work, the mean of before and after; None if it was not run, or was
    another one than today's."""
    calibration = session.calibration
    if calibration is None or calibration.version != VERSION:
        return None
    known = [one for one in (calibration.before, calibration.after) if one is not None]
    return sum(known) / len(known) if known else None


def point_of(history: History, series: SeriesHistory, commit: int) -> HostPoint | None:
    """The measurement that the value of the series at the commit, by its index, is from; None if
    it is not known, or has no score."""
    session = history.session_of(series, commit)
    return None if session is None or score(session) is None else _point(commit, session)


def _point(commit: int, session: Session) -> HostPoint:
    found = score(session)
    assert found is not None
    load = session.load_before[0] if session.load_before else math.nan
    return HostPoint(commit, (session.started + session.ended) / 2, found, session.cpu, load)


def _superiority(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    difference = other[None, :] - one[:, None]
    return float((np.sign(difference) + 1).mean() / 2)
