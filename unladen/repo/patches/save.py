"""From a clone's branch ``main`` to the patches that give the same commits again."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unladen.errors import UserError
from unladen.repo.patches.build import BrokenPatchError, build
from unladen.repo.patches.git import BRANCH, MAIN, GitError, git, new_repository, users_git
from unladen.repo.patches.series import HEAD_FILE, is_whole, patch_files

_FORMAT = (
    *("--root", "--keep-subject", "--zero-commit", "--no-signature", "--no-stat", "--no-notes"),
    *("--binary", "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv"),
    *("--diff-algorithm=myers", "--unified=3", "--encode-email-headers"),
)
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_UTF8 = (b"UTF-8", b"utf-8", b"utf8")


@dataclass(frozen=True)
class _Commit:
    """What of a commit must survive. ``author``: with the date; ``encoding``: "" if UTF-8."""

    hash: str
    tree: str
    parents: Sequence[str]
    author: bytes
    encoding: bytes
    message: bytes


def save(work: Path, folder: Path) -> str:
    """Replace the patches in ``folder`` by the commits of ``main`` of the clone; the new head.

    The same commits give the same bytes, whoever saves them. The head is the one that the patches
    give, whose committers are the authors, not the clone's. Raises ``UserError``, one line, for a
    clone that is not clean and on ``main``, and for a history that patches cannot hold.
    """
    _check_work_tree(work, folder)
    with tempfile.TemporaryDirectory() as temporary:
        copy, built = Path(temporary, "copy"), Path(temporary, "built")
        # In a copy, no setting of the clone's own configuration has a say.
        new_repository(copy)
        try:
            git(["fetch", "--quiet", "--no-tags", str(work.resolve()), f"{MAIN}:{MAIN}"], copy)
        except GitError as error:
            raise UserError(f"{work}: cannot read its branch {BRANCH} ({error})") from error
        commits = _commits(copy)
        _check_history(commits)
        patches = Path(temporary, "patches")
        git(["format-patch", "--quiet", *_FORMAT, f"--output-directory={patches}", BRANCH], copy)
        head = _rebuilt(patch_files(patches), built, commits)
        _replace(folder, patch_files(patches), head)
    return head


def _check_work_tree(work: Path, folder: Path) -> None:
    advice = "name a clone that `unladen patches open` made"
    if not work.is_dir():
        raise UserError(f"{work}: there is no such folder; {advice}")
    try:
        top = Path(users_git(["rev-parse", "--show-toplevel"], work)).resolve()
    except GitError as error:
        raise UserError(f"{work}: has no work tree ({error}); {advice}") from error
    if top != work.resolve():
        raise UserError(f"{work}: is a folder inside {top}; {advice}")
    if folder.resolve().is_relative_to(top):
        raise UserError(f"{work}: holds the patches themselves; {advice}")
    # In a rebase that has stopped, HEAD is no branch, and main is what it was before.
    if users_git(["branch", "--show-current"], work) != BRANCH:
        raise UserError(f"{work}: finish the rebase, or check out the branch {BRANCH}, first")
    if users_git(["status", "--porcelain"], work):
        raise UserError(f"{work}: has changes that are not committed; commit or remove them")


def _commits(repository: Path) -> list[_Commit]:
    """The commits of ``main``, oldest first."""
    hashes = git(["rev-list", "--reverse", "--topo-order", BRANCH], repository)
    objects = git(["cat-file", "--batch"], repository, stdin=hashes)
    commits = []
    while objects:
        name, _, size = objects[: objects.index(b"\n")].split()
        start = objects.index(b"\n") + 1
        commits.append(_parsed(name.decode(), objects[start : start + int(size)]))
        objects = objects[start + int(size) + 1 :]
    return commits


def _parsed(name: str, content: bytes) -> _Commit:
    header, _, message = content.partition(b"\n\n")
    fields = [line.partition(b" ")[::2] for line in header.split(b"\n")]
    first = dict(reversed(fields))
    return _Commit(
        hash=name,
        tree=first[b"tree"].decode(),
        parents=[value.decode() for key, value in fields if key == b"parent"],
        author=first[b"author"],
        encoding=first.get(b"encoding", b""),
        message=message.strip(b"\n"),
    )


def _check_history(commits: Sequence[_Commit]) -> None:
    tree = _EMPTY_TREE
    for commit in commits:
        if len(commit.parents) > 1:
            raise _refused(commit, "is a merge; rebase it to one line of commits")
        if commit.tree == tree:
            raise _refused(commit, "changes no file; drop it")
        if not commit.message.strip():
            raise _refused(commit, "has no message; reword it")
        if not _is_utf8(commit):
            raise _refused(commit, "has an author or a message that is not UTF-8; amend it")
        tree = commit.tree


def _is_utf8(commit: _Commit) -> bool:
    try:
        (commit.author + commit.message).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not commit.encoding or commit.encoding in _UTF8


def _rebuilt(patches: Sequence[Path], repository: Path, commits: Sequence[_Commit]) -> str:
    """The head that the patches give, which must be these commits but for the committers."""
    try:
        head = build(patches, repository)
    except BrokenPatchError as error:
        number = patches.index(error.file) if error.file in patches else len(patches) - 1
        what = f"cannot be written as a patch ({error}); reword its message"
        raise _refused(commits[number], what) from error
    for commit, copy in zip(commits, _commits(repository), strict=True):
        if commit.tree != copy.tree:
            raise _refused(commit, "would have other files as a patch; reword its message")
        if commit.message != copy.message:
            said = "its message does not survive in a patch (a line like --- or diff?); reword it"
            raise _refused(commit, said)
        if commit.author != copy.author:
            raise _refused(commit, "its author does not survive in a patch; amend it")
    if not is_whole(repository, head):
        raise UserError("git fsck finds fault with these commits; look at them with it")
    return head


def _replace(folder: Path, patches: Sequence[Path], head: str) -> None:
    """Write the patches, then ``HEAD``: as long as that is the old one, the rest is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    for patch in patches:
        (folder / patch.name).write_bytes(patch.read_bytes())
    for old in set(patch_files(folder)) - {folder / patch.name for patch in patches}:
        old.unlink()
    (folder / HEAD_FILE).write_text(head + "\n", newline="\n")


def _refused(commit: _Commit, what: str) -> Exception:
    subject = commit.message.decode(errors="replace").partition("\n")[0][:60]
    refusal: Exception = UserError(f"commit {commit.hash[:10]} ({subject}) {what}")
    return refusal
