"""What asv by itself makes of values and results, to be compared with what we make of them."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from asv import step_detect, util
from asv.commands import publish
from asv.commands.publish import Publish
from asv.plugins.regressions import Regressions

from unladen.asv_bridge.confs import conf_for
from unladen.asv_bridge.console import log
from unladen.errors import UserError
from unladen.project.project import Project
from unladen.store.benchmarks_file import FILE
from unladen.store.results_file import read_folder
from unladen.text.terminal import one_line


def stock_steps(values: Sequence[float], weights: Sequence[float | None]) -> list[Any]:
    """asv's steps in a series: of each the first index, the one after its last, its level, its
    least value and its error."""
    return list(step_detect.detect_steps(values, weights))


@dataclass(frozen=True)
class StockRegression:
    """What asv calls a regression of ``series``: its values were ``before`` up to some commit, and
    are ``after`` from ``commit`` on. ``cell``: the index of the parameter combination; ``since``:
    the last commit of before, where asv does not know which of those between did it. Commits are
    full hashes."""

    series: str
    cell: int
    since: str | None
    commit: str
    before: float
    after: float


def stock_regressions(
    project: Project, machine: Path, environment: str
) -> Iterator[StockRegression]:
    """What ``asv publish`` finds in the results of one machine, its folder, and one environment,
    as the names of their files have it. Nothing of the project is written. Raises ``UserError`` if
    asv cannot publish them."""
    with TemporaryDirectory(prefix="unladen-stock-") as folder:
        results, html = Path(folder, "results"), Path(folder, "html")
        own = results / machine.name
        own.mkdir(parents=True)
        shutil.copy(machine.parent / FILE, results)
        shutil.copy(machine / "machine.json", own)
        readable, _ = read_folder(machine, environment)
        for file in readable:
            shutil.copy(file.path, own)
        _publish_regressions(project, results, html)
        regressions = json.loads((html / "regressions.json").read_text())["regressions"]
        hashes = json.loads((html / "index.json").read_text())["revision_to_hash"]
    commits = {int(number): commit for number, commit in hashes.items()}
    for name, _, _, cell, _, _, jumps in regressions:
        for since, at, before, after in jumps:
            last = None if since is None else commits[since]
            series = name.partition("(")[0]
            yield StockRegression(series, cell or 0, last, commits[at], before, after)


def _publish_regressions(project: Project, results: Path, html: Path) -> None:
    """Let asv publish a folder of results to ``html``: its ``regressions.json`` and
    ``index.json``, and nothing of ours. Raises ``UserError`` if it cannot."""
    own = conf_for(project)
    own.results_dir, own.html_dir = str(results), str(html)
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output), _stock_only():
        try:
            Publish.run(own, pull=False)
        except (ArithmeticError, LookupError, TypeError, ValueError, util.ParallelFailure) as error:
            why = one_line(repr(error))[:120]
            raise UserError(f"asv cannot publish the results of {project.name}: {why}") from error
        finally:
            log.flush()


@contextlib.contextmanager
def _stock_only() -> Iterator[None]:
    """Keeps publishers other than the one that writes ``regressions.json``, ours among them, from
    running: asv runs all subclasses of a class."""
    everybody = publish.OutputPublisher
    publish.OutputPublisher = SimpleNamespace(__subclasses__=lambda: [Regressions])
    try:
        yield
    finally:
        publish.OutputPublisher = everybody
