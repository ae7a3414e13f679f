"""Measuring two commits again to say what the difference of a figure is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell
from unladen.explain.code import Key
from unladen.explain.contexts import Side
from unladen.explain.counted import CountedThings, explain_counted
from unladen.explain.diffs import CommitFiles, Touched, commit_files, diff_of
from unladen.explain.holders import HoldersOfRetained, explain_holders
from unladen.explain.imports import Imports, explain_imports
from unladen.explain.kinds import COUNTED, IMPORTS, NONE, OUTCOMES, PEAK, RETAINED, WAITS, kind_of
from unladen.explain.matching import Matching, match, read_constants
from unladen.explain.outcome_sides import ended_otherwise
from unladen.explain.outcomes import Outcomes, explain_outcomes
from unladen.explain.peaks import Peak, explain_peak
from unladen.explain.retained import Retained, explain_retained
from unladen.explain.sides import BYTECODES, Sides, counts_itself, sides_of
from unladen.explain.waits import Waits, explain_waits
from unladen.explain.work.explained import ExplainedWork
from unladen.explain.work.explaining import explain_work
from unladen.repo.commits import Commit
from unladen.repo.repository import Repository

RUNAWAY = 2
"""Work that is so many times as much before or after is that of something that does not end."""


@dataclass(frozen=True)
class CommitPair:
    """Two commits of an SDK, their code, and what lies between."""

    before: Commit
    after: Commit
    old: CommitFiles
    new: CommitFiles
    touched: Touched
    _matchings: dict[tuple[str, ...], Matching] = field(
        default_factory=dict, repr=False, compare=False
    )

    def matching(self, own_files: Sequence[str] = ()) -> Matching:
        """Which function is which. ``own_files``: where functions may be that read what changed."""
        key = tuple(own_files)
        if key not in self._matchings:
            self._matchings[key] = self._matched(own_files)
        return self._matchings[key]

    def _matched(self, own_files: Sequence[str]) -> Matching:
        old = self.old.sources(self.touched.before)
        new = self.new.sources(self.touched.after)
        found = match(old, new, self.touched.renamed)
        here = {file: self.touched.renamed.get(file, file) for file in old}
        renamed = {here[file]: source for file, source in old.items()}
        read_constants(renamed, {**self.new.sources(own_files), **new}, found)
        return found

    def changed_functions(self) -> list[Key]:
        """The functions that run otherwise after than before, those that read a changed constant
        among them. Of the SDK's packages only: what lies below the roots."""
        files = {*self.new.packaged, *self.old.packaged}
        changed = self.matching(self.new.packaged).why
        found = [key for key in changed if key.file in files]
        return sorted(found, key=lambda key: (key.file, key.name))


