"""Where the pages of each branch of a target lie: those of the first in the target's folder, those
of each other one that has results of its own in a folder below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from unladen.history.lines import Line, lines_of
from unladen.project.project import Project
from unladen.repo.repository import Repository
from unladen.results.contents import measured_by_source
from unladen.site.pages import Frame, Link

FOLDER = "branches"


@dataclass(frozen=True)
class BranchPages:
    """A branch's line, and the way to its pages from the target's folder: "" or ending in "/"."""

    line: Line
    way: str = ""


def branch_pages(project: Project, repository: Repository) -> list[BranchPages]:
    """The first branch of the conf, and those others that have results of their own.

    Raises ``UserError`` if nothing is measured.
    """
    first, *others = lines_of(project, repository)
    measured = measured_by_source(project)
    shared = {commit.hash for commit in first.commits}
    found = [BranchPages(first)]
    for line in others:
        own = [commit for commit in line.commits if commit.hash not in shared]
        if any(commit.beginning in measured for commit in own):
            found.append(BranchPages(line, f"{FOLDER}/{_folder_name(line.branch, len(found))}/"))
    return found


def frame(branch: BranchPages, others: Sequence[BranchPages], has_asvs: bool) -> Frame:
    """What the pages of a branch show around their content. ``has_asvs``: asv's own lie there
    too."""
    top = "../" * branch.way.count("/")
    links = [
        Link(f"{top}{other.way}index.html", f"Branch {other.line.branch}")
        for other in others
        if other is not branch
    ]
    return Frame(top, branch.line.branch if branch.way else "", links, has_asvs)


def _folder_name(branch: str, number: int) -> str:
    """A name for people, and as no other branch's."""
    return f"{number}-{re.sub(r'[^A-Za-z0-9._-]+', '-', branch)}"
