"""The order of measured commits where it need not be known: stored results can be read without the
repository, which has the order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from unladen.errors import UserError
from unladen.history.lines import line_to, line_with, off_the_line
from unladen.project.project import Project
from unladen.repo.commits import Commit
from unladen.repo.repository import open_at_hand


@dataclass(frozen=True)
class OrderedCommits:
    """Measured commits, oldest first, without authors and subjects. ``branch``: whose line it is,
    "" if that is not known. ``remarks``: one line for what the user should know."""

    commits: list[Commit]
    branch: str = ""
    remarks: tuple[str, ...] = ()


def order_commits(
    project: Project, dates: Mapping[str, int], branch: str | None = None, shown: str | None = None
) -> OrderedCommits:
    """Put measured commits in the order of a line: of ``branch``, or else the first of the conf.

    ``dates``: of their authors, by hash; ``shown``: one that must be there, so that it is the line
    of another branch that holds it, or else the one that ends at it. Without the repository, the
    order is that of the dates, with a remark. Raises ``UserError`` if ``branch`` cannot be found.
    """
    try:
        repository = open_at_hand(project)
        line = line_with(project, repository, shown, branch)
        if shown is not None and shown not in line:
            line = line_to(project, repository, shown)
    except UserError as error:
        if branch is not None:
            raise
        return _by_date(dates, str(error))
    on_line = [commit for commit in line.commits if commit.hash in dates]
    if not on_line:
        return _by_date(dates, f"none of them is on {line.branch}'s line of first parents")
    others = dates.keys() - {commit.hash for commit in on_line}
    remarks = off_the_line(project, repository, line, others)
    found = [_bare(one.hash, dates[one.hash], one.name) for one in on_line]
    return OrderedCommits(found, line.branch, tuple(remarks))


def _by_date(dates: Mapping[str, int], why: str) -> OrderedCommits:
    by_date = sorted((date, commit) for commit, date in dates.items())
    remark = f"the commits are in the order of their authors' dates: {why}"
    remarks = (remark,) if len(by_date) > 1 else ()
    return OrderedCommits([_bare(commit, date) for date, commit in by_date], "", remarks)


def _bare(commit: str, date: int, name: str = "") -> Commit:
    return Commit(commit, date, author="", subject="", name=name)
