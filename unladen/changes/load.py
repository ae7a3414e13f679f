"""All changes of a history, with what measuring side by side, and people, said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from unladen.changes.exact import find_exact_changes
from unladen.changes.host import HostHistory
from unladen.changes.model import Change, State
from unladen.changes.sampled import find_sampled_changes
from unladen.history.history import History
from unladen.store.triage import TriageFile, TriageWord
from unladen.store.verdicts import Ruling, Verdicts


def find_changes(
    history: History, verdicts: Verdicts, triage: TriageFile | None = None
) -> list[Change]:
    """All changes: those of exact series, then those of sampled ones, with what measuring side by
    side said of them, and what people did; and those that are the host's marked as such."""
    positions = {commit.hash: position for position, commit in enumerate(history.commits)}
    found = [
        *find_exact_changes(history),
        *(
            _ruled(change, positions, history, verdicts)
            for change in find_sampled_changes(history, HostHistory(history).explains)
        ),
    ]
    if not triage:
        return found
    said = triage.on(history.commits)
    return [_triaged(change, said) for change in found]


def _triaged(change: Change, triage: TriageFile) -> Change:
    """A change with what was said of it. Noise is what scatters, which exact figures do not."""
    drift = change.drift
    if drift is not None:
        said = triage.find(drift.series, drift.cell, drift.commits[-1].hash)
        change = change if said is None else replace(change, drift=replace(drift, triage=said))
    found = triage.find(change.series, change.cell, change.commit.hash)
    if found is None:
        return change
    is_noise = found.said is TriageWord.NOISE and not change.series.is_exact
    return replace(change, triage=found, state=State.NOISE if is_noise else change.state)


def _ruled(
    change: Change, positions: Mapping[str, int], history: History, verdicts: Verdicts
) -> Change:
    """A suspect with the ruling on the two commits between which it lies, if there is one; or
    confirmed, if a change was confirmed between two commits of its range.

    ``positions``: of commits in the history, by hash. What is the host's may have a ruling too,
    from before that was known: it stands, for the host is the same on both sides of a round.
    """
    if change.state not in (State.SUSPECTED, State.HOST):
        return change
    series, cell, environment = change.series, change.cell, history.environment
    last = positions[(change.last_suspect or change.commit).hash]
    line = [
        one.hash for one in history.commits[positions[change.first_suspect.hash] - 1 : last + 1]
    ]
    found = verdicts.find(series, cell, change.commit.hash, line[0], environment)
    if (found is None or found.ruling is Ruling.UNDECIDED) and change.ratio is not None:
        sign = 1 if change.ratio > 1 else -1
        found = verdicts.confirmed_within(series, cell, line, environment, sign)
    if found is None or found.ruling is Ruling.UNDECIDED:
        return change
    return replace(change, state=State(found.ruling.value))
