"""The commits that a user names for a comparison."""

from __future__ import annotations

from asv import util
from asv.repo import NoSuchNameError

from unladen.commits import Commit, is_shallow, line_of_commits
from unladen.repository import Repository
from unladen.texts import printable


def resolve(repository: Repository, name: str) -> Commit:
    """The commit called so: a branch, a tag, a hash, ``HEAD~2``.

    Raises ``UserError``, one line, which says how to deepen a shallow clone.
    """
    try:
        found = str(repository.get_hash_from_name(name))
        return line_of_commits(repository, found, [])[-1]
    except (NoSuchNameError, util.ProcessError, util.UserError) as error:
        advice = ""
        if is_shallow(repository):
            advice = "; the clone is shallow: git fetch --unshallow brings the rest"
        raise util.UserError(f"no such commit, branch or tag: {printable(name)}{advice}") from error


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
            "the clone is shallow: git fetch --unshallow brings the rest"
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
