"""What stock asv makes of stored results: its own ``regressions.json``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from unladen.asv_bridge.stock import publish_regressions
from unladen.history.history import History
from unladen.history.source import Source
from unladen.labels.labels import Effect
from unladen.labels.score.matching import Detection
from unladen.project.project import Project
from unladen.store.results_file import read_folder


def asv_detections(project: Project, source: Source, history: History) -> list[Detection]:
    """The regressions that ``asv publish`` finds in the results of one machine and environment.

    Raises ``UserError`` if asv cannot publish them.
    """
    with TemporaryDirectory(prefix="unladen-score-") as folder:
        html = _published(project, source, Path(folder))
        regressions = json.loads((html / "regressions.json").read_text())["regressions"]
        hashes = json.loads((html / "index.json").read_text())["revision_to_hash"]
    positions = {commit.hash: position for position, commit in enumerate(history.commits)}
    revisions = {
        int(number): positions[commit] for number, commit in hashes.items() if commit in positions
    }
    return list(_detections(regressions, revisions, history))


def _published(project: Project, source: Source, folder: Path) -> Path:
    """The folder of a site of these results only; asv writes nothing but it."""
    results, html = folder / "results", folder / "html"
    machine = results / source.folder.name
    machine.mkdir(parents=True)
    shutil.copy(source.folder.parent / "benchmarks.json", results)
    shutil.copy(source.folder / "machine.json", machine)
    readable, _ = read_folder(source.folder, source.environment)
    for file in readable:
        shutil.copy(file.path, machine)
    publish_regressions(project, results, html)
    return html


def _detections(
    regressions: Any, revisions: dict[int, int], history: History
) -> Iterator[Detection]:
    series = {one.series.name: one.series for one in history.series}
    for name, _, _, cell, _, _, jumps in regressions:
        info = series[name.partition("(")[0]]
        for before, after, value_before, value_after in jumps:
            commit = revisions[after]
            first = commit if before is None else revisions[before] + 1
            is_worse = info.is_worse(info.cells[cell or 0], value_before, value_after)
            effect = Effect.WORSE if is_worse else Effect.BETTER
            yield Detection(info, cell or 0, commit, effect, first, commit)
