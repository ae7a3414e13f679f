"""Several neighbouring commits explained as one change: does the explanation name all culprits?

Most commits change few functions, so that naming one of them is easy. In a window of many commits
the culprits are among many functions that were changed for other reasons.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from unladen.changes.by_commit import HistoryChanges, is_minor
from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell, CellKey
from unladen.explain.choice import GROUPS, changed_cells, costs
from unladen.explain.code import MODULE, Key
from unladen.explain.kinds import IMPORTS, kind_of
from unladen.explain.matching import Matching
from unladen.explain.run import ExplainedFigure, explain_cell, pair_of
from unladen.explain.sides import Sides, sides_of
from unladen.explain.together import causes_together
from unladen.labels.labels import Label, Labels
from unladen.labels.score.explained import label_key, meant_cells
from unladen.repo.commits import Commit
from unladen.repo.repository import Repository

MORE = 2
"""Places beyond the number of culprits within which all of them should be named."""


@dataclass(frozen=True)
class SquashedWindow:
    """Commits taken as one change, by figures of one capability. ``culprits``: the labelled ones
    that changed any of these; ``missed``: those of which no function is among the first causes;
    ``causes``: how many there are."""

    before: Commit
    after: Commit
    size: int
    cells: Sequence[Cell]
    culprits: Sequence[Commit]
    missed: Sequence[Commit]
    causes: int

    @property
    def is_right(self) -> bool:
        """Whether all culprits are named."""
        return not self.missed


NEARLY = 2 / 3
"""Of how often another cell is changed: so much is as good, if less is run for it."""


def often_changed(series_changes: Sequence[Cell]) -> list[Cell]:
    """Of each capability and kind of figures a cell that was changed most often or nearly so: the
    one for which least is run. ``series_changes``: all that were changed, once for each commit."""
    counts = Counter(cell.key for cell in series_changes)
    named = {cell.key: cell for cell in series_changes if cell.series.group in GROUPS}
    alike: dict[tuple[str, str], list[Cell]] = {}
    for cell in named.values():
        alike.setdefault((cell.series.capability, cell.series.group), []).append(cell)
    order = {group: number for number, group in enumerate(GROUPS)}
    return [
        _smallest_of_often(alike[kind], counts)
        for kind in sorted(alike, key=lambda kind: (kind[0], order[kind[1]]))
    ]


def _smallest_of_often(cells: Sequence[Cell], counts: Mapping[CellKey, int]) -> Cell:
    least = min(map(costs, cells))
    cheap = [cell for cell in cells if costs(cell) == least]
    most = max(counts[cell.key] for cell in cheap)
    often = [cell for cell in cheap if counts[cell.key] >= NEARLY * most]
    return min(
        often, key=lambda cell: (*_size(cell), -counts[cell.key], cell.series.name, cell.index)
    )


def _size(cell: Cell) -> tuple[bool, float]:
    """What is run for a figure: rather no load of many users, whose order a seed decides; then by
    its numbers, as of users or of runs."""
    numbers = [float(one) for one in cell.params if one.replace(".", "", 1).isdecimal()]
    return "seed" in cell.series.holds, math.prod(numbers)


def measure_windows(
    setup: BenchmarkSetup,
    labels: Labels,
    changes: HistoryChanges,
    sizes: Sequence[int],
    stage: Callable[[str], None],
    jobs: int = 1,
) -> list[SquashedWindow]:
    """Measure figures of each capability, of the commits that windows begin or end with, and
    explain every window of the sizes. ``jobs``: how many processes at a time. Raises
    ``UserError``."""
    hashes = [commit.hash for commit in changes.history.commits]
    windows = SquashedWindows(setup.repository, setup.project.import_roots, labels, changes)
    return list(windows.explained(sides_of(setup, hashes, jobs), sizes, stage))


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
            one.commit.hash: [each for each in one.changes if not is_minor(each)]
            for one in changes.commits
        }
        found = [by_hash.get(commit.hash, []) for commit in self._commits]
        self._changed = [changed_cells(each) for each in found]
        self._meant = [
            meant_cells(label, each) if label is not None else []
            for label, each in zip(self._labels, found, strict=True)
        ]
        self._cells = often_changed(
            [
                cell
                for label, cells in zip(self._labels, self._changed, strict=True)
                if label is not None and label.functions
                for cell in cells
            ]
        )

    def explained(
        self, sides: Sides, sizes: Sequence[int], stage: Callable[[str], None]
    ) -> Iterator[SquashedWindow]:
        """Those with a culprit and a difference. ``sides``: all commits of the history."""
        matchings = [self._matching(number) for number in range(1, len(self._commits))]
        for start in range(len(self._commits)):
            stage(f"windows from commit {start + 1} of {len(self._commits)}")
            for size in sizes:
                if start + size < len(self._commits):
                    yield from self._from(sides, start, size, matchings)
            sides.forget(start)

    def _from(
        self, sides: Sides, start: int, size: int, matchings: Sequence[Matching]
    ) -> Iterator[SquashedWindow]:
        """A window, by each capability of which it has a culprit."""
        for _, cells in groupby(self._cells, key=lambda one: one.series.capability):
            ours = list(cells)
            if self._culprits(start, size, ours):
                yield from self._window(sides, start, size, ours, matchings)

    def _matching(self, number: int) -> Matching:
        before, after = self._commits[number - 1], self._commits[number]
        return pair_of(self._repository, before, after, self._roots).matching()

    def _culprits(self, start: int, size: int, cells: Sequence[Cell]) -> dict[int, Label]:
        """By number the labelled commits of a window that changed one of the cells as their label
        means it, by what it names, and neither repair another of the window nor are repaired in
        it."""
        numbers = range(start + 1, start + size + 1)
        inside = {label.subject: label for n in numbers if (label := self._labels[n]) is not None}
        repaired = {label.repairs for label in inside.values() if label.repairs in inside}
        found = {}
        for number in numbers:
            label = self._labels[number]
            if label is None or not label.functions:
                continue
            is_seen = any(cell in self._meant[number] and _runs_for(label, cell) for cell in cells)
            if is_seen and label.subject not in repaired and label.repairs not in inside:
                found[number] = label
        return found

    def _window(
        self,
        sides: Sides,
        start: int,
        size: int,
        cells: Sequence[Cell],
        matchings: Sequence[Matching],
    ) -> Iterator[SquashedWindow]:
        end = start + size
        inside = range(start + 1, end + 1)
        moved = [cell for cell in cells if any(cell in self._changed[n] for n in inside)]
        before, after = self._commits[start], self._commits[end]
        for side in (start, end):
            sides.prepare(side, moved)
        pair = pair_of(self._repository, before, after, self._roots)
        figures = [explain_cell(sides, (start, end), pair, cell) for cell in moved]
        told = [figure for figure in figures if _has_difference(figure)]
        seen = self._culprits(start, size, [figure.cell for figure in told])
        if not seen:
            return
        causes = causes_together(told)
        first = causes[: len(seen) + MORE]
        missed = [
            self._commits[number]
            for number, label in seen.items()
            if not set(_now(label, matchings[number:end])) & set(first)
        ]
        yield SquashedWindow(
            before=before,
            after=after,
            size=size,
            cells=[figure.cell for figure in told],
            culprits=[self._commits[number] for number in seen],
            missed=missed,
            causes=len(causes),
        )


def _runs_for(label: Label, cell: Cell) -> bool:
    """Whether what a label names can run for a figure: for one of the import only what stands in
    modules outside of functions."""
    names = [label_key(text).bare_name for text in label.functions]
    return kind_of(cell.series) != IMPORTS or MODULE in names


def _has_difference(figure: ExplainedFigure) -> bool:
    """Whether it has a value before and after, and another one."""
    return None not in (figure.before, figure.after) and figure.before != figure.after


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
                lines.append(f"  {span} {one.cells[0].series.capability}: not {missed}"[:100])
    return "\n".join(lines) or "no window has a labelled culprit and a difference"


def windows_as_json(windows: Sequence[SquashedWindow]) -> list[dict[str, object]]:
    """All windows, as strict JSON."""
    return [
        {
            "before": one.before.hash,
            "after": one.after.hash,
            "commits": one.size,
            "figures": [cell.name for cell in one.cells],
            "culprits": [commit.hash for commit in one.culprits],
            "missed": [commit.hash for commit in one.missed],
            "causes": one.causes,
        }
        for one in windows
    ]
