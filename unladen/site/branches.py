"""Where the pages of each branch of a target lie: those of the first in the target's folder, those
of each other one that has results of its own in a folder below it; likewise those of each further
machine and environment that the first branch was measured on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from unladen.history.lines import Line, lines_of
from unladen.project.project import Project
from unladen.repo.repository import Repository
from unladen.results.sources import MeasuredBy
from unladen.site.pages import Frame, Link

FOLDER = "branches"
ENVIRONMENTS = "environments"

LONGEST = 80
"""Characters of a branch's or a machine's name in that of a folder."""

MOST_SOURCES = 4
"""Further machines and environments that have pages, those with most results: each takes as long to
publish as the first."""


@dataclass(frozen=True)
class BranchPages:
    """A branch's line, and the way to its pages from the target's folder: "" or ending in "/".
    ``label``: what leads to them. ``source``: whose results they show, None for those that
    ``choose_source`` gives."""

    line: Line
    label: str
    way: str = ""
    source: MeasuredBy | None = None

    @property
    def name(self) -> str:
        """What tells them from the first ones; "" for these."""
        if self.source is not None:
            return self.source.name
        return self.line.branch if self.way else ""


def branch_pages(
    project: Project, repository: Repository, sources: Sequence[MeasuredBy]
) -> list[BranchPages]:
    """The first branch of the conf, and those others that have results of their own. ``sources``:
    as ``measured_by`` gives them. Raises ``UserError`` for a branch that is not there."""
    first, *others = lines_of(project, repository)
    source, *further = sources
    shared = {commit.hash for commit in first.commits}
    found: list[BranchPages] = []
    for line in others:
        own = [commit for commit in line.commits if commit.hash not in shared]
        if any(commit.beginning in source.measured for commit in own):
            way = f"{FOLDER}/{_folder_name(line.branch, len(found) + 1)}/"
            found.append(BranchPages(line, f"Branch {line.branch}", way))
    label = f"Branch {first.branch}" if found else source.name
    return [BranchPages(first, label), *found, *_source_pages(first, further)]


def _source_pages(line: Line, sources: Sequence[MeasuredBy]) -> list[BranchPages]:
    on_line = {commit.beginning for commit in line.commits}
    found: list[BranchPages] = []
    for source in sources:
        if source.measured & on_line and len(found) < MOST_SOURCES:
            way = f"{ENVIRONMENTS}/{_folder_name(source.name, len(found) + 1)}/"
            found.append(BranchPages(line, source.name, way, source))
    return found


def sources_data(sources: Sequence[MeasuredBy], pages: Sequence[BranchPages]) -> list[list[Any]]:
    """Where the first branch was measured: each machine and environment by name, the one with the
    first pages first; how many of its commits were measured there, and the way to its pages, None
    if it has none. ``sources``: as ``measured_by`` gives them."""
    first = pages[0]
    on_line = {commit.beginning for commit in first.line.commits}
    ways = {one.source.name: one.way for one in pages if one.source} | {sources[0].name: ""}
    return [
        [source.name, len(source.measured & on_line), ways.get(source.name)] for source in sources
    ]


def elsewhere(pages: BranchPages, others: Sequence[BranchPages]) -> list[list[str]]:
    """The other pages' names, each with the way to their folder from that of ``pages``."""
    top = "../" * pages.way.count("/")
    return [[one.label, top + one.way] for one in others if one is not pages]


def frame(branch: BranchPages, others: Sequence[BranchPages], has_asvs: bool) -> Frame:
    """What the pages of a branch show around their content. ``has_asvs``: asv's own lie there
    too."""
    top = "../" * branch.way.count("/")
    links = [
        Link(f"{top}{other.way}index.html", other.label) for other in others if other is not branch
    ]
    return Frame(top, branch.name, links, has_asvs)


def _folder_name(branch: str, number: int) -> str:
    """A name for people, and as no other branch's."""
    return f"{number}-{re.sub(r'[^A-Za-z0-9._-]+', '-', branch)[:LONGEST]}"
