"""One series over the commits of a history: its values, and why there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from unladen.store.readings import Reading, is_untold
from unladen.store.series import SeriesInfo, Status

CODES: Mapping[Status, int] = {status: code for code, status in enumerate(Status)}
"""How ``SeriesHistory.statuses`` writes a status."""

_STATUSES = tuple(Status)

NOTHING = frozenset({Status.MISSING, Status.NOT_APPLICABLE})
"""Neither measured nor failed: of a capability that the target does not have there is no more."""
BAD = frozenset({Status.FAILED, Status.WRONG})
"""What is wrong, and what fails: neither does what was asked. From one to the other is neither a
regression nor an improvement."""
WITH_VALUE = frozenset(status for status in Status if status.has_value)


def is_one_of(statuses: NDArray[np.uint8], wanted: frozenset[Status]) -> NDArray[np.bool_]:
    """Where an array of ``CODES`` has one of these."""
    found: NDArray[np.bool_] = _table(wanted)[statuses]
    return found


@cache
def _table(wanted: frozenset[Status]) -> NDArray[np.bool_]:
    # A look into a table takes a twentieth of the time of numpy's isin on a few hundred commits.
    return np.array([status in wanted for status in Status])


@dataclass(frozen=True)
class SeriesHistory:
    """One series over the commits of a history. Arrays have the shape (commits, cells).

    ``values``: float64, NaN where ``statuses`` (uint8, see ``CODES``) has no value. ``reasons``: of
    failures, and what is wrong with wrong outcomes, by commit and cell index. ``stats``, for
    sampled series: asv's statistics by name (``damage.STATISTICS``), NaN where there are
    none. ``samples``: those that asv was asked to keep, by commit and cell index. ``started``: by
    commit, when the series was measured, milliseconds since 1970, NaN where that is not known;
    empty if it is nowhere. ``lent``: uint8, 0 for what the history's own source measured, else one
    more than the index in ``History.lenders`` of the source that did; empty if nothing is lent.
    """

    series: SeriesInfo
    values: NDArray[np.float64]
    statuses: NDArray[np.uint8]
    reasons: Mapping[tuple[int, int], str]
    stats: Mapping[str, NDArray[np.float64]]
    samples: Mapping[tuple[int, int], Sequence[float]]
    started: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    lent: NDArray[np.uint8] = field(default_factory=lambda: np.empty((0, 0), dtype=np.uint8))

    def lender(self, commit: int, cell: int) -> int | None:
        """The index in ``History.lenders`` of the source of a value, None for the own one."""
        number = int(self.lent[commit, cell]) if self.lent.size else 0
        return number - 1 if number else None

    @property
    def is_applicable(self) -> bool:
        """Whether anything was measured, or failed, at any commit; not so of a capability that the
        target does not have."""
        return not bool(is_one_of(self.statuses, NOTHING).all())

    def status(self, commit: int, cell: int) -> Status:
        """What is known of a cell at a commit."""
        return _STATUSES[int(self.statuses[commit, cell])]

    def value(self, commit: int, cell: int) -> float | None:
        """The value of a cell at a commit, be its outcome right or wrong; None if there is none."""
        return float(self.values[commit, cell]) if self.status(commit, cell).has_value else None

    def reading(self, commit: int, cell: int) -> Reading:
        """All that is known of a cell at a commit but why it is n/a."""
        reason = self.reasons.get((commit, cell), "")
        return Reading(self.status(commit, cell), self.value(commit, cell), reason)

    def known(self, cell: int) -> NDArray[np.intp]:
        """The commits at which a cell was measured."""
        return np.flatnonzero(self.statuses[:, cell] != CODES[Status.MISSING])

    def starts(self, cell: int, at: NDArray[np.intp] | None = None) -> NDArray[np.intp]:
        """The positions in ``at`` from which on a cell reads otherwise than at the one before,
        the first position among them. ``at``: commits, by default those of ``known``."""
        at = self.known(cell) if at is None else at
        if not at.size:
            return at
        statuses, values = self.statuses[at, cell], self.values[at, cell]
        differs = differ_each(self.series, values[:-1], values[1:])
        return np.append(0, np.flatnonzero((statuses[:-1] != statuses[1:]) | differs) + 1)

    def since(self, commit: int, cell: int) -> tuple[int, bool]:
        """The commit from which on a cell has read as it does at a commit where it was measured;
        and whether that is the first one at which it was. Where it was not measured it may have
        been anything, and counts as neither."""
        known = self.known(cell)
        at = known[known <= commit]
        starts = self.starts(cell, at)
        return int(at[starts[-1]]), starts.size == 1

    def up_to(self, commit: int) -> SeriesHistory:
        """Without the commits after this one, by its index."""
        part = slice(0, commit + 1)
        return replace(
            self,
            values=self.values[part],
            statuses=self.statuses[part],
            stats={name: array[part] for name, array in self.stats.items()},
            started=self.started[part],
            lent=self.lent[part],
            reasons={key: text for key, text in self.reasons.items() if key[0] <= commit},
            samples={key: found for key, found in self.samples.items() if key[0] <= commit},
        )

    @cached_property
    def untold(self) -> NDArray[np.bool_]:
        """Where it is known that the outcome is wrong, but not with which value."""
        found = np.zeros(self.statuses.shape, dtype=bool)
        for at, reason in self.reasons.items():
            found[at] = is_untold(self.status(*at), reason)
        return found


def differ_each(
    series: SeriesInfo, before: NDArray[np.float64], after: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """As ``SeriesInfo.differ``, of each pair of values; False where one of them is NaN."""
    limit = series.slack * np.maximum(np.abs(before), np.abs(after))
    found: NDArray[np.bool_] = np.abs(after - before) > limit
    return found
