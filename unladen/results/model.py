"""The results of a target on one machine in one environment, commit by commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from unladen.changes.load import find_changes
from unladen.changes.model import Change
from unladen.detection import remembering
from unladen.errors import UserError
from unladen.history.history import History
from unladen.history.source import Choice
from unladen.repo.commits import Commit
from unladen.store.caches import cache_file
from unladen.store.readings import Reading
from unladen.store.reasons import Params
from unladen.store.records import Record
from unladen.store.series import SeriesInfo, Status, cell_text
from unladen.store.triage import TriageFile
from unladen.store.verdicts import Verdicts
from unladen.text.names import no_series


@dataclass(frozen=True)
class Value:
    """What is known of one parameter combination of a series at one commit.

    ``params``: as asv writes them, () without any. ``lender``: the name of the other source that an
    exact value is from, "" for the own one; ``note``: what the benchmark said of it, perhaps in
    several lines, "" if nothing. ``carried``: the hash of the commit that was measured, where it is
    another one that runs the same code, else "".
    """

    commit: Commit
    series: SeriesInfo
    params: Params
    reading: Reading
    lender: str = ""
    note: str = ""
    carried: str = ""

    @property
    def value(self) -> float | None:
        """In the unit of the series; there if, and only if, ``status.has_value``."""
        return self.reading.value

    @property
    def status(self) -> Status:
        """Whether it was measured, failed, is n/a or of a wrong outcome."""
        return self.reading.status

    @property
    def reason(self) -> str:
        """Why there is no value, or what is wrong with it; perhaps ""."""
        return self.reading.reason

    @property
    def cell(self) -> str:
        """The parameter combination for people, such as ``1.0, 20, unlimited``."""
        return cell_text(self.params)


@dataclass(frozen=True)
class Results:
    """What was measured of a target. ``history``: all of it as arrays; ``choice``: whose results
    they are; ``verdicts``: what measuring side by side said of suspected changes; ``triage``: what
    people said of any."""

    history: History
    choice: Choice
    verdicts: Verdicts
    triage: TriageFile = field(default_factory=TriageFile)

    @property
    def target(self) -> str:
        """The target's name."""
        return self.history.target

    @property
    def machine(self) -> str:
        """The machine that measured."""
        return self.history.machine

    @property
    def environment(self) -> str:
        """The environment, as results files are named by it."""
        return self.history.environment

    @property
    def branch(self) -> str:
        """Whose line of commits it is; "" where the repository is not at hand."""
        return self.history.branch

    @property
    def remarks(self) -> list[str]:
        """A line for each file that could not be used, and for what else one should know."""
        said = (*self.verdicts.remarks, *self.triage.remarks)
        return [*self.history.remarks, *self.choice.remarks, *said]

    @cached_property
    def commits(self) -> tuple[Commit, ...]:
        """Those that were measured, oldest first."""
        history = self.history
        return tuple(history.commits[n] for n, there in enumerate(history.measured) if there)

    @cached_property
    def series(self) -> Mapping[str, SeriesInfo]:
        """What each series says of itself, by name."""
        return {one.series.name: one.series for one in self.history.series}

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change that was found: of exact series, then suspects of sampled ones."""
        source = self.choice.source
        file = cache_file("steps", str(source.folder), source.environment)
        with remembering(file):
            return tuple(find_changes(self.history, self.verdicts, self.triage))

    def values(self, series: str | None = None, commit: str | None = None) -> list[Value]:
        """What is known, commit by commit, the oldest first, and in the order of the series.

        ``series``: only of this name; ``commit``: only of the commit whose hash begins so. What was
        not measured is left out. Raises ``UserError`` for a name or hash that is not there.
        """
        if series is not None and series not in self.series:
            raise UserError(no_series(series, [*self.series]))
        chosen = [n for n, there in enumerate(self.history.measured) if there]
        if commit is not None:
            hashes = [one.hash for one in self.history.commits]
            chosen = [n for n in chosen if hashes[n].startswith(commit.lower())]
            if len(chosen) != 1:
                found = "several are" if chosen else "none is"
                raise UserError(f"of the measured commits {found} called {commit}")
        return [value for n in chosen for value in self._values_at(n, series)]

    def _values_at(self, commit: int, name: str | None) -> list[Value]:
        found = []
        history = self.history
        record = history.record(commit) or Record()
        absent = {(one.series, one.params): one.reason for one in record.not_applicable}
        notes = {(one.series, one.params): one.text for one in record.notes}
        carried = {(one.series, one.params): one.commit for one in record.carried}
        for one in history.series:
            if name not in (None, one.series.name):
                continue
            for cell, params in enumerate(one.series.cells):
                reading = one.reading(commit, cell)
                if reading.status is Status.MISSING:
                    continue
                if reading.status is Status.NOT_APPLICABLE:
                    why = absent.get((one.series.name, params), "")
                    reading = Reading(reading.status, reason=why)
                number = one.lender(commit, cell)
                lender = "" if number is None else history.lenders[number]
                at = history.commits[commit]
                note = notes.get((one.series.name, params), "")
                origin = carried.get((one.series.name, params), "")
                found.append(Value(at, one.series, params, reading, lender, note, origin))
        return found

    def to_frame(self) -> Any:
        """All ``values`` as a ``pandas.DataFrame``, a row for each (docs/api.md has the columns).

        Raises ``UserError`` where pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            why = "to_frame needs pandas: pip install 'unladen[pandas]'"
            raise UserError(why) from error
        return pandas.DataFrame(_columns(self.values()))


def _columns(values: Sequence[Value]) -> dict[str, Any]:
    dates = np.array([one.commit.date for one in values], dtype="datetime64[ms]")
    return {
        "commit": [one.commit.hash for one in values],
        "date": dates,
        "series": [one.series.name for one in values],
        "cell": [one.cell for one in values],
        "value": np.array([np.nan if one.value is None else one.value for one in values]),
        "status": [one.status.value for one in values],
        "reason": [one.reason for one in values],
        "unit": [one.series.unit for one in values],
        "kind": [one.series.kind for one in values],
        "group": [one.series.group for one in values],
        "lender": [one.lender for one in values],
        "carried": [one.carried for one in values],
    }
