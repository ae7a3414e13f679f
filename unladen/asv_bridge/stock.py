"""What asv by itself makes of values and results, to be compared with what we make of them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
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
from unladen.text.terminal import one_line


def stock_steps(values: Sequence[float], weights: Sequence[float | None]) -> list[Any]:
    """asv's steps in a series: of each the first index, the one after its last, its level, its
    least value and its error."""
    return list(step_detect.detect_steps(values, weights))


def publish_regressions(project: Project, results: Path, html: Path) -> None:
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
