"""Measuring two commits again to say what the difference of a figure is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell
from unladen.compare.ab.interleaved import InterleavedRunner
from unladen.errors import UserError
from unladen.explain.contexts import Side, read_side
from unladen.explain.diffs import CommitFiles, Touched, diff_of
from unladen.explain.matching import Matching, match, read_constants
from unladen.explain.work import Work, explain_work
from unladen.repo.commits import Commit
from unladen.repo.repository import Repository
from unladen.store.reasons import failure_reason
from unladen.text.terminal import printable

ATTRIBUTE = ("-m", "benchmarks.attribute")
COUNTED = "bytecodes"
"""The unit of series that count bytecodes themselves."""


@dataclass(frozen=True)
class CommitPair:
    """Two commits of an SDK, their code, and what lies between."""

    before: Commit
    after: Commit
    old: CommitFiles
    new: CommitFiles
    touched: Touched

    def matching(self, own_files: Sequence[str] = ()) -> Matching:
        """Which function is which. ``own_files``: where functions may be that read what changed."""
        old = self.old.sources(self.touched.before)
        new = self.new.sources(self.touched.after)
        found = match(old, new, self.touched.renamed)
        here = {file: self.touched.renamed.get(file, file) for file in old}
        renamed = {here[file]: source for file, source in old.items()}
        read_constants(renamed, {**self.new.sources(own_files), **new}, found)
        return found


@dataclass(frozen=True)
class ExplainedFigure:
    """One figure. ``work``: what the difference is made of; None where that cannot be said, and
    ``reason`` why. ``is_whole``: the series does not count bytecodes: they are those of its whole
    benchmark. ``before``, ``after``: the figure, measured again; None for n/a."""

    cell: Cell
    work: Work | None
    is_whole: bool = False
    before: float | None = None
    after: float | None = None
    reason: str = ""


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
    old = CommitFiles(repository, before.hash, roots)
    new = CommitFiles(repository, after.hash, roots)
    diffs = diff_of(repository, before.hash, after.hash)
    return CommitPair(before, after, old, new, Touched.of(diffs, old, new))


def explain(
    setup: BenchmarkSetup, pair: CommitPair, cells: Sequence[Cell], stage: Callable[[str], None]
) -> ExplainedPair:
    """Measure each cell again at both commits. Raises ``UserError``."""
    commits = [pair.before.hash, pair.after.hash]
    stage(f"{pair.before.short}..{pair.after.short}: checking out")
    with InterleavedRunner(setup, commits) as runner:
        figures = []
        for number, cell in enumerate(cells, 1):
            stage(f"{pair.before.short}..{pair.after.short}: figure {number} of {len(cells)}")
            figures.append(explain_cell(runner, pair, cell))
    return ExplainedPair(setup.project.name, pair, figures)


def explain_cell(runner: InterleavedRunner, pair: CommitPair, cell: Cell) -> ExplainedFigure:
    """One figure, its two commits measured by a runner. Raises ``UserError``."""
    is_whole = cell.series.unit != COUNTED
    before, after = (_measured(runner, side, cell, is_whole) for side in range(2))
    if not is_whole and not (_has_counted(before) and _has_counted(after)):
        is_whole = True
        before, after = (_measured(runner, side, cell, is_whole) for side in range(2))
    empty = ExplainedFigure(cell, None, is_whole)
    for side, found in enumerate((before, after)):
        if isinstance(found, str):
            where = runner.commits[side][:8]
            return replace(empty, reason=f"{where} gives no value: {found}")
    assert isinstance(before, Side)
    assert isinstance(after, Side)
    values = replace(empty, before=before.value, after=after.value)
    if absent := [
        commit.short
        for commit, one in ((pair.before, before), (pair.after, after))
        if one.value is None
    ]:
        return replace(values, reason=f"n/a at {' and '.join(absent)}")
    if not before.contexts or not after.contexts:
        return replace(values, reason="its figures are measured in processes of their own")
    own = {
        one.function.key.file
        for side in (before, after)
        for one in side.contexts
        if one.function.is_own
    }
    matching = pair.matching(sorted(own))
    work = explain_work(before, after, matching, (pair.old.line, pair.new.line))
    return replace(values, work=work)


def _has_counted(side: Side | str) -> bool:
    return isinstance(side, str) or bool(side.contexts)


def _measured(runner: InterleavedRunner, side: int, cell: Cell, is_whole: bool) -> Side | str:
    """What a process of a commit counted, or why it failed."""
    whole = ["--whole"] if is_whole else []
    done = runner.ended(side, [*ATTRIBUTE, cell.series.name, str(cell.index), *whole])
    if done.exit_code == 0 and done.output.strip():
        return read_side(done.output)
    if "No module named benchmarks.attribute" in done.errors:
        raise UserError("the suite cannot say whose work a figure is: it has no attribute.py")
    return printable(failure_reason(done.errors, done.exit_code))
