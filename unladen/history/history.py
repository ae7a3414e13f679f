"""The stored results of one target, machine and environment, commit by commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from unladen.history.conditions import Conditions
from unladen.history.series_history import SeriesHistory
from unladen.repo.commits import Commit
from unladen.store.records import Record, Session


@dataclass(frozen=True)
class History:
    """What was measured of a target on one machine in one environment; and, where that lacks exact
    values, those that others measured under the same conditions (``unladen.history.lending``).

    ``commits``: oldest first, those in scope and those measured. ``measured``: for each whether
    it has results. ``remarks``: one line for each results file that could not be used, and for
    what else the user should know. ``sessions``: for each commit the measurements that its results
    are from; empty if none is known of any (see ``unladen.changes.host``). ``records``: for each
    commit what is recorded of the values that are shown of it, None where nothing is; empty if that
    is everywhere. ``conditions``: likewise those under which the results were measured.
    ``carried``: for each commit whether its record says of values that they are another commit's;
    empty if that is not known.
    ``lenders``: the names of the sources that values are lent from. ``own``: for each commit
    whether the source itself has results; empty if that is the same as ``measured``. ``branch``:
    whose line it is, "" if that is not known.
    """

    target: str
    machine: str
    environment: str
    commits: Sequence[Commit]
    measured: Sequence[bool]
    series: Sequence[SeriesHistory]
    remarks: Sequence[str]
    sessions: Sequence[Sequence[Session]] = ()
    records: Sequence[Record | None] = ()
    conditions: Sequence[Conditions | None] = ()
    lenders: Sequence[str] = ()
    own: Sequence[bool] = ()
    branch: str = ""
    carried: Sequence[bool] = ()

    def record(self, commit: int) -> Record | None:
        """What is recorded of the values of a commit, by its index; None if nothing is."""
        return self.records[commit] if self.records else None

    def up_to(self, commit: int) -> History:
        """Without the commits after this one, by its index."""
        if commit == len(self.commits) - 1:
            return self
        part = slice(0, commit + 1)
        return replace(
            self,
            commits=self.commits[part],
            measured=self.measured[part],
            sessions=self.sessions[part],
            records=self.records[part],
            conditions=self.conditions[part],
            own=self.own[part],
            carried=self.carried[part],
            series=[one.up_to(commit) for one in self.series],
        )

    def lenders_at(self, commit: int) -> list[str]:
        """The names of the sources that values of a commit, by its index, are lent from."""
        rows = [one.lent[commit] for one in self.series if one.lent.size]
        numbers = sorted({int(number) for row in rows for number in row if number})
        return [self.lenders[number - 1] for number in numbers]

    def session_of(self, series: SeriesHistory, commit: int) -> Session | None:
        """The measurement that the own value of a series at a commit, by its index, is from; None
        if it is not recorded."""
        if commit >= min(len(series.started), len(self.sessions)):
            return None
        at = series.started[commit]  # NaN lies in no session
        found = (one for one in reversed(self.sessions[commit]) if one.started <= at <= one.ended)
        return next(found, None)

    @property
    def newest(self) -> int:
        """The index of the newest commit of which the source itself has results."""
        return max(n for n, is_there in enumerate(self.own or self.measured) if is_there)

    @property
    def measured_hashes(self) -> list[str]:
        """The hashes of the commits that have results."""
        pairs = zip(self.commits, self.measured, strict=True)
        return [commit.hash for commit, is_there in pairs if is_there]
