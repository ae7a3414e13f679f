"""Exact values that one source lacks and others have.

An exact value is valid wherever it was measured under the same conditions, so that the history of a
machine that has measured a few commits holds what others, such as those who ship results, know of
the rest. Sampled values depend on the machine and are never lent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from unladen.errors import UserError
from unladen.history.conditions import Conditions, disagreement
from unladen.history.history import History
from unladen.history.lines import Line
from unladen.history.loading import load_history, load_measured
from unladen.history.order import order_commits
from unladen.history.series_history import CODES, SeriesHistory, differ_each
from unladen.history.source import Choice, Source, beginnings
from unladen.history.source_readings import SourceReadings, measured_dates
from unladen.project.project import Project
from unladen.repo.repository import Repository
from unladen.store.reasons import Params
from unladen.store.records import Carried, Failure, NotApplicable, Note, Record, Wrong
from unladen.store.series import Status, cell_text
from unladen.text.terminal import printable

_Entry = TypeVar("_Entry", Carried, Failure, NotApplicable, Note, Wrong)

_MISSING, _WRONG = CODES[Status.MISSING], CODES[Status.WRONG]


def load_lent(
    project: Project, repository: Repository, choice: Choice, line: Line | None = None
) -> History:
    """The history of the chosen source on a line, by default that of the conf's first branch, with
    the exact values that others lend it. Raises ``UserError`` as ``load_history`` does."""
    measured = beginnings((choice.source, *choice.lenders))
    return lend(
        choice,
        lambda source: load_history(project, repository, source, line, measured),
        own_packages=not project.is_on_path,
    )


def load_lent_alone(
    project: Project,
    choice: Choice,
    readings: Mapping[Source, SourceReadings],
    shown: str | None = None,
    branch: str | None = None,
) -> History:
    """The same of the measured commits, which needs no repository (``load_measured``).

    ``readings``: of the source and its lenders; ``shown``: a commit that must be there;
    ``branch``: whose history (see ``order_commits``).
    """
    ordered = order_commits(project, measured_dates(readings), branch, shown)
    history = lend(
        choice,
        lambda source: load_measured(project, readings[source], ordered.commits),
        own_packages=not project.is_on_path,
    )
    remarks = [*history.remarks, *ordered.remarks]
    return replace(history, branch=ordered.branch, remarks=remarks)


def lend(
    choice: Choice, load: Callable[[Source], History], *, own_packages: bool = False
) -> History:
    """The history of the chosen source with the exact values that it lacks, from the first of its
    lenders that has them. ``load``: gives the history of each, all of the same commits and series.

    Lent is what was measured under the conditions of the source's latest results;
    ``own_packages``: but each commit brings its own packages, which are those that the source has
    measured it with, or else any. Where two
    sources have different values of the same commit under the same conditions, the own one's, else
    the first one's, is shown, and a remark says so. A lender whose results cannot be used is left
    out, with a remark.
    """
    own = load(choice.source)
    lending = _Lending(own)
    now = _latest_conditions(own)
    if now is None:
        return lending.history()
    for source in choice.lenders:
        try:
            other = load(source)
        except UserError as error:
            lending.remarks.append(str(error))
            continue
        lending.remarks += [line for line in other.remarks if str(source.folder) in line]
        here = [
            now.with_packages_of(mine or theirs) if own_packages else now
            for mine, theirs in zip(own.conditions, other.conditions, strict=True)
        ]
        lending.take(str(source), other, here)
    return lending.history()


def _merged(
    history: History, commit: int, own: Record | None, lenders: Sequence[Record | None]
) -> Record | None:
    """What is recorded of the values of a commit, by its index, some of which are lent: of the
    ``own`` record and of each lender's what concerns the values that are shown of it."""
    shown = _origins(history, commit)
    numbered = [(None, own), *enumerate(lenders)]
    known = [(lender, one) for lender, one in numbered if one is not None]
    if not known:
        return None
    described = [one for _, one in known if one.environment is not None]
    return replace(
        [*described, known[0][1]][0],
        failed=tuple(_of(known, shown, lambda record: record.failed)),
        not_applicable=tuple(_of(known, shown, lambda record: record.not_applicable)),
        notes=tuple(_of(known, shown, lambda record: record.notes)),
        wrong=tuple(_of(known, shown, lambda record: record.wrong)),
        carried=tuple(_of(known, shown, lambda record: record.carried)),
    )


def _origins(history: History, commit: int) -> dict[tuple[str, Params], int]:
    """The lender of each lent value of a commit."""
    return {
        (one.series.name, one.series.cells[cell]): int(one.lent[commit, cell]) - 1
        for one in history.series
        if one.lent.size
        for cell in np.flatnonzero(one.lent[commit]).tolist()
    }


def _of(
    records: Sequence[tuple[int | None, Record]],
    shown: Mapping[tuple[str, Params], int],
    entries: Callable[[Record], Sequence[_Entry]],
) -> Iterator[_Entry]:
    """The entries of each record that are about a value that is shown of it."""
    for lender, record in records:
        for entry in entries(record):
            if shown.get((entry.series, entry.params)) == lender:
                yield entry


