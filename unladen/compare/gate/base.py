"""With which commit a gate compares a pull request."""

from __future__ import annotations

from dataclasses import dataclass

from unladen.errors import UserError
from unladen.history.lines import held, line_to
from unladen.project.project import Project
from unladen.repo.commits import (
    Commit,
    commit_called,
    how_to_deepen,
    is_ancestor,
    is_shallow,
    merge_bases,
)
from unladen.repo.repository import Repository
from unladen.text.terminal import printable


@dataclass(frozen=True)
class Compared:
    """The two commits that are compared. ``named``: the commit that the user called BASE, which is
    ``base`` unless it went on by ``since`` commits of its line after the branch was cut or got it.
    ``is_held``: whether ``base`` is in the history of ``head``."""

    base: Commit
    head: Commit
    named: Commit
    since: int = 0
    is_held: bool = True


def choose_base(
    project: Project, repository: Repository, base: str, head: str, is_exact: bool = False
) -> Compared:
    """Compare ``head`` with the newest commit that it has in common with ``base``: what a pull
    request changes. ``is_exact``: with ``base`` itself. Both are names of git.

    Raises ``UserError``, one line, where there is no such commit or several, and where ``head`` is
    an older commit of ``base``, so that it changes nothing.
    """
    named, last = commit_called(repository, base), commit_called(repository, head)
    if is_exact or named == last:
        return Compared(named, last, named, is_held=is_ancestor(repository, named.hash, last.hash))
    common = merge_bases(repository, named.hash, last.hash)
    if common == [named.hash]:
        return Compared(named, last, named)
    if len(common) != 1 or common == [last.hash]:
        names = printable(base), printable(head)
        raise UserError(_refusal(repository, *names, common, common == [last.hash]))
    line = line_to(project, repository, named.hash)
    since = len(line.commits) - held(repository, line, common[0])
    return Compared(commit_called(repository, common[0]), last, named, since)


def _refusal(
    repository: Repository, base: str, head: str, common: list[str], is_older: bool
) -> str:
    literally = "with --exact-base they are compared as they are"
    if is_older:
        return f"{head} is an older commit of {base}, so it changes nothing there; {literally}"
    if common:
        listed = ", ".join(one[:8] for one in common)
        why = "each was merged into the other"
        return f"{base} and {head} have several merge bases, for {why}: give one ({listed}) as BASE"
    why = f"{base} and {head} have no commit in common"
    if is_shallow(repository):
        return f"{why}, as far as it is here; the clone is shallow: {how_to_deepen(repository)}"
    return f"{why}; {literally}"
