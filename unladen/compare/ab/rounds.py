"""Rounds of cells on two commits, looked at again and again until each is decided."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from unladen.compare.ab.cells import Cell, Sample, best
from unladen.compare.ab.statistics import StoppingRule, decide, rules_out
from unladen.measure.machine_load import Patience
from unladen.store.series import Status

OnRound = Callable[[int, int, int], None]
"""Told before each round: its number from 1, how many there are at most, cells in it."""


class MeasuresRounds(Protocol):
    """What measures a round: ``unladen.compare.ab.interleaved.InterleavedRunner``."""

    def measure_round(self, cells: Sequence[Cell], backwards: bool = False) -> list[list[Sample]]:
        """One sample for each cell and side."""


@dataclass(frozen=True)
class WhenQuiet:
    """Measures rounds of ``runner``, each when the machine is quiet, as far as patience goes."""

    runner: MeasuresRounds
    patience: Patience

    def measure_round(self, cells: Sequence[Cell], backwards: bool = False) -> list[list[Sample]]:
        """As ``runner`` does."""
        self.patience.wait()
        return self.runner.measure_round(cells, backwards)


@dataclass
class Paired:
    """What rounds gave of one cell. Side 0 is before, side 1 after."""

    cell: Cell
    samples: tuple[list[Sample], list[Sample]] = field(default_factory=lambda: ([], []))

    def add(self, before: Sample, after: Sample) -> None:
        """One more round."""
        self.samples[0].append(before)
        self.samples[1].append(after)

    @property
    def levels(self) -> list[tuple[float, float]]:
        """The figures of both sides in the rounds that measured both."""
        return [
            (best(self.cell.series, one), best(self.cell.series, other))
            for one, other in zip(*self.samples, strict=True)
            if one.values and other.values
        ]

    @property
    def logs(self) -> list[float]:
        """Log ratio after / before of each round with both, where both figures are above 0."""
        return [math.log(b / a) for a, b in self.levels if a > 0 and b > 0]

    @property
    def is_nowhere(self) -> bool:
        """Whether some round found it n/a on both sides."""
        return any(
            {before.status, after.status} == {Status.NOT_APPLICABLE}
            for before, after in zip(*self.samples, strict=True)
        )

    def level(self, side: int) -> float | None:
        """The median over the rounds of one side's figures."""
        series = self.cell.series
        values = [best(series, sample) for sample in self.samples[side] if sample.values]
        return None if not values else Sample(Status.MEASURED, values).level

    def sample(self, side: int) -> Sample:
        """What one side is: measured if it ever was, and wrong if it ever was that; else what its
        last round says."""
        value = self.level(side)
        if value is None:
            return self.samples[side][-1]
        wrong = [one for one in self.samples[side] if one.status is Status.WRONG]
        if wrong:
            return Sample(Status.WRONG, [value], wrong[0].reason)
        return Sample(Status.MEASURED, [value])


@dataclass(frozen=True)
class Question:
    """What is to be decided of a cell: whether its log ratio lies above ``margin``, or below.

    ``sign``: 1 if a rise is looked for, -1 if a fall is, and logs are multiplied by it first; 0 for
    either, so that "below" is between ``-margin`` and ``margin``. ``bound``: it is "below" only if
    ``side`` times the logs lie below that as well, at ``stopping.rule_out_level``.
    """

    cell: Cell
    sign: int
    margin: float
    bound: float = math.inf
    side: int = 1


@dataclass(frozen=True)
class Answer:
    """``decision``: 1 above the margin, -1 below it, 0 not decided."""

    paired: Paired
    decision: int


def measure_rounds(
    runner: MeasuresRounds, cells: Sequence[Cell], rounds: int, on_round: OnRound
) -> list[Paired]:
    """``rounds`` rounds of all cells. Cells that are n/a on both sides in the first round are not
    measured again, nor those without a value on both sides in the first two."""
    all_paired = [Paired(cell) for cell in cells]
    for number in range(rounds):
        going = [p for p in all_paired if p.levels or (number < 2 and not p.is_nowhere)]
        if not going:
            break
        on_round(number + 1, rounds, len(going))
        _one_round(runner, going, number)
    return all_paired


def answer(
    runner: MeasuresRounds,
    questions: Sequence[Question],
    stopping: StoppingRule,
    on_round: OnRound,
    is_over: Callable[[], bool] = lambda: False,
) -> list[Answer]:
    """Measure until each question is decided, the looks are used up, or ``is_over()``.

    Over all looks, a question whose truth is not above its margin is answered "above" with a
    probability of at most ``stopping.alpha``; likewise the reverse, unless ``stopping.give_up`` is
    more.
    """
    all_paired = [Paired(question.cell) for question in questions]
    decisions = [0] * len(questions)
    look = 0
    for number in range(stopping.at[-1]):
        going = [n for n, d in enumerate(decisions) if d == 0]
        if not going or is_over():
            break
        on_round(number + 1, stopping.at[-1], len(going))
        _one_round(runner, [all_paired[n] for n in going], number)
        if number + 1 < stopping.at[look]:
            continue
        for n in going:
            decisions[n] = _decision(questions[n], all_paired[n].logs, stopping)
        look += 1
    return [Answer(paired, d) for paired, d in zip(all_paired, decisions, strict=True)]


def _decision(question: Question, logs: Sequence[float], stopping: StoppingRule) -> int:
    level, margin = stopping.level, question.margin
    if question.sign:
        signed = [question.sign * x for x in logs]
        decision = decide(signed, margin, level, stopping.give_up)
        if decision == -1 and not is_below(
            [question.side * x for x in logs], question.bound, stopping
        ):
            return 0
        return decision
    up = decide(logs, margin, level / 2, stopping.give_up / 2)
    down = decide([-x for x in logs], margin, level / 2, stopping.give_up / 2)
    if 1 in (up, down):
        return 1
    return -1 if up == down == -1 else 0


def is_below(logs: Sequence[float], bound: float, stopping: StoppingRule) -> bool:
    """Whether a look at the logs rules out that they lie above ``bound``."""
    return math.isinf(bound) or rules_out(logs, bound, stopping.rule_out_level)


def _one_round(runner: MeasuresRounds, going: Sequence[Paired], number: int) -> None:
    measured = runner.measure_round([p.cell for p in going], backwards=number % 2 == 1)
    for paired, (before, after) in zip(going, measured, strict=True):
        paired.add(before, after)
