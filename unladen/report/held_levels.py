"""What a target is to reach, held against what was measured at a commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from unladen.errors import UserError
from unladen.report.cited import Cited, cited, limit_text
from unladen.report.commit_results import CommitResults
from unladen.results.bounds import Met
from unladen.results.claims import Bearing
from unladen.results.levels import Level, LevelCriterion
from unladen.store.series import Status
from unladen.text.names import did_you_mean
from unladen.text.terminal import printable


@dataclass(frozen=True)
class HeldCriterion:
    """``limit``: what it is held against, in words; ``cited``: the figure, or why there is none."""

    criterion: LevelCriterion
    limit: str
    cited: Cited
    met: Met

    @property
    def is_bad(self) -> bool:
        """Whether the level is not reached for it."""
        return self.met is Met.NO or (self.met is Met.UNMEASURED and self.criterion.required)


@dataclass(frozen=True)
class HeldLevel:
    """A level and what became of its criteria."""

    level: Level
    criteria: Sequence[HeldCriterion]

    def count(self, met: Met) -> int:
        """How many of its criteria are so."""
        return sum(one.met is met for one in self.criteria)

    @property
    def met(self) -> Met:
        """Met if none of its criteria is bad; not measured if nothing of it was."""
        if any(one.is_bad for one in self.criteria):
            return Met.NO
        return Met.YES if self.count(Met.YES) else Met.UNMEASURED


def held_levels(results: CommitResults, wanted: Collection[str] = ()) -> list[HeldLevel]:
    """The levels of the target, or those of these names, in the order of their file.

    Raises ``UserError`` for a target without levels, and for a name that none has.
    """
    if results.levels is None:
        raise UserError(
            f"{results.target} has no levels.toml beside its driver: docs/levels.md says what it "
            "holds"
        )
    levels = results.levels.level
    known = [level.name for level in levels]
    for name in wanted:
        if name not in known:
            near = did_you_mean(name, known) or f"; there are {', '.join(map(printable, known))}"
            raise UserError(f"no level is called {printable(name)!r}{near}")
    return [
        HeldLevel(level, [_judged(results, one) for one in level.criterion])
        for level in levels
        if not wanted or level.name in wanted
    ]


def _judged(results: CommitResults, criterion: LevelCriterion) -> HeldCriterion:
    limit = limit_text(results, criterion)
    if criterion.unmeasured:
        return HeldCriterion(criterion, limit, Cited(None, criterion.unmeasured), Met.UNMEASURED)
    found = cited(results, criterion)
    return HeldCriterion(criterion, limit, found, _met(criterion, found))


def _met(criterion: LevelCriterion, found: Cited) -> Met:
    """What failed, or did not do what was asked, meets nothing, however good its figure."""
    if found.has_broken_off or found.status in (Status.FAILED, Status.WRONG):
        return Met.NO
    if found.figure is None:
        return Met.UNMEASURED
    return Met.YES if found.bearing(criterion) is Bearing.AGREES else Met.NO