@dataclass(frozen=True)
class ExplainedFigure:
    """One figure. ``work``: what the difference is made of; None where that cannot be said, and
    ``reason`` why. ``waits``: the same of the virtual time that passed, None where none did;
    ``retained``, ``holders``: of what it retains, ``peak``: of what is alive at its peak, None of
    other figures; ``imports``: of what the
    SDK's import loads, likewise; ``counted``: of what it is a number of, likewise; ``outcomes``:
    where what was done parts, of figures that say how something ends, and of one that is the same
    though what came of it becomes right or wrong.
    ``is_whole``: the series counts neither bytecodes nor function calls: its work are the bytecodes
    of its whole benchmark.
    ``before``, ``after``: the figure, measured again; None for n/a. ``sides``: all that was counted
    where there is ``work``."""

    cell: Cell
    work: ExplainedWork | None
    waits: Waits | None = None
    retained: Retained | None = None
    holders: HoldersOfRetained | None = None
    peak: Peak | None = None
    imports: Imports | None = None
    counted: CountedThings | None = None
    outcomes: Outcomes | None = None
    is_whole: bool = False
    before: float | None = None
    after: float | None = None
    reason: str = ""
    sides: tuple[Side, Side] | None = field(default=None, repr=False)

    @property
    def is_of_time(self) -> bool:
        """Whether waits tell more of it than work: also of a count that is no sum, such as of what
        goes on at once."""
        kind = kind_of(self.cell.series)
        return kind == WAITS or (kind == COUNTED and self.counted is None)

    @property
    def only_ends_otherwise(self) -> bool:
        """Whether the figure is the same, and what differs is whether what came of it was right."""
        return self.outcomes is not None and self.before == self.after

    @property
    def causes(self) -> list[Key]:
        """The functions that are to blame, foremost first: by waits if the figure is one of time,
        by who did what is counted, by where what was done parts, or before that by who does
        ``RUNAWAY`` times the work; by what holds what is retained; by who allocates what is alive
        at a peak; else by work, since where memory was allocated says nothing of who holds it.
        Last who may have made it end otherwise, and first if that is all that differs."""
        if self.imports is not None:
            return self.imports.keys
        kept = self.retained.keys if self.retained is not None else []
        held = self.holders.to_blame if self.holders is not None else []
        slept = self.waits.keys if self.waits is not None and self.waits.parting else []
        worked = [one.key for one in self.work.causes] if self.work is not None else []
        did = self.counted.keys if self.counted is not None else []
        parted = self.outcomes.causes if self.outcomes is not None else []
        suspected = self.outcomes.suspected if self.outcomes is not None else []
        ordered = [*slept, *worked] if self.is_of_time else [*worked, *slept]
        alive = self.peak.keys if self.peak is not None else []
        first = [*did, *held, *alive]
        if kind_of(self.cell.series) == OUTCOMES:
            first = [*self._running_away, *parted]
        elif self.only_ends_otherwise:
            first = [*parted, *suspected]
        return list(dict.fromkeys([*first, *ordered, *kept, *parted, *suspected]))

    @property
    def _running_away(self) -> list[Key]:
        """Of an outcome who has more work be done, or less, than all other causes, where so much
        more is done or so much less."""
        if self.outcomes is None or self.work is None or not self.work.causes:
            return []
        less, more = sorted((self.work.before, self.work.after))
        most = self.work.causes[0]
        is_most = 2 * abs(most.change) >= sum(abs(one.change) for one in self.work.causes)
        return [most.key] if more >= RUNAWAY * less and is_most else []


@dataclass(frozen=True)
class ExplainedPair:
    """Of a commit, or of all between two."""

    target: str
    pair: CommitPair
    figures: Sequence[ExplainedFigure]


def pair_of(
    repository: Repository, before: Commit, after: Commit, roots: Sequence[str]
) -> CommitPair:
    """``roots``: what of a checkout is on the path."""
    old, new = (commit_files(repository, one.hash, tuple(roots)) for one in (before, after))
    diffs = diff_of(repository, before.hash, after.hash)
    return CommitPair(before, after, old, new, Touched.of(diffs, old, new))


def explain(
    setup: BenchmarkSetup,
    pair: CommitPair,
    cells: Sequence[Cell],
    stage: Callable[[str], None],
    jobs: int = 1,
) -> ExplainedPair:
    """Measure each cell again at both commits, ``jobs`` processes at a time, unless it is known
    what they did. Raises ``UserError``."""
    span = f"{pair.before.short}..{pair.after.short}"
    sides = sides_of(setup, [pair.before.hash, pair.after.hash], jobs)
    for number, commit in enumerate((pair.before, pair.after)):
        stage(f"{span}: measuring {commit.short}")
        sides.prepare(number, cells)
    figures = []
    for number, cell in enumerate(cells, 1):
        stage(f"{span}: figure {number} of {len(cells)}")
        figures.append(explain_cell(sides, (0, 1), pair, cell))
    return ExplainedPair(setup.project.name, pair, figures)


