"""Whether measured commits run the same code, as carried exact values tell (``history.carrying``).

What a sampled series does between two of them is no commit's doing: the machine did it.
"""

from __future__ import annotations

from collections.abc import Sequence

from unladen.history.history import History
from unladen.history.series_history import SeriesHistory


def run_same_code(history: History, series: SeriesHistory, commits: Sequence[int]) -> bool:
    """Whether commits, by their indices, at which ``series`` was measured are known to run the same
    code there. False if that is not known."""
    if len(commits) < 2 or (history.carried and not any(history.carried[n] for n in commits)):
        return False  # each has its own values
    if (name := _origin(history, commits[0])) is None:
        return False
    if any(_origin(history, commit) != name for commit in commits[1:]):
        return False
    hashes = [commit.hash for commit in history.commits]
    origin = hashes.index(name) if name in hashes else None
    if origin is None:
        return False
    return all(one == origin or _is_covered(history, series, origin, one) for one in commits)


def _origin(history: History, commit: int) -> str | None:
    """The hash of the commit whose exact values it has; None if there is no one such."""
    record = history.record(commit)
    if record is None:
        return None
    origins = {one.commit for one in record.carried} or {history.commits[commit].hash}
    return origins.pop() if len(origins) == 1 else None


def _is_covered(history: History, series: SeriesHistory, origin: int, commit: int) -> bool:
    """Whether it was known what the series opened at ``origin`` when values were carried: it had
    been measured there before anything was measured at ``commit``."""
    if max(origin, commit) >= min(len(series.started), len(history.sessions)):
        return False
    theirs = history.sessions[origin]
    own = [one.started for one in history.sessions[commit] if one not in theirs]
    return bool(own) and float(series.started[origin]) < min(own)  # NaN is before nothing