class _Lending:
    """Takes over from one source after the other."""

    def __init__(self, own: History) -> None:
        self._own = own
        self._series = list(own.series)
        self._lenders: list[str] = []
        self._records: list[Sequence[Record | None]] = []
        """Of each lender, those of the commits at which it lends."""
        self._conditions = list(own.conditions)
        self.remarks: list[str] = []
        self._measured = np.array(own.measured, dtype=bool)

    def take(self, name: str, other: History, now: Sequence[Conditions]) -> None:
        """Add what ``other`` has under the conditions ``now``, one for each commit."""
        valid = _agreeing(now, other.conditions)
        comparable = valid & _agreeing(now, self._conditions)
        number = len(self._lenders) + 1
        lent_at = np.zeros(len(valid), dtype=bool)
        disputed: list[str] = []
        for n, (mine, theirs) in enumerate(zip(self._series, other.series, strict=True)):
            if not mine.series.is_exact:
                continue
            known = valid[:, None] & (theirs.statuses != _MISSING)
            is_better = mine.untold & (theirs.statuses == _WRONG)
            taken = known & ((mine.statuses == _MISSING) | is_better)
            differing = known & comparable[:, None] & ~taken & _differ(mine, theirs)
            disputed += [self._cell_name(mine, *at) for at in np.argwhere(differing).tolist()]
            if taken.any():
                self._series[n] = _with(mine, theirs, taken, number)
                lent_at |= taken.any(axis=1)
        if lent_at.any():
            self._lenders.append(name)
            self._records.append(
                [other.record(at) if lends else None for at, lends in enumerate(lent_at.tolist())]
            )
            count = int(lent_at.sum())
            commits = f"{count} commit{'s' * (count > 1)}"
            self.remarks.append(
                f"exact values of {commits} are from {name}, measured with the same packages"
            )
            self._measured |= lent_at
            for at in np.flatnonzero(lent_at).tolist():
                self._conditions[at] = self._conditions[at] or now[at]
        if disputed:
            self.remarks.append(disagreement(name, disputed))

    def history(self) -> History:
        """The own history with all that was taken."""
        own = self._own
        if not self._lenders:
            return replace(own, remarks=[*own.remarks, *self.remarks])
        lent = replace(
            own,
            measured=self._measured.tolist(),
            own=own.measured,
            series=self._series,
            lenders=self._lenders,
            remarks=[*own.remarks, *self.remarks],
        )
        return replace(lent, records=list(self._merged_records(lent)), carried=())

    def _merged_records(self, history: History) -> Iterator[Record | None]:
        for commit, lenders in enumerate(zip(*self._records, strict=True)):
            own, lends = self._own.record(commit), any(record is not None for record in lenders)
            yield _merged(history, commit, own, lenders) if lends else own

    def _cell_name(self, series: SeriesHistory, commit: int, cell: int) -> str:
        params = cell_text(series.series.cells[cell])
        name = printable(series.series.name) + (f"({params})" if params else "")
        return f"{name} at {self._own.commits[commit].short}"


def _agreeing(now: Sequence[Conditions], found: Sequence[Conditions | None]) -> NDArray[np.bool_]:
    return np.array([one.agree(other) for one, other in zip(now, found, strict=True)], dtype=bool)


def _latest_conditions(history: History) -> Conditions | None:
    """Those of the latest measurement; of those whose time is unknown, of the newest commit."""
    found: Conditions | None = None
    latest = -1
    for n, conditions in enumerate(history.conditions):
        if conditions is not None:
            ended = max((one.ended for one in history.sessions[n]), default=0)
            if ended >= latest:
                found, latest = conditions, ended
    return found


def _differ(one: SeriesHistory, other: SeriesHistory) -> NDArray[np.bool_]:
    """Where two say different things of a cell."""
    apart = differ_each(one.series, one.values, other.values)
    told_anew = (one.untold & (other.statuses == _WRONG)) | (
        other.untold & (one.statuses == _WRONG)
    )
    differs = (one.statuses != other.statuses) | apart
    found: NDArray[np.bool_] = differs & ~told_anew
    return found


def _with(
    mine: SeriesHistory, theirs: SeriesHistory, taken: NDArray[np.bool_], number: int
) -> SeriesHistory:
    lent = mine.lent if mine.lent.size else np.zeros(mine.statuses.shape, dtype=np.uint8)
    own = {at: text for at, text in mine.reasons.items() if not taken[at]}
    reasons = {at: text for at, text in theirs.reasons.items() if taken[at]}
    return replace(
        mine,
        values=np.where(taken, theirs.values, mine.values),
        statuses=np.where(taken, theirs.statuses, mine.statuses),
        lent=np.where(taken, np.uint8(number), lent),
        reasons={**own, **reasons},
    )
