"""The sampled part of a gate: look at all cells, then measure the flagged ones anew.

The first look only chooses what to measure again; what it measured does not count. A flag counts
if the new rounds, by themselves, put the change beyond half the threshold (signed-rank test, at
``ALPHA`` for all cells of a gate together) and their estimate is at least the threshold.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from unladen.ab.cells import Cell
from unladen.ab.rounds import (
    Answer,
    Measuring,
    Paired,
    Question,
    Report,
    answer,
    measure_rounds,
)
from unladen.ab.statistics import Estimate, Looks, estimate, p_above
from unladen.gate.exact import by_size, by_status
from unladen.gate.model import Finding, Outcome
from unladen.gate.thresholds import Rule, threshold
from unladen.series import Status

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
"""Chance that a gate of two equal commits calls anything changed at all."""

GIVE_UP = 0.05
"""A flag is dropped as soon as a look puts the change below half the threshold at this level."""


@dataclass(frozen=True)
class Budget:
    """``rounds`` of the first look; ``seconds`` for measuring again."""

    rounds: int = ROUNDS
    seconds: float = 90.0


def gate_sampled(
    sides: Measuring,
    cells: Sequence[Cell],
    rules: Sequence[Rule],
    budget: Budget,
    stage: Callable[[str], None],
) -> list[Finding]:
    """One finding for each of ``cells``. Side 0 of ``sides`` is the base, side 1 the head."""
    looked = measure_rounds(
        sides, cells, budget.rounds, _report(stage, "sampled series, side by side")
    )
    flagged = flag(looked, rules)
    chosen = [question for some in flagged for question in some[:CELLS_EACH]]
    answers: Sequence[Answer] = ()
    if chosen:
        looks = Looks(AT, ALPHA / len(chosen), GIVE_UP)
        end = time.monotonic() + budget.seconds
        report = _report(stage, "flagged, measured again")
        answers = answer(sides, chosen, looks, report, lambda: time.monotonic() >= end)
    again = {given.paired.cell.key: given for given in answers}
    left = {question.cell.key for some in flagged for question in some[CELLS_EACH:]}
    return [_finding(one, rules, again.get(one.cell.key), one.cell.key in left) for one in looked]


def flag(looked: Sequence[Paired], rules: Sequence[Rule]) -> list[list[Question]]:
    """What to ask of the cells that the first look flags, those of each series and direction
    together, the strongest first."""
    flagged: dict[tuple[str, int], list[tuple[float, Question]]] = {}
    for one in looked:
        limit = threshold(one.cell, rules)
        if one.sample(0).status is not one.sample(1).status:
            continue
        for sign in (1, -1):
            logs = [sign * x for x in one.logs]
            if not logs or p_above(logs) > SCREEN_P:
                continue
            seen = estimate(logs)
            if seen.change >= math.log1p(SCREEN_SHARE * limit):
                question = Question(one.cell, sign, math.log1p(limit / 2))
                flagged.setdefault((one.cell.series.name, sign), []).append((seen.low, question))
    return [
        [question for _, question in sorted(some, key=lambda item: -item[0])]
        for some in flagged.values()
    ]


def _finding(looked: Paired, rules: Sequence[Rule], given: Answer | None, is_left: bool) -> Finding:
    cell = looked.cell
    limit = threshold(cell, rules)
    before, after = looked.sample(0), looked.sample(1)
    if before.status is not after.status or not looked.logs:
        outcome = by_status(before.status, after.status)
        if before.status is after.status is Status.MEASURED:
            outcome = Outcome.NOT_MEASURED
        return Finding(cell, outcome, before, after, None, limit)
    first = estimate(looked.logs)
    if given is None or not given.paired.logs:
        outcome = Outcome.UNDECIDED if given else Outcome.SAME
        outcome = Outcome.FLAGGED if is_left else outcome
        return Finding(cell, outcome, before, after, _worse(cell, first), limit, first)
    again = estimate(given.paired.logs)
    worse = _worse(cell, again)
    outcome = {0: Outcome.UNDECIDED, -1: Outcome.CLEARED}.get(given.decision, by_size(worse, limit))
    before, after = given.paired.sample(0), given.paired.sample(1)
    if before.status is not after.status:
        outcome = by_status(before.status, after.status)
    return Finding(cell, outcome, before, after, worse, limit, first, again)


def _worse(cell: Cell, seen: Estimate) -> float:
    change = -seen.change if cell.series.higher_is_better else seen.change
    return math.expm1(change)


def _report(stage: Callable[[str], None], what: str) -> Report:
    def report(number: int, rounds: int, cells: int) -> None:
        stage(f"{what}: round {number} of {rounds}, {cells} cells")

    return report
