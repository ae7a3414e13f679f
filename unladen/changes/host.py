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
from unladen.store.records import Session
from unladen.text.units import SECONDS

MIN_SCORES = 3
"""Measurements on each side below which nothing is said of the host."""

MIN_SHARE = 0.5
"""The host's part of a step, of the logarithm of its ratio, from which the step is the host's."""

MIN_SUPERIORITY = 0.9
"""Of all pairs of a score before and one after, the part that must lie the same way."""


@dataclass(frozen=True)
class _Scored:
    """By commit a measurement, as arrays: its score, NaN where none is known, and the number of its
    CPU."""

    scores: NDArray[np.float64]
    cpus: NDArray[np.intp]

    def at(self, commits: Sequence[int]) -> _Scored:
        """Those of some commits, by their indices, that have a score."""
        chosen = np.array(
            [commit for commit in commits if commit < self.scores.size], dtype=np.intp
        )
        chosen = chosen[~np.isnan(self.scores[chosen])]
        return _Scored(self.scores[chosen], self.cpus[chosen])


class _Sessions:
    """The sessions of a history: when they began and ended, with their scores."""

    def __init__(self, sessions: Sequence[Sequence[Session]]) -> None:
        self._sessions = sessions
        self._cpus: dict[str, int] = {}
        last = [one[-1] if one else None for one in sessions]
        self._last = _Scored(*self._scored(last))
        self._began = np.array([one.started if one else np.nan for one in last], dtype=float)
        self._ended = np.array([one.ended if one else np.nan for one in last], dtype=float)

    def of(self, started: NDArray[np.float64]) -> _Scored:
        """Those in which the values of a series were ``started``, by commit."""
        at = started[: len(self._sessions)]  # NaN lies in no session
        size = at.size
        is_last = (self._began[:size] <= at) & (at <= self._ended[:size])
        scores = np.where(is_last, self._last.scores[:size], np.nan)
        cpus = self._last.cpus[:size].copy()
        for commit in np.flatnonzero(~is_last & ~np.isnan(at)).tolist():
            around = [
                one for one in self._sessions[commit] if one.started <= at[commit] <= one.ended
            ]
            scores[commit : commit + 1], cpus[commit : commit + 1] = self._scored(
                around[-1:] or [None]
            )
        return _Scored(scores, cpus)

    def _scored(
        self, sessions: Sequence[Session | None]
    ) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        known = [None if one is None else score(one) for one in sessions]
        scores = np.array([np.nan if one is None else one for one in known], dtype=float)
        names = ["" if one is None else one.cpu for one in sessions]
        cpus = [self._cpus.setdefault(name, len(self._cpus)) for name in names]
        return scores, np.array(cpus, dtype=np.intp)


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
    """The host over a history: what ``find_sampled_changes`` wants to know."""

    def __init__(self, history: History) -> None:
        """``history``: with its sessions."""
        self._series = {one.series.name: one for one in history.series}
        self._sessions = _Sessions(history.sessions)
        self._scored: dict[str, _Scored] = {}

    def shift_at(
        self, series: SeriesHistory, before: Sequence[int], after: Sequence[int]
    ) -> HostShift | None:
        """As ``host_shift``, of this history."""
        if series.series.unit.lower() not in SECONDS:
            return None
        name = series.series.name
        if name not in self._scored:
            self._scored[name] = self._sessions.of(series.started)
        one, other = (self._scored[name].at(commits) for commits in (before, after))
        if min(one.scores.size, other.scores.size) < MIN_SCORES:
            return None
        return HostShift(
            before=median(one.scores),
            after=median(other.scores),
            superiority=_superiority(one.scores, other.scores),
            other_cpu=not {*one.cpus.tolist()} & {*other.cpus.tolist()},
        )

    def explains(
        self, series: str, before: Sequence[int], after: Sequence[int], ratio: float
    ) -> bool:
        """Whether the step of ``series`` by ``ratio`` is the host's, as ``host_shift``; False if
        that is not known."""
        shift = self.shift_at(self._series[series], before, after)
        return shift is not None and shift.explains(ratio)


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
