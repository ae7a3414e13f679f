"""Which commits are the history of a target, in which order, and what lies between two of them.

A history is a *line*: the commits to which first parents lead from the tip of a branch, as for asv.
A merge stands on it for all that it brought. Each branch that the conf names is a line of its own.
In scope of a target are the commits that change one of its ``paths`` in comparison with their first
parent. Their order is that of the line, whatever dates they have.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from unladen.errors import UserError
from unladen.history.clone_check import check_clone, left_out, named
from unladen.project.project import Project
from unladen.repo.commits import (
    Commit,
    full_hash,
    how_to_deepen,
    is_ancestor,
    is_shallow,
    log_of,
)
from unladen.repo.refs import HEADS, branch_name, branch_ref, git_output
from unladen.repo.repository import Repository
from unladen.text.terminal import printable


@dataclass(frozen=True)
class Line:
    """A branch's history. ``commits``: all of them, oldest first; ``in_scope``: the hashes of those
    that change the target's paths."""

    branch: str
    commits: Sequence[Commit]
    in_scope: frozenset[str]

    def scope(self, measured: Collection[str] = ()) -> list[Commit]:
        """The commits in scope, oldest first, and those of ``measured``, which are hashes or their
        first ``SHORT`` characters."""
        return [
            commit
            for commit in self.commits
            if commit.hash in self.in_scope
            or commit.hash in measured
            or commit.beginning in measured
        ]

    def position(self, commit: str) -> int | None:
        """The number of the commit of this hash, from the oldest; None if it is not there."""
        return next((n for n, one in enumerate(self.commits) if one.hash == commit), None)

    def __contains__(self, commit: str) -> bool:
        """Whether the commit of this hash stands on the line."""
        return self.position(commit) is not None

    def part(self, start: int, stop: int | None = None) -> Line:
        """The commits of these numbers."""
        return replace(self, commits=self.commits[start:stop])


def lines_of(project: Project, repository: Repository) -> list[Line]:
    """The lines of all branches that the conf names, in its order.

    Without any it is the repository's default branch. Raises ``UserError``, one line, for a branch
    that is not there.
    """
    refs = [branch_ref(repository, branch) for branch in project.branches]
    return [_line(project, repository, ref, branch_name(ref)) for ref in dict.fromkeys(refs)]


def line_of(project: Project, repository: Repository, branch: str | None = None) -> Line:
    """The line of a branch, of the conf or not; None: of the first one of the conf.

    Raises ``UserError``, one line, if it is not there.
    """
    ref = branch_ref(repository, project.branches[0] if branch is None else branch)
    return _line(project, repository, ref, branch_name(ref))


def line_to(project: Project, repository: Repository, name: str) -> Line:
    """The line that ends at the commit called so, whether it is on a branch or not.

    Raises ``UserError`` as ``full_hash``.
    """
    return _line(project, repository, full_hash(repository, name), name)


def line_with(
    project: Project, repository: Repository, wanted: str | None = None, branch: str | None = None
) -> Line:
    """The line to show: that of ``branch``; or that on which ``wanted`` lies, see ``select``.

    Of a range it is the line of the later commit: if that is called as a branch, of that branch.
    Where several hold it, it is the first of the conf; where none does, the one that ends at it.
    Without both it is the first of the conf. Raises ``UserError`` as ``line_of`` and ``full_hash``.
    """
    if branch is not None or wanted is None:
        return line_of(project, repository, branch)
    _, dots, newer = wanted.partition("..")
    name = (newer or "HEAD") if dots else wanted
    commit = full_hash(repository, name)
    lines = lines_of(project, repository)
    named = [line for line in lines if line.branch == name]
    holding = [line for line in lines if commit in line]
    if named or holding:
        return [*named, *holding][0]
    return line_to(project, repository, name) if dots else lines[0]


def select(repository: Repository, line: Line, wanted: str, history: Sequence[Commit]) -> set[str]:
    """The hashes that ``wanted`` names of a history, which are commits of the line.

    ``wanted``: a commit, or ``A..B``: those after A, up to B. After A is what A does not hold
    already, so that A may lie elsewhere. Names are git's. Raises ``UserError``, one line, for what
    is unknown, for a commit that is not of the history, and for a range without commits.
    """
    known = {commit.hash for commit in history}
    older, dots, newer = wanted.partition("..")
    if not dots:
        commit = full_hash(repository, wanted)
        if commit not in line:
            raise UserError(_no_commit_of(repository, line, commit, wanted))
        if commit not in known:
            why = "changes nothing in scope, and is not measured"
            raise UserError(f"{printable(wanted)} is no commit of the history: it {why}")
        return {commit}
    older, newer = older or "HEAD", newer or "HEAD"
    first, last = full_hash(repository, older), full_hash(repository, newer)
    end = line.position(last)
    if end is None:
        raise UserError(_no_commit_of(repository, line, last, newer))
    chosen = line.part(held(repository, line, first), end + 1).commits
    if not chosen:
        raise UserError(_empty(repository, first, last, older, newer))
    return known & {commit.hash for commit in chosen}


def commits_between(project: Project, repository: Repository, older: str, newer: str) -> Line:
    """The line to ``newer`` without what ``older`` holds: names of git, ``HEAD`` for "".

    Raises ``UserError`` as ``full_hash``, and if there is nothing.
    """
    older, newer = older or "HEAD", newer or "HEAD"
    first, line = full_hash(repository, older), line_to(project, repository, newer)
    part = line.part(held(repository, line, first))
    if not part.commits:
        raise UserError(_empty(repository, first, line.commits[-1].hash, older, newer))
    return part


