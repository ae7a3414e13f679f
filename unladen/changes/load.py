"""All changes of a history, with what measuring side by side, and people, said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from unladen.changes.by_commit import MINOR_STEP
from unladen.changes.exact import find_exact_changes
from unladen.changes.host import HostHistory
from unladen.changes.model import Change, State
from unladen.changes.sampled import find_sampled_changes
from unladen.changes.worse import fraction_worse
from unladen.history.history import History
from unladen.store.triage import TriageEntry, TriageFile, TriageWord
from unladen.store.verdicts import Ruling, Verdicts

_ROUNDED = 1e-6
"""What is written down of how much worse something is, is rounded so."""


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
        if said is not None and said.is_of(drift.commits[-1]):
            change = replace(change, drift=replace(drift, triage=said))
    found = triage.find(change.series, change.cell, change.commit.hash)
    if found is None or not (found.is_of(change.commit) or _is_within(change, found)):
        return change
    is_noise = found.said is TriageWord.NOISE and not change.series.is_exact
    return replace(change, triage=found, state=State.NOISE if is_noise else change.state)


def _is_within(change: Change, said: TriageEntry) -> bool:
    """Whether what was said of a part of a commit goes for all that it did: somebody has seen as
    much."""
    limit = said.series[change.series.name].up_to
    if limit is None:
        return True
    before, after = change.before.value, change.after.value
    if change.before.status is not change.after.status or before is None or after is None:
        return False
    slack = change.series.slack if change.series.is_exact else MINOR_STEP
    return fraction_worse(change.series, change.cell, before, after) <= limit + max(slack, _ROUNDED)


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
