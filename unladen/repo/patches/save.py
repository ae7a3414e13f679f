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
from unladen.repo.patches.tags import PREFIX as TAG
from unladen.repo.patches.tags import Tags, tags_of, write_tags

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
    clone that is not clean and on ``main``, and for a history that patches cannot hold. Its tags
    are saved too.
    """
    _check_work_tree(work, folder)
    with tempfile.TemporaryDirectory() as temporary:
        # In a copy, no setting of the clone's own configuration has a say.
        copy = Path(temporary, "copy")
        new_repository(copy)
        refs = [f"{MAIN}:{MAIN}", f"{TAG}*:{TAG}*"]
        try:
            git(["fetch", "--quiet", "--no-tags", str(work.resolve()), *refs], copy)
        except GitError as error:
            raise UserError(f"{work}: cannot read its branch {BRANCH} ({error})") from error
        return save_repository(copy, folder)


def save_repository(repository: Path, folder: Path) -> str:
    """The same of a bare repository's branch ``main`` and its tags, which is as git makes it for
    everybody (``unladen.repo.patches.git.new_repository``)."""
    commits, tags = _commits(repository), tags_of(repository)
    _check_history(commits)
    _check_tags(tags, commits)
    with tempfile.TemporaryDirectory() as temporary:
        built, patches = Path(temporary, "built"), Path(temporary, "patches")
        command = ["format-patch", "--quiet", *_FORMAT, f"--output-directory={patches}", BRANCH]
        git(command, repository)
        saved = _rebuilt(patch_files(patches), built, commits)
        renamed = {one.hash: new for one, new in zip(commits, saved, strict=True)}
        _replace(folder, patch_files(patches), saved, {n: renamed[at] for n, at in tags.items()})
    return saved[-1]


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


def _check_tags(tags: Tags, commits: Sequence[_Commit]) -> None:
    known = {commit.hash for commit in commits}
    for tag, commit in tags.items():
        if commit not in known:
            why = f"is on {commit[:10]}, which is not in the history of {BRANCH}"
            raise UserError(f"the tag {tag} {why}: move it (git tag -f), or delete it (git tag -d)")


def _is_utf8(commit: _Commit) -> bool:
    try:
        (commit.author + commit.message).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not commit.encoding or commit.encoding in _UTF8


def _rebuilt(patches: Sequence[Path], repository: Path, commits: Sequence[_Commit]) -> list[str]:
    """The commits that the patches give, which must be these but for the committers."""
    try:
        head = build(patches, repository)
    except BrokenPatchError as error:
        number = patches.index(error.file) if error.file in patches else len(patches) - 1
        what = f"cannot be written as a patch ({error}); reword its message"
        raise _refused(commits[number], what) from error
    copies = _commits(repository)
    for commit, copy in zip(commits, copies, strict=True):
        if commit.tree != copy.tree:
            raise _refused(commit, "would have other files as a patch; reword its message")
        if commit.message != copy.message:
            said = "its message does not survive in a patch (a line like --- or diff?); reword it"
            raise _refused(commit, said)
        if commit.author != copy.author:
            raise _refused(commit, "its author does not survive in a patch; amend it")
    if not is_whole(repository, head):
        raise UserError("git fsck finds fault with these commits; look at them with it")
    return [copy.hash for copy in copies]


def _replace(folder: Path, patches: Sequence[Path], commits: Sequence[str], tags: Tags) -> None:
    """Write the patches, then ``HEAD``: as long as that is the old one, the rest is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    for patch in patches:
        (folder / patch.name).write_bytes(patch.read_bytes())
    for old in set(patch_files(folder)) - {folder / patch.name for patch in patches}:
        old.unlink()
    write_tags(folder, tags, commits)
    (folder / HEAD_FILE).write_text(commits[-1] + "\n", newline="\n")


def _refused(commit: _Commit, what: str) -> Exception:
    subject = commit.message.decode(errors="replace").partition("\n")[0][:60]
    refusal: Exception = UserError(f"commit {commit.hash[:10]} ({subject}) {what}")
    return refusal
