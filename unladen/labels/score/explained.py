"""How often an explanation names what the labels name: the functions that a commit's mistake, or
its gain, is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from unladen.changes.by_commit import HistoryChanges
from unladen.changes.model import Change, Direction
from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell
from unladen.errors import UserError
from unladen.explain.choice import by_group, changed_cells
from unladen.explain.code import Key
from unladen.explain.run import ExplainedFigure, explain_cell, pair_of
from unladen.explain.sides import Sides, sides_of
from unladen.explain.work.explained import ExplainedWork
from unladen.labels.labels import Kind, Label, Labels
from unladen.repo.commits import Commit

NEAR = 3
"""Places within which a function should be named."""


@dataclass(frozen=True)
class ExplainedCase:
    """A figure of a labelled commit. ``rank``: the place of the first cause that the label names,
    0 if it names none of them; ``causes``: as labels write them; ``reason``: why nothing could be
    said, or ""."""

    commit: Commit
    cell: Cell
    rank: int
    causes: Sequence[str]
    reason: str = ""


@dataclass(frozen=True)
class ExplainedScore:
    """``cases``: of regressions and improvements whose functions the labels name; ``left_out``:
    subjects of those of which no figure that is explained changed; ``silent``:
    commits that change nothing, by whether the explanation of a run's work names no cause."""

    cases: Sequence[ExplainedCase]
    left_out: Sequence[str]
    silent: Mapping[str, bool]

    def within(self, places: int) -> int:
        """In how many cases a function that the label names is among the first causes."""
        return sum(0 < case.rank <= places for case in self.cases)


def label_key(text: str) -> Key:
    """A function as labels write it."""
    file, _, name = text.partition(":")
    return Key(file, name)


def rank_of(causes: Sequence[Key], wanted: Iterable[Key]) -> int:
    """The place of the first cause that is wanted; 0 if none is."""
    names = set(wanted)
    return next((place for place, one in enumerate(causes, 1) if one in names), 0)


def score_explanations(
    setup: BenchmarkSetup,
    labels: Labels,
    changes: HistoryChanges,
    stage: Callable[[str], None],
    jobs: int = 1,
) -> ExplainedScore:
    """Measure every labelled commit that has functions, and its predecessor, again: each commit
    once, for what it is asked of as either. ``changes``: of the whole history, in which the figures
    are found; ``jobs``: how many processes at a time. Raises ``UserError``."""
    commits = list(changes.history.commits)
    asked = _asked(setup, labels, changes)
    cases: list[ExplainedCase] = []
    silent: dict[str, bool] = {}
    explain = _Explaining(
        setup, sides_of(setup, [commit.hash for commit in commits], jobs), commits
    )
    for number, one in enumerate(asked):
        later = asked[number + 1].cells if number + 1 < len(asked) else ()
        stage(f"commit {number + 1} of {len(commits)}")
        explain.sides.prepare(number, [*one.cells, *later])
        for cell in one.cells:
            figure = explain(number, cell)
            if one.label.functions:
                cases.append(_case(figure, one.commit, one.label))
            elif figure.work is not None:
                silent[one.commit.subject] = _is_silent(figure.work)
        explain.sides.forget(number - 1)
    left_out = [one.commit.subject for one in asked if one.label.functions and not one.cells]
    return ExplainedScore(cases, left_out, silent)


@dataclass(frozen=True)
class _Asked:
    """What is explained of a commit, against the one before it."""

    commit: Commit
    label: Label
    cells: Sequence[Cell]


def _asked(setup: BenchmarkSetup, labels: Labels, changes: HistoryChanges) -> list[_Asked]:
    by_hash = {one.commit.hash: one.changes for one in changes.commits}
    found = []
    for number, commit in enumerate(changes.history.commits):
        label = labels.of(commit.subject)
        if label is None:
            raise UserError(f"there is no label of {commit.short}, {commit.subject!r}")
        is_explained = label.functions and number > 0
        cells = _cells(setup, label, by_hash.get(commit.hash, ())) if is_explained else ()
        found.append(_Asked(commit, label, cells))
    plain = _plain_cell([cell for one in found for cell in one.cells])
    return [
        replace(one, cells=[plain]) if plain and number and one.label.kind is Kind.NEUTRAL else one
        for number, one in enumerate(found)
    ]


