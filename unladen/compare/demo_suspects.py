"""What a demo does about suspects: it measures them side by side, and names none that it could not.

A suspect from a history that was measured on a busy machine is often the machine's. Of each commit
that nothing but sampled series suspect, the biggest change is measured again; what is confirmed is
a change as others are, and what is not stays unnamed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from unladen.changes.by_commit import HistoryChanges
from unladen.changes.summary import suspected_items
from unladen.compare.ab.confirm import Suspect, confirm_all, suspects_of
from unladen.errors import UserError
from unladen.interrupts import ASV_INTERRUPTED
from unladen.project.project import Project
from unladen.store.verdicts import Ruling, load
from unladen.text.counts import count_text
from unladen.text.terminal import one_line

BUDGET = 60.0
"""Seconds, unless ``--budget`` says otherwise."""


@dataclass(frozen=True)
class Settled:
    """Commits whose suspects were measured now and decided; ``problem``: why no more could be
    measured, "" if nothing but time was lacking."""

    confirmed: int
    cleared: int
    problem: str = ""


def settle(
    project: Project, history_changes: HistoryChanges, seconds: float, stage: Callable[[str], None]
) -> Settled:
    """Measure the suspects of a history that were never measured so, and store the verdicts.

    That they cannot be measured is no reason to show nothing: it is told.
    """
    end = time.monotonic() + seconds
    rulings: list[Ruling] = []
    problem = ""
    try:
        for found in confirm_all(
            project, _new_suspects(project, history_changes), history_changes.history, end, stage
        ):
            rulings += [verdict.ruling for verdict in found]
    except UserError as error:
        if str(error).startswith(ASV_INTERRUPTED):
            raise
        problem = one_line(str(error))
    return Settled(rulings.count(Ruling.CONFIRMED), rulings.count(Ruling.CLEARED), problem)


def suspects_told(settled: Settled, left: int, unladen: str) -> Iterator[str]:
    """The lines that say what became of suspects. ``left``: commits of which it is not known;
    ``unladen``: how the user calls it."""
    if settled.confirmed or settled.cleared:
        yield (
            "Suspects measured again side by side: "
            f"{settled.confirmed} confirmed, {settled.cleared} cleared."
        )
    if settled.problem:
        yield f"Suspects could not be measured again: {settled.problem}"
    if left:
        commits = count_text(left, "commit is", "commits are")
        yield f"{commits} suspected, not confirmed, and not named: {unladen} confirm measures on."


def _new_suspects(project: Project, history_changes: HistoryChanges) -> list[Suspect]:
    """One of each commit that would be named, if there is no verdict on it yet, decided or not:
    `confirm` goes on with those."""
    chosen = {item.biggest.commit.hash: [item.biggest] for item in suspected_items(history_changes)}
    commits = [
        replace(commit, changes=chosen[commit.commit.hash])
        for commit in history_changes.commits
        if commit.commit.hash in chosen
    ]
    verdicts = load(project.results / history_changes.history.machine)
    environment = history_changes.history.environment
    return [
        one
        for one in suspects_of(replace(history_changes, commits=commits))
        if verdicts.find(
            one.cell.series, one.cell.params, one.commit.hash, one.before.hash, environment
        )
        is None
    ]
