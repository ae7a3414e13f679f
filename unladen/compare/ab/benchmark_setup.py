"""A target made ready for measuring some of its commits, apart from its stored results."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asv import environment, util
from asv.benchmarks import Benchmarks
from asv.commands.setup import Setup

from unladen.asv_bridge.confs import conf_for
from unladen.errors import UserError
from unladen.measure.environment import UnladenEnvironment
from unladen.project.project import Project
from unladen.repo.repository import Repository
from unladen.store.series import SeriesInfo, load_series


@dataclass(frozen=True)
class BenchmarkSetup:
    """What measuring needs: asv's environment and benchmarks of a project, and what the latter say
    of themselves. ``series``: by name."""

    project: Project
    repository: Repository
    environment: UnladenEnvironment
    benchmarks: Any
    series: Mapping[str, SeriesInfo]

    @property
    def launch_method(self) -> str:
        """How asv starts a benchmark process here."""
        return self.project.launch_method


def set_up_benchmarks(
    project: Project, repository: Repository, commits: Sequence[str], python: str | None = None
) -> BenchmarkSetup:
    """Create the environment if need be, and ask the first of ``commits`` that can be imported
    for its benchmarks.

    ``python``: the name of the environment, if the conf has several; the first by default.
    Nothing is written into the results folder. Raises ``UserError``.
    """
    conf = conf_for(project)
    environments = list(environment.get_environments(conf, []))
    chosen = [env for env in environments if python in (None, env.name)]
    if not chosen:
        known = ", ".join(env.name for env in environments) or "none"
        raise UserError(f"there is no environment {python}; known: {known}")
    env = chosen[0]
    if not isinstance(env, UnladenEnvironment):
        raise UserError(f'{project.name}: "environment_type" must be "unladen"')
    Setup.perform_setup([env], parallel=1)
    benchmarks = Benchmarks.discover(conf, repository, [env], list(commits))
    return BenchmarkSetup(project, repository, env, benchmarks, _series(benchmarks))


def _series(benchmarks: Any) -> dict[str, SeriesInfo]:
    """The series as asv would store them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "benchmarks.json")
        util.write_json(str(path), dict(benchmarks), Benchmarks.api_version)
        return load_series(Path(folder))
