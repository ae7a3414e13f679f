"""What stock asv makes of stored results: its own ``regressions.json``."""

from __future__ import annotations

from collections.abc import Iterator

from unladen.asv_bridge.stock import stock_regressions
from unladen.labels.labels import Effect
from unladen.labels.score.matching import Detection
from unladen.project.project import Project
from unladen.results.model import Results


def asv_detections(project: Project, results: Results) -> list[Detection]:
    """The regressions that ``asv publish`` finds in the same results, lent ones left out.

    Raises ``UserError`` if asv cannot publish them.
    """
    return list(_detections(project, results))


def _detections(project: Project, results: Results) -> Iterator[Detection]:
    positions = {commit.hash: n for n, commit in enumerate(results.history.commits)}
    source = results.choice.source
    for found in stock_regressions(project, source.folder, source.environment):
        info = results.series[found.series]
        at = positions[found.commit]
        first = at if found.since is None else positions[found.since] + 1
        is_worse = info.is_worse(info.cells[found.cell], found.before, found.after)
        effect = Effect.WORSE if is_worse else Effect.BETTER
        yield Detection(info, found.cell, at, effect, first, at)