@dataclass(frozen=True)
class _Explaining:
    setup: BenchmarkSetup
    sides: Sides
    commits: Sequence[Commit]

    def __call__(self, number: int, cell: Cell) -> ExplainedFigure:
        """The figure of a commit by its number, against the commit before."""
        before, after = self.commits[number - 1], self.commits[number]
        roots = self.setup.project.import_roots
        pair = pair_of(self.setup.repository, before, after, roots)
        return explain_cell(self.sides, (number - 1, number), pair, cell)


MEANT = {Kind.REGRESSION: Direction.REGRESSION, Kind.IMPROVEMENT: Direction.IMPROVEMENT}
"""In which direction the figures change for which a label names functions."""


def meant_cells(label: Label, changes: Sequence[Change]) -> list[Cell]:
    """The cells that a commit changed for which its label names functions: of a regression those
    that got worse, of an improvement those that got better; all, where there are none of these."""
    meant = [one for one in changes if one.direction is MEANT.get(label.kind)]
    return changed_cells(meant) or changed_cells(changes)


def _cells(setup: BenchmarkSetup, label: Label, changes: Sequence[Change]) -> list[Cell]:
    """A figure of work, and one of what users feel; where there is neither, one of what changed."""
    known = [one for one in changes if setup.series.get(one.series.name) == one.series]
    chosen = by_group(meant_cells(label, known))
    work = [cell for cell in chosen if cell.series.group == "work"]
    felt = [cell for cell in chosen if cell.series.is_behaviour]
    return work + felt[:1] or chosen[:1]


def _plain_cell(explained: Sequence[Cell]) -> Cell | None:
    """The figure that counts all bytecodes of a run and is explained most often."""
    counted = Counter(cell.key for cell in explained if cell.series.question == "work.bytecodes")
    named = {cell.key: cell for cell in explained}
    return named[counted.most_common(1)[0][0]] if counted else None


def _is_silent(work: ExplainedWork) -> bool:
    return not work.change and not work.causes


def _case(figure: ExplainedFigure, commit: Commit, label: Label) -> ExplainedCase:
    causes = figure.causes
    return ExplainedCase(
        commit=commit,
        cell=figure.cell,
        rank=rank_of(causes, map(label_key, label.functions)),
        causes=[f"{one.file}:{one.name}" for one in causes],
        reason=figure.reason,
    )


def text_of_explained(score: ExplainedScore) -> str:
    """The score as text of at most 100 columns."""
    total = len(score.cases)
    lines = [
        f"explanations of {total} figures of labelled commits, by the functions they name first"
    ]
    for places, said in ((1, "first"), (NEAR, f"among the first {NEAR}"), (10**6, "at all")):
        found = score.within(places)
        share = f"{found / total:.1%}" if total else ""
        lines.append(f"  {said:22} {found:>5} of {total}  {share}")
    missed = [case for case in score.cases if not 0 < case.rank <= NEAR]
    for case in missed:
        first = case.causes[0] if case.causes else "nothing"
        said = case.reason or f"rank {case.rank or 'none'}, first is {first}"
        lines.append(f"  {case.commit.short} {case.cell.name}: {said}"[:100])
    if score.left_out:
        lines.append(f"{len(score.left_out)} labelled commits change none of what is explained")
    quiet = sum(score.silent.values())
    lines.append(f"{quiet} of {len(score.silent)} commits that change nothing are silent")
    return "\n".join(lines)


def explained_as_json(score: ExplainedScore) -> dict[str, object]:
    """The score as strict JSON."""
    return {
        "cases": [
            {
                "commit": case.commit.hash,
                "series": case.cell.series.name,
                "parameters": list(case.cell.params),
                "rank": case.rank,
                "causes": list(case.causes),
                "reason": case.reason,
            }
            for case in score.cases
        ],
        "first": score.within(1),
        "among_first_three": score.within(NEAR),
        "left_out": list(score.left_out),
        "silent": dict(score.silent),
    }
