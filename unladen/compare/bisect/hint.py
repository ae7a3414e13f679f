"""Where the stored results of a sampled series have their largest step: a place to probe first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unladen.compare.ab.cells import Cell
from unladen.project.project import Project
from unladen.repo.commits import Commit
from unladen.results.readings import stored_numbers

LEAST_POINTS = 4


def stored_step(
    project: Project, cell: Cell, line: Sequence[Commit]
) -> tuple[int | None, Sequence[str]]:
    """The index in ``line`` of the first commit after the step that fits the stored values best
    (least absolute deviations); None without enough of them. And a line for each file that could
    not be read."""
    stored = stored_numbers(project, cell.series, cell.index)
    points = [index for index, commit in enumerate(line) if commit.hash in stored.numbers]
    if len(points) < LEAST_POINTS:
        return None, stored.remarks
    values = [stored.numbers[line[index].hash] for index in points]
    costs = [_cost(values[:n]) + _cost(values[n:]) for n in range(1, len(values))]
    return points[int(np.argmin(costs)) + 1], stored.remarks


def _cost(values: Sequence[float]) -> float:
    array = np.asarray(values)
    return float(np.abs(array - np.median(array)).sum())
