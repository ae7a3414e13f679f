"""What a gate found."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field

from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.ab.statistics import Estimate
from unladen.measure.machine_load import Load
from unladen.repo.commits import Commit
from unladen.results.spared import Spared

OK = 0
REGRESSION = 1
BROKEN = 3
NOTHING_MEASURED = 4
UNDECIDED = 5


class Judgement(enum.Enum):
    """What became of a cell between the two commits. ``docs/gate.md`` defines each."""

    SAME = "same"
    REGRESSION = "regression"
    MINOR = "minor regression"
    IMPROVEMENT = "improvement"
    MINOR_BETTER = "minor improvement"
    BROKEN = "broken"
    WRONG = "goes wrong"
    GONE = "gone"
    WORKS = "works again"
    RIGHT = "right again"
    NEW = "new"
    FLAGGED = "flagged"
    CLEARED = "not confirmed"
    UNDECIDED = "undecided"
    UNSTEADY = "unsteady"
    NOT_MEASURED = "not measured"
    ACCEPTED = "accepted"


COULD_NOT_JUDGE = (Judgement.UNDECIDED, Judgement.UNSTEADY)
"""Outcomes behind which a regression may be hidden."""


BREAKING = frozenset({Judgement.BROKEN, Judgement.WRONG, Judgement.GONE})
"""Outcomes of what worked before and does not now."""

FAILING = BREAKING | {Judgement.REGRESSION}
"""Outcomes of which one fails a gate."""


@dataclass(frozen=True)
class Finding:
    """One cell. ``worse``: by how much it is worse, as a fraction of the figure before; negative if
    better; infinite from 0; None without both figures. ``threshold``: from where on ``worse``
    counts, likewise. ``first``, ``again``: what the rounds of a sampled cell say, those that look
    at all cells and those that measured a flagged one again."""

    cell: Cell
    judgement: Judgement
    before: Sample
    after: Sample
    worse: float | None
    threshold: float
    first: Estimate | None = None
    again: Estimate | None = None
    note: str = ""


@dataclass(frozen=True)
class Cut:
    """What is known of BASE where it went on after the branch was cut or got it. ``named``: the
    commit called so; ``commits``: by how many it went on; ``values``: how many exact figures are
    stored of both it and the commit that is compared; ``changed``: those of them that differ."""

    named: Commit
    commits: int
    values: int = 0
    changed: Sequence[Finding] = ()


@dataclass(frozen=True)
class GateResult:
    """All that a gate found. ``findings``: one for each cell; ``same_code``: the commits hold the
    same files, so nothing was measured; ``stored``: exact series whose figures were there already,
    of both commits together; ``rounds``: of the first look at the sampled series; ``seconds``: what
    it took; ``remarks``: lines for the user. ``load``: how busy the machine was while sampled
    series were measured, ``waited``: seconds that went by before it was quiet.
    ``accepts_undecided``: the user does not want to be stopped by what could not be judged.
    ``cut``: what BASE has done since, None if ``base`` is the commit called BASE;
    ``is_exact_base``: the user wanted it so; ``is_base_held``: whether ``base`` is in the history
    of ``head``. ``spared``: the series that were not measured at both, since all that their
    processes open is the same in both; None if there are none."""

    target: str
    base: Commit
    head: Commit
    python: str
    machine: str
    findings: Sequence[Finding]
    rounds: int = 0
    stored: int = 0
    seconds: float = 0.0
    same_code: bool = False
    remarks: Sequence[str] = field(default=())
    load: Load | None = None
    waited: float = 0.0
    accepts_undecided: bool = False
    cut: Cut | None = None
    is_exact_base: bool = False
    is_base_held: bool = True
    spared: Spared | None = None

    def having(self, *judgements: Judgement) -> list[Finding]:
        """The findings with one of these outcomes, the biggest changes first."""
        found = [one for one in self.findings if one.judgement in judgements]
        return sorted(found, key=lambda one: (-abs(one.worse or 0.0), one.cell.name))

    @property
    def code(self) -> int:
        """What was found: 0 no regression, 1 regression, 3 something broke, goes wrong or is gone,
        4 nothing was measured, 5 neither: whether there is a regression could not be judged."""
        judgements = {one.judgement for one in self.findings}
        if judgements & BREAKING:
            return BROKEN
        if Judgement.REGRESSION in judgements:
            return REGRESSION
        if judgements & set(COULD_NOT_JUDGE):
            return UNDECIDED
        is_known = self.same_code or self.spared is not None
        if is_known or judgements - {Judgement.NOT_MEASURED}:
            return OK
        return NOTHING_MEASURED

    @property
    def exit_code(self) -> int:
        """``code``, but 0 for 5 if the user accepts that."""
        return OK if self.code == UNDECIDED and self.accepts_undecided else self.code
