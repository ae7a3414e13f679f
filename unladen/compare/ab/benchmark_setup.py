"""A target made ready for measuring some of its commits, apart from its stored results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unladen.asv_bridge.environment_setup import environments_of, make_ready
from unladen.asv_bridge.suite import Suite, discover
from unladen.errors import UserError
from unladen.measure.environment import UnladenEnvironment
from unladen.project.project import Project
from unladen.repo.repository import Repository
from unladen.store.series import SeriesInfo


@dataclass(frozen=True)
class BenchmarkSetup:
    """What measuring needs: the environment and the suite of a project, and what its benchmarks say
    of themselves. ``series``: by name."""

    project: Project
    repository: Repository
    environment: UnladenEnvironment
    suite: Suite
    series: Mapping[str, SeriesInfo]


def set_up_benchmarks(
    project: Project, repository: Repository, commits: Sequence[str], python: str | None = None
) -> BenchmarkSetup:
    """Create the environment if need be, and ask the first of ``commits`` that can be imported
    for its benchmarks.

    ``python``: the name of the environment, if the conf has several; the first by default.
    Nothing is written into the results folder. Raises ``UserError``.
    """
    environments = environments_of(project)
    chosen = [env for env in environments if python in (None, env.name)]
    if not chosen:
        known = ", ".join(env.name for env in environments) or "none"
        raise UserError(f"there is no environment {python}; known: {known}")
    env = chosen[0]
    if not isinstance(env, UnladenEnvironment):
        raise UserError(f'{project.name}: "environment_type" must be "unladen"')
    make_ready([env])
    suite = discover(project, repository, [env], commits)
    return BenchmarkSetup(project, repository, env, suite, suite.series())
