"""What a commit is like, the good or the bad one, for one cell of one series."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.ab.exact import measure_values, stored_values
from unladen.compare.ab.interleaved import InterleavedRunner
from unladen.compare.ab.rounds import Paired, Question, answer
from unladen.compare.ab.statistics import Estimate, StoppingRule, decide, estimate
from unladen.compare.bisect.search import ProbeAnswer
from unladen.repo.commits import Commit
from unladen.store.series import Status

LEAST = 0.01
"""Sampled: a smaller change between the good and the bad commit is none."""

AT = (8, 12, 18, 28, 40)
"""Rounds after which the measurements are looked at."""

ALPHA = 0.02
"""Chance that a probe of a commit that is like one end is taken for the other."""

MISSING = Sample(Status.MISSING)


@dataclass(frozen=True)
class Probe:
    """One commit judged. ``stored``: by a value that was there already. ``position``: of sampled
    series, where its figure lies between good (0) and bad (1), on a logarithmic scale."""

    commit: Commit
    answer: ProbeAnswer
    sample: Sample
    stored: bool = False
    rounds: int = 0
    position: float | None = None


@dataclass(frozen=True)
class Ends:
    """The good and the bad commit. ``differ``: whether there is anything to look for; ``change``:
    of sampled series, what their rounds say; ``undecided``: that is too little to tell."""

    good: Sample
    bad: Sample
    differ: bool
    change: Estimate | None = None
    undecided: bool = False


class Prober(Protocol):
    """Judges commits between two ends."""

    def ends(self) -> Ends:
        """The good and the bad commit."""

    def probe(self, commit: Commit) -> Probe:
        """One in between."""


@dataclass
class ExactProber:
    """By exact values: stored where they are valid here, else measured.

    A commit is like the end whose value is nearer. If the ends differ in what they are (a value,
    that of a wrong outcome, a failure, n/a), it is like the one that is the same; a failure for
    another reason than the bad end's is neither.
    ``remarks``: stored results that could not be used, a line each.
    """

    setup: BenchmarkSetup
    cell: Cell
    good: Commit
    bad: Commit
    remarks: list[str] = field(default_factory=list, init=False)
    _ends: tuple[Sample, Sample] | None = field(default=None, init=False)

    def ends(self) -> Ends:
        """Both values."""
        good, bad = self._value(self.good)[0], self._value(self.bad)[0]
        self._ends = good, bad
        if _are_comparable(good, bad):
            return Ends(good, bad, self.cell.series.differ(good.level, bad.level))
        is_known = Status.MISSING not in (good.status, bad.status)
        return Ends(good, bad, is_known and good.status is not bad.status)

    def probe(self, commit: Commit) -> Probe:
        """Compare the commit's value with those of the ends."""
        assert self._ends is not None, "ends() comes first"
        sample, is_stored = self._value(commit)
        return Probe(commit, nearer(sample, *self._ends), sample, is_stored)

    def _value(self, commit: Commit) -> tuple[Sample, bool]:
        series = [self.cell.series]
        stored, remarks = stored_values(self.setup, commit.hash, series)
        self.remarks += remarks
        if self.cell.key in stored:
            return stored[self.cell.key], True
        measured = measure_values(self.setup, commit.hash, series, [self.cell])
        return measured.get(self.cell.key, MISSING), False