def held(repository: Repository, line: Line, commit: str) -> int:
    """How many commits of the line, from the oldest on, are in the history of a commit."""
    if (position := line.position(commit)) is not None:
        return position + 1
    return _first(len(line.commits), lambda n: not _is_held(repository, line.commits[n], commit))


@dataclass(frozen=True)
class Stretch:
    """What lies between two commits of which the later holds the earlier: ``commits`` of the later
    one's line, oldest first. ``joint``: the merge that brought the earlier one to the line, if it
    does not stand there; it is the first of the commits, in scope or not."""

    commits: Sequence[Commit]
    joint: Commit | None = None


def stretch_between(
    project: Project, repository: Repository, older: Commit, newer: Commit
) -> Stretch:
    """The commits in scope on the line of ``newer`` from which on it holds ``older``.

    Raises ``UserError`` if it does not.
    """
    line = line_to(project, repository, newer.hash)
    if (position := line.position(older.hash)) is not None:
        return Stretch(line.part(position + 1).scope())
    joint = brought_by(repository, line, older.hash)
    if joint is None:
        raise UserError(_refusal(repository, older, newer))
    position = line.position(joint.hash) or 0
    return Stretch(line.part(position).scope({joint.hash}), joint)


def newest_first(lines: Iterable[Line]) -> list[Commit]:
    """The commits in scope of several lines, each once: line by line, the newest first."""
    found = {commit.hash: commit for line in lines for commit in reversed(line.scope())}
    return list(found.values())


def oldest_first(lines: Iterable[Line]) -> list[Commit]:
    """The same, the oldest first."""
    return list({commit.hash: commit for line in lines for commit in line.scope()}.values())


def brought_by(repository: Repository, line: Line, commit: str) -> Commit | None:
    """The first commit of the line that holds another one: the merge that brought it.

    None: it is not in the history of the line.
    """
    commits = line.commits
    number = _first(len(commits), lambda n: is_ancestor(repository, commit, commits[n].hash))
    return commits[number] if number < len(commits) else None


def off_the_line(
    project: Project, repository: Repository, shown: Line, commits: Collection[str]
) -> list[str]:
    """What is said of results of commits, by their hashes, that are not on the line that is shown:
    a remark for each branch of the conf that has some, one for those that the repository does not
    have, and one for the rest. Raises ``UserError`` for another project's repository."""
    if not commits:
        return []
    left = set(commits)
    remarks = []
    for line in lines_of(project, repository):
        on_it = left & {commit.hash for commit in line.commits}
        if on_it and line.branch != shown.branch:
            results = f"results of {len(on_it)} commit{'s' * (len(on_it) > 1)}"
            remarks.append(f"branch {line.branch} has {results} of its own: --branch {line.branch}")
            left -= on_it
    if missing := repository.unknown_commits(sorted(left)):
        check_clone(repository, project.results, project.name)
        remarks.append(left_out(repository, sorted(missing)))
        left -= missing
    if left:
        number = f"{len(left)} commit{'s' * (len(left) > 1)}"
        where = f"off {shown.branch}'s line of first parents"
        remarks.append(f"left out: results of {number} {where}: {named(sorted(left))}")
    return remarks


def _is_held(repository: Repository, one: Commit, commit: str) -> bool:
    return is_ancestor(repository, one.hash, commit)


def _first(number: int, is_so: Callable[[int], bool]) -> int:
    """The first of so many numbers from which on something is so; the number if it is nowhere.

    Whatever a commit holds, those after it on a line hold as well.
    """
    return bisect.bisect_left(range(number), True, key=is_so)


def _line(project: Project, repository: Repository, revision: str, name: str) -> Line:
    commits = log_of(repository, [revision])[::-1]
    paths = project.paths
    in_scope = log_of(repository, [revision], paths) if paths else commits
    return Line(printable(name), commits, frozenset(commit.hash for commit in in_scope))


def _empty(repository: Repository, first: str, last: str, older: str, newer: str) -> str:
    older, newer = printable(older), printable(newer)
    if first != last and is_ancestor(repository, last, first):
        return f"{older} is later than {newer}: turn the range round"
    return f"no commit lies after {older} up to {newer}"


def _refusal(repository: Repository, good: Commit, bad: Commit) -> str:
    if is_shallow(repository):
        return (
            f"{good.short} is not in the history of {bad.short} as far as it is here; "
            f"the clone is shallow; to have it all: {how_to_deepen(repository)}"
        )
    if is_ancestor(repository, bad.hash, good.hash):
        return f"{good.short} is later than {bad.short}: turn the range round"
    return (
        f"{good.short} is not in the history of {bad.short}; "
        f"git merge-base {good.short} {bad.short} names a commit that is"
    )


def _no_commit_of(repository: Repository, line: Line, commit: str, name: str) -> str:
    name = printable(name)
    why = f"{name} is no commit of the history, the line of first parents of {line.branch}"
    if (merge := brought_by(repository, line, commit)) is not None:
        return f"{why}: it came to it with {merge.short}"
    if is_shallow(repository):
        return f"{why}, as far as it is here; the clone is shallow: {how_to_deepen(repository)}"
    command = ["for-each-ref", "--format=%(refname)", "--contains", commit, HEADS]
    if refs := git_output(repository, command).split():
        return f"{why}; to see another branch: --branch {printable(branch_name(refs[0]))}"
    return why
