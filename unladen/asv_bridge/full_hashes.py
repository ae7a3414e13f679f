"""Commits reach asv as full hashes, never as names.

asv measures a tag under its name: the results file, the installed commit and the cache of builds
are called so, and mean another commit as soon as the tag is moved.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from asv.commands.run import Run
from asv.results import get_existing_hashes

from unladen.history.ranges import chosen_commits
from unladen.project.asv_conf import project_from
from unladen.project.project import Project
from unladen.repo.commits import full_hash
from unladen.repo.refs import is_hash
from unladen.repo.repository import Repository, repository_of

_NAMES_OF_ASV = ("TAGS", "EXISTING")


def install() -> None:
    """Wrap asv's ``run``, through which all its measuring goes. Does nothing the second time."""
    if not hasattr(Run.run, "unladen"):
        Run.run = classmethod(_resolving(Run.run.__func__))


def _resolving(run: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(run)
    def run_hashes(cls: type, conf: Any, range_spec: Any = None, *args: Any, **kwargs: Any) -> Any:
        if range_spec in _NAMES_OF_ASV or isinstance(range_spec, list):
            project = project_from(conf)
            repository = repository_of(project)
            if repository is not None:
                if kwargs.get("pull", True):
                    repository.pull()
                range_spec = _hashes(project, repository, range_spec)
        return run(cls, conf, range_spec, *args, **kwargs)

    run_hashes.unladen = True  # type: ignore[attr-defined]
    return run_hashes


def _hashes(project: Project, repository: Repository, wanted: str | list[str]) -> list[str]:
    if isinstance(wanted, list):
        return [one if is_hash(one) else full_hash(repository, one) for one in wanted]
    results = str(project.results_dir)
    return chosen_commits(project, repository, wanted, lambda: get_existing_hashes(results))
