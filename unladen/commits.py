"""A branch as a line of commits: those that first parents lead to, oldest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from asv import util

from unladen.repository import Repository
from unladen.texts import printable

SHORT = 8


@dataclass(frozen=True)
class Commit:
    """``date``: the author's, milliseconds since 1970. ``author``, ``subject``: printable."""

    hash: str
    date: int
    author: str
    subject: str

    @property
    def short(self) -> str:
        """The beginning of its hash."""
        return self.hash[:SHORT]


def line_of_commits(
    repository: Repository,
    branch: str | None,
    paths: Sequence[str],
    measured: Collection[str] = (),
) -> list[Commit]:
    """The commits of a branch along first parents that touch ``paths``, oldest first.

    No paths: all. Those of ``measured``, hashes or their first ``SHORT`` characters, are there even
    if they touch none of the paths.
    Raises ``UserError`` for a branch that git does not know.
    """
    name = str(repository.get_branch_name(branch))
    line = _log(repository, name, [])
    if not paths:
        return line
    in_scope = {commit.hash for commit in _log(repository, name, paths)}
    return [
        commit
        for commit in line
        if commit.hash in in_scope or commit.hash in measured or commit.short in measured
    ]


def select(repository: Repository, line: Sequence[Commit], wanted: str) -> set[str]:
    """The hashes that ``wanted`` names: a commit, or ``A..B``: those after A, up to B.

    Names are git's. Raises ``UserError``, one line, for what is unknown, a single commit that is
    not on the line, or a range from a later commit to an earlier one.
    """
    known = {commit.hash for commit in line}
    older, dots, newer = wanted.partition("..")
    if not dots:
        commit = full_hash(repository, wanted)
        if commit not in known:
            raise util.UserError(f"{printable(wanted)} is no commit of the measured history")
        return {commit}
    older, newer = older or "HEAD", newer or "HEAD"
    first, last = full_hash(repository, older), full_hash(repository, newer)
    chosen = _between(repository, first, last)
    if not chosen and _between(repository, last, first):
        raise util.UserError(f"{older} is later than {newer}: turn the range round")
    return known & chosen


def full_hash(repository: Repository, name: str) -> str:
    """The hash of the commit called so: a branch, a tag, a hash, ``HEAD~2``.

    Raises ``UserError``, one line, which says how to deepen a shallow clone.
    """
    # Without --verify, what looks like a pattern is given back as it is.
    query = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
    try:
        return _git(repository, query).strip()
    except util.ProcessError as error:
        why = f"no such commit, branch or tag: {printable(name)}"
        if is_shallow(repository):
            why += f" (the clone is shallow; to have it all: {how_to_deepen(repository)})"
        raise util.UserError(why) from error


def how_to_deepen(repository: Repository) -> str:
    """The command that fetches the rest of the history."""
    return f"git -C {printable(repository._path)} fetch --unshallow"


def is_shallow(repository: Repository) -> bool:
    """Whether the clone lacks the older part of the history."""
    answer = _git(repository, ["rev-parse", "--is-shallow-repository"])
    return answer.strip() == "true"


def _between(repository: Repository, older: str, newer: str) -> set[str]:
    return set(_git(repository, ["rev-list", "--first-parent", newer, f"^{older}"]).split())


def _log(repository: Repository, branch: str, paths: Sequence[str]) -> list[Commit]:
    options = ["--literal-pathspecs", "-c", "log.showSignature=false", "-c", "log.follow=false"]
    command = [
        "log",
        "--first-parent",
        "--reverse",
        "--no-color",
        "--format=%H%x00%at%x00%an%x00%s",
    ]
    try:
        output = _git(repository, [*options, *command, "--end-of-options", branch, "--", *paths])
    except util.ProcessError as error:
        raise util.UserError(_no_branch(repository, printable(branch))) from error
    return [_commit(line) for line in output.split("\n") if line]


def _no_branch(repository: Repository, branch: str) -> str:
    why = f"there is no branch {branch} in the repository"
    try:
        _git(repository, ["symbolic-ref", "--quiet", "HEAD"])
    except util.ProcessError:
        path = printable(repository._path)
        return f"{why}, whose HEAD is detached; to make one of it: git -C {path} branch {branch}"
    return why


def _commit(line: str) -> Commit:
    commit, date, author, subject = line.split("\0", 3)
    return Commit(commit, int(date) * 1000, printable(author), printable(subject))


def _git(repository: Repository, arguments: list[str]) -> str:
    output: Any = repository._run_git(arguments, dots=False, display_error=False)
    return str(output)