@dataclass
class SampledProber:
    """By measuring: each commit in rounds with the good and the bad one.

    A commit is like the end on whose side of the middle (geometric mean) it lies, by a signed-rank
    test over the rounds; if that cannot be told, it is neither.
    """

    setup: BenchmarkSetup
    cell: Cell
    good: Commit
    bad: Commit
    stage: Callable[[str], None]
    _sign: int = field(default=1, init=False)
    _failing: tuple[Sample, Sample] | None = field(default=None, init=False)

    def ends(self) -> Ends:
        """Whether the ends differ, by ``LEAST`` at least, in any direction."""
        with InterleavedRunner(self.setup, [self.good.hash, self.bad.hash]) as runner:
            first = runner.measure_round([self.cell])[0]
            if not _are_comparable(*first):
                self._failing = first[0], first[1]
                differ = first[0].status is not first[1].status
                return Ends(first[0], first[1], differ)
            given = answer(
                runner,
                [Question(self.cell, 0, LEAST)],
                StoppingRule(AT, ALPHA),
                self._report("the two ends"),
            )[0]
        seen = estimate(given.paired.logs) if given.paired.logs else None
        self._sign = 1 if seen and seen.change > 0 else -1
        good, bad = given.paired.sample(0), given.paired.sample(1)
        return Ends(good, bad, given.decision == 1, seen, given.decision == 0)

    def probe(self, commit: Commit) -> Probe:
        """Measure the commit and both ends until it is known on which side of the middle it is."""
        with InterleavedRunner(self.setup, [self.good.hash, commit.hash, self.bad.hash]) as runner:
            if self._failing:
                sample = runner.measure_round([self.cell])[0][1]
                return Probe(commit, nearer(sample, *self._failing), sample)
            return self._measured(runner, commit)

    def _measured(self, runner: InterleavedRunner, commit: Commit) -> Probe:
        stopping, report = StoppingRule(AT, ALPHA), self._report(commit.short)
        below, above = Paired(self.cell), Paired(self.cell)
        decision = look = 0
        for number in range(AT[-1]):
            report(number + 1, AT[-1], 1)
            good, middle, bad = runner.measure_round([self.cell], number % 2 == 1)[0]
            if number == 1 and not _are_comparable(good, middle):
                return Probe(commit, ProbeAnswer.SKIP, middle)
            if _are_comparable(good, middle) and _are_comparable(middle, bad):
                below.add(good, middle)
                above.add(middle, bad)
            if number + 1 == AT[look]:
                decision = decide(self._distances(below, above), 0.0, stopping.level)
                look += 1
            if decision:
                break
        found = {1: ProbeAnswer.BAD, -1: ProbeAnswer.GOOD, 0: ProbeAnswer.SKIP}[decision]
        position = _position(below.logs, above.logs)
        return Probe(commit, found, below.sample(1), False, len(below.logs), position)

    def _distances(self, below: Paired, above: Paired) -> list[float]:
        """From the middle of the ends, by round; above 0 towards the bad one."""
        pairs = zip(below.logs, above.logs, strict=True)
        return [self._sign * (up - down) / 2 for up, down in pairs]

    def _report(self, what: str) -> Callable[[int, int, int], None]:
        def report(number: int, rounds: int, _cells: int) -> None:
            self.stage(f"{what}: round {number} of at most {rounds}")

        return report


def nearer(sample: Sample, good: Sample, bad: Sample) -> ProbeAnswer:
    """Which end a sample is like; see ``ExactProber``."""
    if _are_comparable(good, bad):
        if not _are_comparable(sample, good):
            return ProbeAnswer.SKIP
        is_bad = abs(sample.level - bad.level) < abs(sample.level - good.level)
        return ProbeAnswer.BAD if is_bad else ProbeAnswer.GOOD
    for end, said in ((good, ProbeAnswer.GOOD), (bad, ProbeAnswer.BAD)):
        if sample.status is end.status:
            is_same = sample.status is not Status.FAILED or _kind(sample) == _kind(end)
            return said if is_same else ProbeAnswer.SKIP
    return ProbeAnswer.SKIP


def _are_comparable(one: Sample, other: Sample) -> bool:
    """Whether both have values, of right outcomes or of wrong ones."""
    return bool(one.values and other.values) and one.status is other.status


def _kind(sample: Sample) -> str:
    """The kind of a failure: its reason up to the first colon, such as the exception's type."""
    return sample.reason.partition(":")[0]


def _position(below: Sequence[float], above: Sequence[float]) -> float | None:
    whole = [up + down for up, down in zip(below, above, strict=True)]
    if not whole or not math.fsum(whole):
        return None
    return estimate(list(below)).change / estimate(whole).change if estimate(whole).change else None
