"""A repository that is kept as a series of patches: ``"repo": "patches:FOLDER"``.

The folder holds ``0001-*.patch`` and so on, as ``git format-patch`` writes them, a file ``HEAD``
with the full hash of the last commit, and where there are tags a file ``TAGS``
(``unladen.repo.patches.tags``). ``provide`` makes a bare repository of it that has the same hashes
on every machine; ``open_work_tree`` gives a clone to edit, and
``unladen.repo.patches.save`` writes that back.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from unladen.errors import UserError
from unladen.project.suite import in_suite
from unladen.repo.patches.build import BrokenPatchError, build
from unladen.repo.patches.git import BRANCH, MAIN, GitError, git
from unladen.repo.patches.tags import PREFIX as TAG
from unladen.repo.patches.tags import TAGS_FILE, Tags, read_tags, set_tags

PREFIX = "patches:"
HEAD_FILE = "HEAD"
_REPAIR = "restore them, or let `unladen patches save DIR` write them"


def series_folder(repo: str) -> Path | None:
    """The absolute folder that a conf's ``repo`` names, if it is a series of patches."""
    if not repo.startswith(PREFIX):
        return None
    folder = repo.removeprefix(PREFIX)
    if not folder:
        raise UserError(f'"repo": "{repo}" must name a folder: "{PREFIX}FOLDER"')
    return Path(os.path.abspath(in_suite(folder)))


def patch_files(folder: Path) -> list[Path]:
    """The patches in a folder, in order."""
    found = [file for file in folder.glob("*.patch") if re.match(r"\d{4,}-", file.name)]
    return sorted(found, key=lambda file: int(file.name.partition("-")[0]))


def provide(folder: Path, repository: Path) -> str:
    """Make ``repository`` the whole bare repository of the series, unless it is; its head.

    What is there and is not whole, or of another series, is removed. Two processes may do this at
    the same time. Raises ``UserError``, one line, if the patches do not give the expected head.
    """
    expected, tags = _expected_head(folder), read_tags(folder)
    if is_whole(repository, expected, tags):
        return expected
    repository.parent.mkdir(parents=True, exist_ok=True)
    with _only_builder(repository):
        if is_whole(repository, expected, tags):
            return expected
        replaced = os.path.lexists(repository)
        _build_in_place(folder, repository, expected, tags)
    if replaced:
        # Not asv's log: that is standard output, where a command may be printing JSON.
        what = f"{repository} was damaged or of other patches, and is built again"
        print(f"unladen: {what}", file=sys.stderr)
    return expected


def is_whole(repository: Path, head: str, tags: Tags = MappingProxyType({})) -> bool:
    """Whether ``main`` is ``head``, there are these tags, no other and no other branch, and every
    object is sound."""
    expected = {MAIN: head, **{f"{TAG}{tag}": commit for tag, commit in tags.items()}}
    try:
        refs = git(["for-each-ref", "--format=%(objectname) %(refname)"], repository).decode()
        branch = git(["symbolic-ref", "HEAD"], repository).decode()
        found = {name: commit for commit, name in map(str.split, refs.splitlines())}
        if (found, branch) != (expected, f"{MAIN}\n"):
            return False
        git(["fsck", "--full", "--no-dangling", "--no-progress"], repository)
    except GitError:
        return False
    return True


def open_work_tree(repository: Path, work: Path) -> None:
    """Clone the whole ``repository`` to ``work``, which must not exist. Raises ``UserError``."""
    if os.path.lexists(work):
        raise UserError(f"{work}: is there already; name a folder that is not")
    # Bytes as they are committed, whatever the user's line ends: what is saved are commits.
    options = [
        "--no-hardlinks",
        "--template=",
        f"--branch={BRANCH}",
        "--config=core.autocrlf=false",
    ]
    try:
        git(["clone", "--quiet", *options, str(repository), str(work)], repository)
    except GitError as error:
        raise UserError(f"{work}: cannot clone {repository} to it ({error})") from error


def _expected_head(folder: Path) -> str:
    if not folder.is_dir():
        raise UserError(f"{folder}: there is no such folder of patches")
    file = folder / HEAD_FILE
    text = file.read_text(errors="replace").strip() if file.is_file() else ""
    if not re.fullmatch(r"[0-9a-f]{40}", text):
        raise UserError(f"{file}: must hold the full hash of the last commit; {_REPAIR}")
    return text


def _build_in_place(folder: Path, repository: Path, expected: str, tags: Tags) -> None:
    """Build beside ``repository`` and move it there when it is whole."""
    leftovers = f"{repository.name}.part-"
    for leftover in repository.parent.glob(f"{leftovers}*"):
        _remove(leftover)
    beside = Path(tempfile.mkdtemp(prefix=leftovers, dir=repository.parent))
    try:
        _build_expected(folder, beside / "new", expected)
        try:
            set_tags(beside / "new", tags)
        except GitError as error:
            raise UserError(f"{folder / TAGS_FILE}: {error}; {_REPAIR}") from error
        if os.path.lexists(repository):
            os.replace(repository, beside / "old")
        os.replace(beside / "new", repository)
    finally:
        _remove(beside)


def _build_expected(folder: Path, repository: Path, expected: str) -> None:
    patches = patch_files(folder)
    if not patches:
        raise UserError(f"{folder}: there are no patches in it; {_REPAIR}")
    by_hand = "the patches were changed by hand"
    try:
        head = build(patches, repository)
    except BrokenPatchError as error:
        where = error.file
        raise UserError(f"{where}: {by_hand}: {error}; {_REPAIR}") from error
    if head != expected:
        differ = f"they give {head[:12]}, the file {HEAD_FILE} says {expected[:12]}"
        raise UserError(f"{folder}: {by_hand}: {differ}; {_REPAIR}")


@contextmanager
def _only_builder(repository: Path) -> Iterator[None]:
    """Wait until no other process builds ``repository``; a lock that ends with its process."""
    with open(f"{repository}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
