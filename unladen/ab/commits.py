"""The commits that a user names for a comparison."""

from __future__ import annotations

from asv import util

from unladen.commits import Commit, full_hash, how_to_deepen, is_shallow, line_of_commits
from unladen.repository import Repository


def resolve(repository: Repository, name: str) -> Commit:
    """The commit called so, as ``full_hash``."""
    return line_of_commits(repository, full_hash(repository, name), [])[-1]


def line_between(
    repository: Repository, good: Commit, bad: Commit, paths: list[str]
) -> list[Commit]:
    """The commits after ``good`` up to ``bad`` along first parents that touch ``paths``, oldest
    first.

    Raises ``UserError`` if ``good`` is not an earlier commit of that line.
    """
    line = line_of_commits(repository, bad.hash, [])
    hashes = [commit.hash for commit in line]
    if good.hash not in hashes:
        raise _refusal(repository, good, bad)
    later = set(hashes[hashes.index(good.hash) + 1 :])
    in_scope = line_of_commits(repository, bad.hash, paths)
    return [commit for commit in in_scope if commit.hash in later]


def same_code(repository: Repository, one: str, other: str, paths: list[str]) -> bool:
    """Whether two commits hold the same files below ``paths``; everywhere, if there are none."""
    if one == other:
        return True
    command = ["--literal-pathspecs", "diff", "--quiet", "--no-ext-diff", one, other, "--", *paths]
    try:
        repository._run_git(command, dots=False, display_error=False)
    except util.ProcessError as error:
        if error.retcode == 1:
            return False
        raise
    return True


def _refusal(repository: Repository, good: Commit, bad: Commit) -> Exception:
    if is_shallow(repository):
        why = (
            f"{good.short} is not in the history of {bad.short} as far as it is here; "
            f"the clone is shallow; to have it all: {how_to_deepen(repository)}"
        )
    elif bad.hash in {commit.hash for commit in line_of_commits(repository, good.hash, [])}:
        why = f"{good.short} is later than {bad.short}: turn the range round"
    else:
        why = (
            f"{good.short} is not an ancestor of {bad.short} along first parents; "
            "git merge-base names one that is"
        )
    error: Exception = util.UserError(why)
    return error