def explain_cell(
    sides: Sides, numbers: tuple[int, int], pair: CommitPair, cell: Cell
) -> ExplainedFigure:
    """One figure. ``numbers``: which of the sides are the commits. Raises ``UserError``."""
    if kind_of(cell.series) == IMPORTS:
        return _explained_import(sides, numbers, pair, cell)
    is_whole = not counts_itself(cell)
    if not cell.series.is_exact or kind_of(cell.series) == NONE:
        return ExplainedFigure(cell, None, reason="it is no exact figure: each run has another")
    found = [sides.did(side, cell, is_whole) for side in numbers]
    if not is_whole and any(isinstance(one, Side) and not one.contexts for one in found):
        is_whole = True
        found = [sides.did(side, cell, is_whole) for side in numbers]
    empty = ExplainedFigure(cell, None, is_whole=is_whole)
    done = _both(found, pair)
    if isinstance(done, str):
        return replace(empty, reason=done)
    before, after = done
    values = replace(empty, before=before.value, after=after.value)
    kept = _both_of_memory(sides.retains, numbers, cell, RETAINED)
    peaks = _both_of_memory(sides.is_alive, numbers, cell, PEAK)
    if of_memory := kept or peaks:  # what keeps contexts is memory too
        values = replace(values, before=of_memory[0].value, after=of_memory[1].value)
    if not before.contexts or not after.contexts:
        return replace(values, reason="its figures are measured in processes of their own")
    own = {
        one.function.key.file
        for side in (before, after)
        for one in side.contexts
        if one.function.is_own
    }
    matching = pair.matching(sorted(own))
    texts = pair.old.line, pair.new.line
    waits = explain_waits(before, after, matching, texts) if before.waits or after.waits else None
    unit = BYTECODES if is_whole else cell.series.unit
    work = explain_work(before, after, matching, texts, unit)
    is_same = not work.executed and (waits is None or waits.parting is None)
    kind = kind_of(cell.series)
    counted = explain_counted(before, after, matching, texts) if kind == COUNTED else None
    ended = ended_otherwise(sides, numbers, cell, (before, after))
    outcomes = explain_outcomes(*ended, matching, texts) if ended else None
    if is_same and values.before != values.after and of_memory is None and counted is None:
        return replace(values, reason="what differs is no work of the process that measures it")
    files = pair.old, pair.new
    held = _both_of_memory(sides.holds, numbers, cell, RETAINED)
    return replace(
        values,
        work=work,
        waits=waits,
        counted=counted,
        outcomes=outcomes,
        retained=explain_retained(*kept, matching, files) if kept else None,
        holders=explain_holders(held, done, matching, files) if held else None,
        peak=explain_peak(*peaks, matching, files) if peaks else None,
        sides=(before, after),
    )


def _both(found: Sequence[Side | str], pair: CommitPair) -> tuple[Side, Side] | str:
    """What both commits did, or why one of them has no value."""
    done = []
    for commit, one in zip((pair.before, pair.after), found, strict=True):
        if isinstance(one, str):
            return f"{commit.short} gives no value: {one}"
        if one.value is None:
            return f"n/a at {commit.short}"
        done.append(one)
    before, after = done
    return before, after


def _explained_import(
    sides: Sides, numbers: tuple[int, int], pair: CommitPair, cell: Cell
) -> ExplainedFigure:
    done = _both([sides.imports(side, cell) for side in numbers], pair)
    if isinstance(done, str):
        return ExplainedFigure(cell, None, reason=done)
    before, after = done
    new_keys = pair.matching().new_keys
    imports = explain_imports(
        before,
        after,
        new_keys,
        (pair.old.line, pair.new.line),
        is_sampled=not cell.series.is_exact,
    )
    return ExplainedFigure(cell, None, imports=imports, before=before.value, after=after.value)


def _both_of_memory(
    told: Callable[[int, Cell], Side | str], numbers: tuple[int, int], cell: Cell, kind: str
) -> tuple[Side, Side] | None:
    """What is told of memory of both sides; None of figures that are not of this kind, and where
    nothing is told."""
    if kind_of(cell.series) != kind:
        return None
    before, after = (told(side, cell) for side in numbers)
    if not isinstance(before, Side) or not isinstance(after, Side):
        return None
    return (before, after) if any(one.sites or one.held for one in (before, after)) else None
