"""Where the stored results of a sampled series have their largest step: a place to probe first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unladen.compare.ab.cells import Cell
from unladen.errors import UserError
from unladen.history.source import choose_source
from unladen.project.project import Project
from unladen.repo.commits import Commit
from unladen.store.damage import number
from unladen.store.results_file import read_folder

LEAST_POINTS = 4


def stored_step(
    project: Project, cell: Cell, line: Sequence[Commit]
) -> tuple[int | None, Sequence[str]]:
    """The index in ``line`` of the first commit after the step that fits the stored values best
    (least absolute deviations); None without enough of them. And a line for each file that could
    not be read."""
    try:
        source = choose_source(project.name, project.results).source
    except UserError:
        return None, []  # nothing is stored: no hint
    files, remarks = read_folder(source.folder, source.environment)
    by_commit = {file.commit: file for file in files}
    points, values = [], []
    for index, commit in enumerate(line):
        file = by_commit.get(commit.hash)
        stored = file.of(cell.series) if file else None
        value = number(stored.column("result", cell.series)[cell.index]) if stored else None
        if value is not None:
            points.append(index)
            values.append(float(value))
    if len(points) < LEAST_POINTS:
        return None, remarks
    costs = [_cost(values[:n]) + _cost(values[n:]) for n in range(1, len(values))]
    return points[int(np.argmin(costs)) + 1], remarks


def _cost(values: Sequence[float]) -> float:
    array = np.asarray(values)
    return float(np.abs(array - np.median(array)).sum())
