"""``asv run``, which gets commits as full hashes, never as names.

asv measures a tag under its name: the results file, the installed commit and the cache of builds
are called so, and mean another commit as soon as the tag is moved.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from asv.commands.run import Run
from asv.results import get_existing_hashes

from unladen.asv_bridge.confs import conf_for, project_from
from unladen.project.project import Project

Resolve = Callable[[Project, str | list[str], bool], list[str] | None]
"""Hashes for what asv was asked to measure, None to leave it to asv; told whether the repository
may be brought up to date. Raises ``UserError``."""

_NAMES_OF_ASV = ("TAGS", "EXISTING")


def install(resolve: Resolve) -> None:
    """Wrap asv's ``run``, through which all its measuring goes. Does nothing the second time."""
    if not hasattr(Run.run, "unladen"):
        Run.run = classmethod(_resolving(Run.run.__func__, resolve))


def run(
    project: Project, commits: Sequence[str], patterns: Sequence[str], machine: str | None
) -> None:
    """Measure what has no result yet, good or bad, of the benchmarks that the patterns find, commit
    by commit; the conf's folder must be the working directory."""
    Run.run(
        conf_for(project),
        range_spec=[*commits],
        bench=[*patterns],
        machine=machine,
        skip_successful=True,
        skip_failed=True,
        pull=False,
    )


def existing_hashes(results: Path) -> list[str]:
    """The hashes of all commits that have results, as asv reads them."""
    return [*get_existing_hashes(str(results))]


def _resolving(run: Callable[..., Any], resolve: Resolve) -> Callable[..., Any]:
    @functools.wraps(run)
    def run_hashes(cls: type, conf: Any, range_spec: Any = None, *args: Any, **kwargs: Any) -> Any:
        if range_spec in _NAMES_OF_ASV or isinstance(range_spec, list):
            found = resolve(project_from(conf), range_spec, kwargs.get("pull", True))
            range_spec = range_spec if found is None else found
        return run(cls, conf, range_spec, *args, **kwargs)

    run_hashes.unladen = True  # type: ignore[attr-defined]
    return run_hashes
