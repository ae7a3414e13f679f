"""The sampled part of a gate: look at all cells, then measure anew what must be known better.

The first look only chooses what to measure again. A *flagged* cell counts if the new rounds, by
themselves, put the change beyond half the threshold (signed-rank test, at ``ALPHA`` for all cells
of a gate together) and their estimate is at least the threshold.

Nothing is said to be no regression that rounds do not show: a cell passes only if its rounds rule
out that it is worse by ``RULED_OUT`` thresholds, at ``LOOK_P`` or ``ALPHA``. A cell of which the
first look cannot say so is *doubtful*; it is measured again as well, while there is time, and is
undecided if that does not help. So load, or a noisy machine, makes a gate say that it could not
judge, and never that there is no regression.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from unladen.compare.ab.cells import Cell, CellKey, Sample
from unladen.compare.ab.rounds import (
    Answer,
    MeasuresRounds,
    OnRound,
    Paired,
    Question,
    answer,
    is_below,
    measure_rounds,
)
from unladen.compare.ab.statistics import Estimate, StoppingRule, estimate, p_above, rules_out
from unladen.compare.gate.exact import by_size, by_status
from unladen.compare.gate.model import Finding, Judgement
from unladen.compare.gate.thresholds import Rule, threshold, worse_by

ROUNDS = 8
"""Of the first look."""

SCREEN_SHARE = 0.7
SCREEN_P = 0.1
"""A cell is flagged if the first look estimates its change at this share of the threshold or more,
with at most this one-sided p: generous, for what is not flagged is never found."""

CELLS_EACH = 2
"""Flagged cells of one series, and one direction, that are measured again: those that changed most
for certain. Others would only repeat what they say."""

AT = (10, 14, 20, 28)
"""Rounds after which the new measurements are looked at."""

ALPHA = 0.01
"""Chance that a gate of two equal commits calls anything changed at all; also that new rounds of a
cell rule out a regression that is there."""

DOUBTFUL_SHARE = 0.2
"""Of ``ALPHA``: what doubtful cells may spend of the first chance. The flagged have the rest."""

GIVE_UP = 0.05
"""A flag is dropped as soon as a look puts the change below half the threshold at this level, and
rules out one of ``RULED_OUT`` thresholds."""

RULED_OUT = 2
"""In thresholds: the regression that a gate finds nearly always on a quiet machine."""

LEAST = 0.01
"""A smaller threshold counts as this one where something is to be ruled out."""

LOOK_P = 0.01
"""One-sided level at which the first look rules it out."""


@dataclass(frozen=True)
class Budget:
    """``rounds`` of the first look; ``seconds`` for measuring again."""

    rounds: int = ROUNDS
    seconds: float = 90.0


def gate_sampled(
    runner: MeasuresRounds,
    cells: Sequence[Cell],
    rules: Sequence[Rule],
    budget: Budget,
    stage: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> list[Finding]:
    """One finding for each of ``cells``. Side 0 of ``runner`` is the base, side 1 the head.

    ``clock``: seconds spent on measuring, which the budget is for.
    """
    begun = clock()
    looked = measure_rounds(
        runner, cells, budget.rounds, _report(stage, "sampled series, side by side")
    )
    seconds_each = (clock() - begun) / max(1, sum(len(one.samples[0]) for one in looked))
    end = clock() + budget.seconds

    def again(questions: Sequence[Question], alpha: float, give_up: float, what: str) -> None:
        if questions:
            stopping = StoppingRule(AT, alpha / len(questions), give_up, ALPHA)
            report = _report(stage, f"{what}, measured again")
            for given in answer(runner, questions, stopping, report, lambda: clock() >= end):
                answers[given.paired.cell.key] = given

    answers: dict[CellKey, Answer] = {}
    flagged = flag(looked, rules)
    chosen = [question for some in flagged for question in some[:CELLS_EACH]]
    again(chosen, ALPHA * (1 - DOUBTFUL_SHARE), GIVE_UP, "flagged")
    spared = _spared(flagged, answers)
    doubtful = [
        _question(one.cell, _worse_side(one.cell), rules)
        for one in sorted(looked, key=_suspicion, reverse=True)
        if one.logs and one.cell.key not in answers.keys() | spared
        if _is_comparable(one) and _is_doubtful(one, rules)
    ]
    if seconds_each > 0:  # no more than can be decided
        doubtful = doubtful[: max(0, int((end - clock()) / seconds_each / AT[0]))]
    again(doubtful, ALPHA * DOUBTFUL_SHARE, 1.0, "doubtful")
    judge = _Judge(rules, {question.cell.key for some in flagged for question in some}, spared)
    return [judge.finding(one, answers.get(one.cell.key)) for one in looked]


def flag(looked: Sequence[Paired], rules: Sequence[Rule]) -> list[list[Question]]:
    """What to ask of the cells that the first look flags, those of each series and direction
    together, the strongest first."""
    flagged: dict[tuple[str, int], list[tuple[float, Question]]] = {}
    for one in looked:
        limit = threshold(one.cell, rules)
        if not _is_comparable(one):
            continue
        for sign in (1, -1):
            logs = [sign * x for x in one.logs]
            if not logs or p_above(logs) > SCREEN_P:
                continue
            seen = estimate(logs)
            if seen.change >= math.log1p(SCREEN_SHARE * limit):
                question = _question(one.cell, sign, rules)
                flagged.setdefault((one.cell.series.name, sign), []).append((seen.low, question))
    return [
        [question for _, question in sorted(some, key=lambda item: -item[0])]
        for some in flagged.values()
    ]


def _question(cell: Cell, sign: int, rules: Sequence[Rule]) -> Question:
    limit = threshold(cell, rules)
    bound = _ruled_out(limit, RULED_OUT)
    return Question(cell, sign, math.log1p(limit / 2), bound, _worse_side(cell))


def _ruled_out(limit: float, thresholds: float) -> float:
    return math.log1p(thresholds * max(limit, LEAST))


def _worse_side(cell: Cell) -> int:
    return -1 if cell.series.higher_is_better else 1


def _suspicion(one: Paired) -> float:
    """The worse it looks, the higher."""
    return _worse_side(one.cell) * estimate(one.logs).change if one.logs else -math.inf


def _is_comparable(one: Paired) -> bool:
    """Whether the two sides are the same thing: of a right and a wrong outcome no ratio tells."""
    return one.sample(0).status is one.sample(1).status


def _is_doubtful(one: Paired, rules: Sequence[Rule]) -> bool:
    """Whether the rounds leave it open that the cell is worse by ``RULED_OUT`` thresholds."""
    bound = _ruled_out(threshold(one.cell, rules), RULED_OUT)
    return not rules_out([_worse_side(one.cell) * x for x in one.logs], bound, LOOK_P)


def _spared(
    flagged: Sequence[Sequence[Question]], answers: Mapping[CellKey, Answer]
) -> set[CellKey]:
    """Flagged cells of series that are found to be worse by others of their cells."""
    return {
        question.cell.key
        for some in flagged
        for question in some[CELLS_EACH:]
        if question.sign == question.side
        and any(answers[one.cell.key].decision == 1 for one in some[:CELLS_EACH])
    }


@dataclass(frozen=True)
class _Judge:
    """``flagged``: by the first look; ``spared``: those of them that need not be measured again."""

    rules: Sequence[Rule]
    flagged: Collection[CellKey]
    spared: Collection[CellKey]

    def finding(self, looked: Paired, given: Answer | None) -> Finding:
        """What became of a cell."""
        cell = looked.cell
        limit = threshold(cell, self.rules)
        before, after = looked.sample(0), looked.sample(1)
        if before.status is not after.status or not looked.logs:
            return _without_ratio(cell, before, after, limit)
        first = estimate(looked.logs)
        if given is None or not given.paired.logs:
            judgement = self._of_first_look(looked)
            return Finding(cell, judgement, before, after, _worse(cell, first), limit, first)
        again = estimate(given.paired.logs)
        worse = _worse(cell, again)
        judgement = self._of_new_rounds(given, worse, limit)
        before, after = given.paired.sample(0), given.paired.sample(1)
        if before.status is not after.status:
            judgement = by_status(before.status, after.status)
        return Finding(cell, judgement, before, after, worse, limit, first, again)

    def _of_first_look(self, looked: Paired) -> Judgement:
        key = looked.cell.key
        if key not in self.spared and _is_doubtful(looked, self.rules):
            return Judgement.UNDECIDED
        return Judgement.FLAGGED if key in self.flagged else Judgement.SAME

    def _of_new_rounds(self, given: Answer, worse: float, limit: float) -> Judgement:
        judgement = by_size(worse, limit)
        if given.decision == 1 and judgement is Judgement.REGRESSION:
            return judgement
        # A change that is confirmed to be small must leave no room for a big one.
        side = _worse_side(given.paired.cell)
        logs = [side * x for x in given.paired.logs]
        stopping = StoppingRule(AT, ALPHA)
        if given.decision == 1:
            is_small = is_below(logs, _ruled_out(limit, RULED_OUT), stopping)
            return judgement if is_small else Judgement.UNDECIDED
        if given.decision == -1 or is_below(logs, _ruled_out(limit, 1), stopping):
            is_flagged = given.paired.cell.key in self.flagged
            return Judgement.CLEARED if is_flagged else Judgement.SAME
        return Judgement.UNDECIDED


def _without_ratio(cell: Cell, before: Sample, after: Sample, limit: float) -> Finding:
    """A cell that no round has figures above 0 of, on both sides, or that is not the same on both:
    measured, failed, of a wrong outcome."""
    if before.status is not after.status or not (before.values and after.values):
        return Finding(cell, by_status(before.status, after.status), before, after, None, limit)
    worse = worse_by(cell, before.level, after.level)
    judgement = Judgement.UNDECIDED if worse > 0 else Judgement.NOT_MEASURED
    return Finding(cell, judgement, before, after, worse, limit, note="a figure of 0 has no ratio")


def _worse(cell: Cell, seen: Estimate) -> float:
    change = -seen.change if cell.series.higher_is_better else seen.change
    return math.expm1(change)


def _report(stage: Callable[[str], None], what: str) -> OnRound:
    def report(number: int, rounds: int, cells: int) -> None:
        stage(f"{what}: round {number} of {rounds}, {cells} cells")

    return report
