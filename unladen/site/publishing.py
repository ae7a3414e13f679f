"""What ``publish`` does for our site (``unladen.asv_bridge.publish``).

Every command loads this module; what takes a quarter of a second to load is loaded when it is used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from unladen.asv_bridge.console import log
from unladen.asv_bridge.publish import Publishing
from unladen.history.clone_check import check_clone
from unladen.history.lines import lines_of
from unladen.measure.kept import say_kept
from unladen.project.project import Project
from unladen.repo.repository import repository_of
from unladen.results.contents import described_series
from unladen.site.swap import built_beside
from unladen.store.no_collection import no_collection
from unladen.store.owner import check_results_folder, check_site


def _check(project: Project) -> None:
    check_results_folder(project.results, project.name)
    check_site(project)


@contextmanager
def _beside(site: Path) -> Iterator[Path]:
    say_kept("the site is as it was")
    with built_beside(site) as folder:
        yield folder


def _prepare(project: Project, may_pull: bool) -> None:
    repository = repository_of(project)
    if repository is None:
        return
    if may_pull:
        repository.pull()
    described_series(project)
    for line in check_clone(repository, project.results, project.name):
        log.warning(line)
    lines_of(project, repository)


def _drawn(project: Project) -> Collection[str] | None:
    """The commits on the branches' lines: the site's remarks name the others. And those of tags,
    which asv draws on every branch."""
    repository = repository_of(project)
    if repository is None:
        return None
    on_lines = {one.hash for line in lines_of(project, repository) for one in line.commits}
    return on_lines | {*repository.get_tags().values()}


def _build(project: Project, folder: Path) -> str:
    from unladen.site.build import build

    with no_collection():
        written = build(project, folder)
    return f"{written.files} files, {written.data / 1e6:.2f} MB of data"


def _write_portal(project: Project) -> None:
    """Write the page above this and other sites, if ours is in this one."""
    from unladen.site.portal import write_portal_beside
    from unladen.site.summary_file import NAME

    if (project.html_dir / NAME).is_file():
        write_portal_beside(project, project.html_dir)


PUBLISHING = Publishing(_check, _beside, _prepare, _drawn, _build, _write_portal)
