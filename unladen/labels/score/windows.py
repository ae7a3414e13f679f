"""Several neighbouring commits explained as one change: does the explanation name all culprits?

Most commits change few functions, so that naming one of them is easy. In a window of many commits
the culprits are among many functions that were changed for other reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from unladen.changes.by_commit import HistoryChanges, is_minor
from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell
from unladen.compare.ab.interleaved import InterleavedRunner
from unladen.explain.choice import changed_cells
from unladen.explain.code import Key
from unladen.explain.matching import Matching
from unladen.explain.run import BYTECODES, Sides, explain_cell, pair_of
from unladen.labels.labels import Label, Labels
from unladen.labels.score.explained import label_key
from unladen.repo.commits import Commit
from unladen.repo.repository import Repository

MORE = 2
"""Places beyond the number of culprits within which all of them should be named."""


@dataclass(frozen=True)
class SquashedWindow:
    """Commits taken as one change, by a figure. ``culprits``: the labelled ones that changed it;
    ``missed``: those of which no function is among the first causes; ``causes``: how many there
    are."""

    before: Commit
    after: Commit
    size: int
    cell: Cell
    culprits: Sequence[Commit]
    missed: Sequence[Commit]
    causes: int

    @property
    def is_right(self) -> bool:
        """Whether all culprits are named."""
        return not self.missed


def counted_cells(series_changes: Sequence[Cell]) -> list[Cell]:
    """Of each capability the cell in bytecodes that was changed most often. ``series_changes``:
    all that were changed, once for each commit."""
    counted = [cell for cell in series_changes if cell.series.unit == BYTECODES]
    counts = Counter(cell.key for cell in counted)
    best: dict[str, Cell] = {}
    for cell in sorted(counted, key=lambda one: (-counts[one.key], one.key)):
        best.setdefault(cell.series.capability, cell)
    return list(best.values())


def measure_windows(
    setup: BenchmarkSetup,
    labels: Labels,
    changes: HistoryChanges,
    sizes: Sequence[int],
    stage: Callable[[str], None],
) -> list[SquashedWindow]:
    """Measure a figure of each capability at every commit, and explain every window of the sizes.
    Raises ``UserError``."""
    hashes = [commit.hash for commit in changes.history.commits]
    with InterleavedRunner(setup, hashes) as runner:
        windows = SquashedWindows(setup.repository, setup.project.import_roots, labels, changes)
        return list(windows.explained(Sides(runner), sizes, stage))


class SquashedWindows:
    """The windows of a labelled history."""

    def __init__(
        self,
        repository: Repository,
        roots: Sequence[str],
        labels: Labels,
        changes: HistoryChanges,
    ) -> None:
        """Nothing is read of the repository yet."""
        self._repository = repository
        self._roots = roots
        self._commits = list(changes.history.commits)
        self._labels = [labels.of(commit.subject) for commit in self._commits]
        by_hash = {
            one.commit.hash: changed_cells(each for each in one.changes if not is_minor(each))
            for one in changes.commits
        }
        self._changed = [by_hash.get(commit.hash, []) for commit in self._commits]

    def explained(
        self, sides: Sides, sizes: Sequence[int], stage: Callable[[str], None]
    ) -> Iterator[SquashedWindow]:
        """Those with a culprit and a difference. ``sides``: all commits of the history."""
        matchings = [self._matching(number) for number in range(1, len(self._commits))]
        for cell in counted_cells([cell for cells in self._changed for cell in cells]):
            for size in sizes:
                for start in range(len(self._commits) - size):
                    stage(f"{cell.name}: {size} commits from the {start + 1}th")
                    culprits = self._culprits(start, size, cell)
                    if culprits:
                        yield from self._window(sides, start, size, cell, culprits, matchings)

    def _matching(self, number: int) -> Matching:
        before, after = self._commits[number - 1], self._commits[number]
        return pair_of(self._repository, before, after, self._roots).matching()

    def _culprits(self, start: int, size: int, cell: Cell) -> dict[int, Label]:
        """By number the labelled commits of a window that changed the cell, and neither repair
        another of the window nor are repaired in it."""
        numbers = range(start + 1, start + size + 1)
        inside = {label.subject: label for n in numbers if (label := self._labels[n]) is not None}
        repaired = {label.repairs for label in inside.values() if label.repairs in inside}
        found = {}
        for number in numbers:
            label = self._labels[number]
            if label is None or not label.functions or cell not in self._changed[number]:
                continue
            if label.subject not in repaired and label.repairs not in inside:
                found[number] = label
        return found

    def _window(
        self,
        sides: Sides,
        start: int,
        size: int,
        cell: Cell,
        culprits: Mapping[int, Label],
        matchings: Sequence[Matching],
    ) -> Iterator[SquashedWindow]:
        end = start + size
        before, after = self._commits[start], self._commits[end]
        pair = pair_of(self._repository, before, after, self._roots)
        figure = explain_cell(sides, (start, end), pair, cell)
        if figure.work is None or not figure.work.change:
            return
        first = figure.causes[: len(culprits) + MORE]
        missed = [
            self._commits[number]
            for number, label in culprits.items()
            if not set(_now(label, matchings[number:end])) & set(first)
        ]
        yield SquashedWindow(
            before=before,
            after=after,
            size=size,
            cell=cell,
            culprits=[self._commits[number] for number in culprits],
            missed=missed,
            causes=len(figure.causes),
        )


def _now(label: Label, later: Sequence[Matching]) -> Iterator[Key]:
    """What the functions of a label are called after later commits."""
    for text in label.functions:
        key = label_key(text)
        for matching in later:
            key = matching.now(key)
        yield key


def text_of_windows(windows: Sequence[SquashedWindow]) -> str:
    """How many windows of each size are right, and what the others miss."""
    lines = []
    for size in sorted({one.size for one in windows}):
        ours = [one for one in windows if one.size == size]
        right = sum(one.is_right for one in ours)
        said = f"windows of {size} commits: all culprits among the first as many plus {MORE}"
        lines.append(f"{said}: {right} of {len(ours)}  {right / len(ours):.1%}")
        for one in ours:
            if not one.is_right:
                missed = ", ".join(commit.short for commit in one.missed)
                span = f"{one.before.short}..{one.after.short}"
                lines.append(f"  {span} {one.cell.name}: not {missed}"[:100])
    return "\n".join(lines) or "no window has a labelled culprit and a difference"


def windows_as_json(windows: Sequence[SquashedWindow]) -> list[dict[str, object]]:
    """All windows, as strict JSON."""
    return [
        {
            "before": one.before.hash,
            "after": one.after.hash,
            "commits": one.size,
            "series": one.cell.series.name,
            "parameters": list(one.cell.params),
            "culprits": [commit.hash for commit in one.culprits],
            "missed": [commit.hash for commit in one.missed],
            "causes": one.causes,
        }
        for one in windows
    ]
