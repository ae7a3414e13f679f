"""What names mean in a target's git repository: branches, tags, commits.

Git takes a tag for a branch of the same name, and knows a branch that was only fetched by its long
name alone. Here a branch comes before a tag, and ``main`` is ``origin/main`` where there is no
other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.text.terminal import printable

HEADS = "refs/heads/"
REMOTES = "refs/remotes/"
ORIGIN = f"{REMOTES}origin/"
TAGS = "refs/tags/"

_BASE = re.compile(r"(?:(?!@\{)[^~^:])+")


class GitRepository(Protocol):
    """What runs git in a repository."""

    path: str

    def run_git(self, arguments: Sequence[str]) -> str: ...


def git_output(repository: GitRepository, arguments: Sequence[str]) -> str:
    """What git prints. Raises ``ProcessError``."""
    return repository.run_git(arguments)


def branch_ref(repository: GitRepository, branch: str | None) -> str:
    """The whole name of a branch's ref, such as ``refs/heads/main``; ``HEAD`` if that is detached.

    None: the repository's default branch. ``HEAD``: the branch that is checked out. Raises
    ``UserError``, one line, if there is no such branch.
    """
    if branch is None:
        return _default_branch(repository)
    if branch == "HEAD":
        checked_out = _points_to(repository, "HEAD") or "HEAD"
        if _commit(repository, checked_out):
            return checked_out
        raise UserError(f"{printable(repository.path)}: HEAD has no commits")
    found = _branch(repository, branch)
    if found is None:
        raise UserError(_no_branch(repository, branch))
    return found


def branch_name(ref: str) -> str:
    """A branch's name for people."""
    for prefix in (HEADS, ORIGIN, REMOTES):
        ref = ref.removeprefix(prefix)
    return ref


def find_commit(repository: GitRepository, name: str) -> str | None:
    """The hash of the commit called so: a branch, a tag, a hash, ``HEAD~2``; None if there is none.

    Several words, options and ranges are no names.
    """
    return _commit(repository, unambiguous(repository, name))


def unambiguous(repository: GitRepository, name: str) -> str:
    """The name as git takes it in the way that is described above; ``main~2`` as well."""
    base = _BASE.match(name)
    if base is None or _commit(repository, base[0]) == base[0]:
        return name
    ref = _branch(repository, base[0]) if base[0] != "HEAD" else None
    is_fetched_only = ref is not None and not ref.startswith(HEADS)
    if ref is None or (is_fetched_only and _commit(repository, base[0])):
        return name
    return ref + name[base.end() :]


def tagged_commits(repository: GitRepository) -> dict[str, str]:
    """The commits that have tags: their hashes by the tags' names, in the order of git."""
    try:
        listed = git_output(repository, ["show-ref", "--tags", "--dereference"])
    except ProcessError:
        return {}  # there are none
    tags: dict[str, str] = {}
    for line in listed.splitlines():
        found, _, ref = line.partition(" ")
        # The second of two lines on a tag is on what it leads to.
        tags[ref.removeprefix(TAGS).removesuffix("^{}")] = found
    commits = set(git_output(repository, ["rev-list", "--all"]).split())
    return {tag: found for tag, found in tags.items() if found in commits}


def _commit(repository: GitRepository, name: str) -> str | None:
    # Without --verify, what looks like a pattern is given back as it is.
    query = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
    try:
        return git_output(repository, query).strip()
    except ProcessError:
        return None


def _branch(repository: GitRepository, name: str) -> str | None:
    """The ref of a branch here, or else fetched from elsewhere."""
    candidates = [name] if name.startswith("refs/") else [f"{HEADS}{name}"]
    candidates += [f"{ORIGIN}{name}", f"{REMOTES}{name}"]
    return next((ref for ref in candidates if _commit(repository, ref)), None)


def _points_to(repository: GitRepository, head: str) -> str | None:
    """The ref that a symbolic one stands for; None if it is none."""
    try:
        return git_output(repository, ["symbolic-ref", "--quiet", head]).strip() or None
    except ProcessError:
        return None


def _default_branch(repository: GitRepository) -> str:
    """What ``origin`` calls its default, or else what is checked out."""
    path = printable(repository.path)
    for head, prefix in ((f"{ORIGIN}HEAD", ORIGIN), ("HEAD", HEADS)):
        ref = _points_to(repository, head)
        if ref and (found := _branch(repository, ref.removeprefix(prefix))):
            return found
    raise UserError(
        f'{path}: which branch is its default is not known; name one as "branches" in the conf'
    )


def _no_branch(repository: GitRepository, branch: str) -> str:
    name, path = printable(branch), printable(repository.path)
    why = f"there is no branch {name} in the repository"
    if _commit(repository, TAGS + branch):
        return f"{why}, only a tag; to make one of it: git -C {path} branch {name} refs/tags/{name}"
    if _points_to(repository, "HEAD") is None:
        return f"{why}, whose HEAD is detached; to make one of it: git -C {path} branch {name}"
    heads = git_output(repository, ["for-each-ref", "--format=%(refname)", HEADS]).split()
    known = ", ".join(printable(branch_name(head)) for head in heads[:5])
    return f"{why}; there is {known}" if known else f"{why}, which has none"
