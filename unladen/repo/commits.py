"""Commits of a target's repository: by name, and how two of them are related."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.repo.refs import find_commit, git_output
from unladen.repo.repository import Repository
from unladen.text.terminal import printable

SHORT = 8


@dataclass(frozen=True)
class Commit:
    """``date``: the author's, milliseconds since 1970. ``author``, ``subject``: printable.
    ``name``: the tag that it is known by, such as a version, "" where commits have no names."""

    hash: str
    date: int
    author: str
    subject: str
    name: str = ""

    @property
    def short(self) -> str:
        """What it is called where it is shown: its name, or else the beginning of its hash."""
        return self.name or self.beginning

    @property
    def beginning(self) -> str:
        """That of its hash: so its results files are called."""
        return self.hash[:SHORT]


def full_hash(repository: Repository, name: str) -> str:
    """The hash of the commit called so: a branch, a tag, a hash, ``HEAD~2``.

    Raises ``UserError``, one line, which says how to deepen a shallow clone.
    """
    found = find_commit(repository, name)
    if found is None:
        why = f"no such commit, branch or tag: {printable(name) or repr('')}"
        if is_shallow(repository):
            why += f" (the clone is shallow; to have it all: {how_to_deepen(repository)})"
        raise UserError(why)
    return found


def commit_called(repository: Repository, name: str) -> Commit:
    """The commit called so, as ``full_hash``."""
    return log_of(repository, [full_hash(repository, name), "--no-walk"])[0]


def log_of(
    repository: Repository, revisions: Sequence[str], paths: Sequence[str] = ()
) -> list[Commit]:
    """The commits of ``git log`` along first parents, newest first.

    ``revisions``: names that are hashes or whole refs, and options. ``paths``: only commits that
    change one of them, literally, in comparison with their first parent; none: all. Only trees are
    read, so large files may be missing from the clone. Raises ``ProcessError``.
    """
    return _log(repository, ["--first-parent", *revisions, "--", *paths])


def commits_between(repository: Repository, base: str, head: str) -> list[Commit]:
    """The commits, all parents counted, that ``head`` has and ``base`` has not; both hashes. Raises
    ``ProcessError``."""
    return _log(repository, [f"{base}..{head}", "--"])


def _log(repository: Repository, what: Sequence[str]) -> list[Commit]:
    options = ["--literal-pathspecs", "-c", "log.showSignature=false", "-c", "log.follow=false"]
    command = ["log", "--no-color", "--format=%H%x00%at%x00%an%x00%s", *what]
    names = repository.commit_names
    lines = git_output(repository, [*options, *command]).split("\n")
    return [_commit(line, names) for line in lines if line]


def is_ancestor(repository: Repository, older: str, newer: str) -> bool:
    """Whether a commit is in the history of another one, all parents counted, or is the same."""
    try:
        git_output(repository, ["merge-base", "--is-ancestor", older, newer])
    except ProcessError as error:
        if error.retcode == 1:
            return False
        raise
    return True


def merge_bases(repository: Repository, one: str, other: str) -> list[str]:
    """The newest commits that two have in common: several if each was merged into the other."""
    try:
        return git_output(repository, ["merge-base", "--all", one, other]).split()
    except ProcessError as error:
        if error.retcode == 1:
            return []
        raise


def same_code(repository: Repository, one: str, other: str, paths: Sequence[str]) -> bool:
    """Whether two commits hold the same files below ``paths``; everywhere, if there are none."""
    if one == other:
        return True
    command = ["--literal-pathspecs", "diff", "--quiet", "--no-ext-diff", one, other, "--", *paths]
    try:
        git_output(repository, command)
    except ProcessError as error:
        if error.retcode == 1:
            return False
        raise
    return True


def how_to_deepen(repository: Repository) -> str:
    """The command that fetches the rest of the history."""
    return f"git -C {printable(repository.path)} fetch --unshallow"


def is_shallow(repository: Repository) -> bool:
    """Whether the clone lacks the older part of the history."""
    return git_output(repository, ["rev-parse", "--is-shallow-repository"]).strip() == "true"


def _commit(line: str, names: Mapping[str, str]) -> Commit:
    commit, date, author, subject = line.split("\0", 3)
    name = printable(names.get(commit, ""))
    return Commit(commit, int(date) * 1000, printable(author), printable(subject), name)
