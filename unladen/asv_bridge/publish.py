"""``asv publish``, with our pages as a part of the site and our checks before it begins; or only
our pages, which need nothing of what asv writes, and a small part of the time.

asv begins by deleting the old site. So it is told to build another folder (``Publishing.beside``).
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asv.commands.publish import Publish
from asv.publishing import OutputPublisher

from unladen.asv_bridge.confs import conf_for, project_from
from unladen.asv_bridge.console import log
from unladen.project.project import Project

CLASSIC = "asv.html"
"""What asv's own page is called beside ours: it finds all else by relative paths."""


@dataclass(frozen=True)
class Publishing:
    """What is done around it, in this order; all but ``build`` and ``end`` may refuse with a
    ``UserError``.

    ``check``: whose the folders are. ``beside``: gives a path to build the site at, which takes the
    place of the old one at the end of the block. ``prepare``: what is certain to fail later fails
    now; told whether the repository may be brought up to date. ``drawn``: the hashes of the commits
    that can be in a graph, None for all. ``build``: writes our pages into the folder; a line on
    them. ``end``: when the site is in its place.
    """

    check: Callable[[Project], None]
    beside: Callable[[Path], AbstractContextManager[Path]]
    prepare: Callable[[Project, bool], None]
    drawn: Callable[[Project], Collection[str] | None]
    build: Callable[[Project, Path], str]
    end: Callable[[Project], None]


_ours: list[Publishing] = []


@dataclass
class _State:
    """``has_asvs_pages``: whether asv's own pages are written too."""

    has_asvs_pages: bool = True


_state = _State()


LONGEST_NAME = 220
"""Bytes of a series' name that asv's pages show: that of a file has 255, with what is added."""


@contextmanager
def without_asvs_pages() -> Iterator[None]:
    """In this block ``publish`` writes only ours."""
    before = _state.has_asvs_pages
    _state.has_asvs_pages = False
    try:
        yield
    finally:
        _state.has_asvs_pages = before


class Site(OutputPublisher):  # type: ignore[misc]
    """Writes our pages into ``html_dir``; its ``index.html`` becomes the list of commits.

    asv copies its own pages there before the publishers run; afterwards it writes ``index.json``
    and ``info.json`` only.
    """

    name = "unladen"
    button_label = "Commits"
    description = "What each commit changed"

    @classmethod
    def publish(cls, conf: Any, repo: Any, benchmarks: Any, graphs: Any, revisions: Any) -> None:
        """Write the site of the conf's target."""
        project = project_from(conf)
        folder = project.html_dir
        os.replace(folder / "index.html", folder / CLASSIC)
        log.info(_ours[0].build(project, folder))


def install(ours: Publishing) -> None:
    """Wrap asv's ``publish``. Does nothing the second time."""
    if not _ours:
        _ours.append(ours)
        Publish.iter_results = staticmethod(_drawn_only(Publish.iter_results))
        Publish.run = classmethod(_around(Publish.run.__func__))


def publish(project: Project) -> None:
    """Publish our pages from what is here; the conf's folder must be the working directory."""
    with without_asvs_pages():
        Publish.run(conf_for(project), pull=False)


def _around(run: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(run)
    def publish_ours(cls: type, conf: Any, *args: Any, **kwargs: Any) -> Any:
        (ours,) = _ours
        project, wanted = project_from(conf), conf.html_dir
        ours.check(project)
        try:
            with ours.beside(project.html_dir) as folder:
                conf.html_dir = str(folder)
                ours.prepare(project, kwargs.get("pull", True))
                result = None
                if _state.has_asvs_pages:
                    result = run(cls, conf, *args, **kwargs)
                else:
                    folder.mkdir()
                    log.info(ours.build(project_from(conf), folder))
        finally:
            conf.html_dir = wanted
        ours.end(project)
        return result

    return publish_ours


def _drawn_only(results: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """Results that have no place in asv's graphs it would warn of, each."""

    @functools.wraps(results)
    def results_drawn(conf: Any, repository: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        drawn = _ours[0].drawn(project_from(conf))
        for one in results(conf, repository, *args, **kwargs):
            if drawn is None or one.commit_hash in drawn:
                one.get_result_keys = _with_files(one.get_result_keys)
                yield one

    return results_drawn


def _with_files(keys: Callable[..., Collection[str]]) -> Callable[..., list[str]]:
    """The keys of results whose names can be those of files: asv writes one for each series."""

    def drawn(benchmarks: Any) -> list[str]:
        return [name for name in keys(benchmarks) if _can_be_file(name)]

    return drawn


def _can_be_file(name: str) -> bool:
    try:
        return len(name.encode()) <= LONGEST_NAME
    except UnicodeEncodeError:
        return False
