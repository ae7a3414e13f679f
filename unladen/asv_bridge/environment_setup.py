"""When asv finds environments, sets them up, and learns what benchmarks there are."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from asv import environment
from asv.benchmarks import Benchmarks
from asv.commands.setup import Setup

from unladen.asv_bridge.confs import conf_for
from unladen.asv_bridge.environments import RunsBenchmarks
from unladen.project.project import Project


def tell_environments() -> None:
    """Let each of our environments know what the benchmarks say of themselves that asv has found
    for it, before it runs any. Does nothing the second time."""
    if not hasattr(Benchmarks.discover, "unladen"):
        Benchmarks.discover = classmethod(_telling(Benchmarks.discover.__func__))


def _telling(discover: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(discover)
    def discover_and_tell(
        cls: type, conf: Any, repo: Any, environments: Any, *args: Any, **kwargs: Any
    ) -> Any:
        environments = [*environments]
        found = discover(cls, conf, repo, environments, *args, **kwargs)
        for env in environments:
            if isinstance(env, RunsBenchmarks):
                env._described = {**found._all_benchmarks}
        return found

    discover_and_tell.unladen = True  # type: ignore[attr-defined]
    return discover_and_tell


def before_setup(prepare: Callable[[str, str], None]) -> None:
    """Do this before asv hands environments to its workers, of each: given the folder of
    environments and the target's name. Does nothing the second time."""
    if not hasattr(Setup.perform_setup, "unladen"):
        Setup.perform_setup = classmethod(_prepared(Setup.perform_setup.__func__, prepare))


def _prepared(perform_setup: Callable[..., Any], prepare: Callable[[str, str], None]) -> Any:
    @functools.wraps(perform_setup)
    def prepare_and_perform(cls: type, environments: Any, *args: Any, **kwargs: Any) -> Any:
        for env in environments:
            prepare(env._env_dir, env._project)
        return perform_setup(cls, environments, *args, **kwargs)

    prepare_and_perform.unladen = True  # type: ignore[attr-defined]
    return prepare_and_perform


def make_ready(environments: Sequence[Any]) -> None:
    """Create the environments if need be. Raises ``UserError``."""
    Setup.perform_setup([*environments], parallel=1)


def environments_of(project: Project) -> list[Any]:
    """The environments that the conf asks for, made or not; the conf's folder must be the working
    directory."""
    return list(environment.get_environments(conf_for(project), []))
