"""From ``git format-patch`` files to commits whose hashes are the same on every machine."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from unladen.repo.patches.git import BRANCH, MAIN, GitError, git, new_repository


class BrokenPatchError(Exception):
    """A file that is no patch, or one that does not apply; the message is one line of git's."""

    def __init__(self, file: Path, said: str) -> None:
        """``said``: what git said of ``file``."""
        super().__init__(said)
        self.file = file


@dataclass(frozen=True)
class _Letter:
    """A patch as ``git mailinfo`` reads it. ``author``: as a commit has it, with a mail's date."""

    file: Path
    author: bytes
    message: bytes
    diff: bytes


def build(patches: Sequence[Path], repository: Path) -> str:
    """Make ``repository``, a new bare one, with a commit on ``main`` for each patch; its head.

    The committer is the author, the date included. Raises ``BrokenPatchError``.
    """
    new_repository(repository)
    # The mails are read while those before them are applied: a third of the time.
    with ThreadPoolExecutor(max_workers=2) as pool:
        letters = pool.map(partial(_read, repository=repository), patches)
        stream = b"".join(_imported(letter, _tree_with(letter, repository)) for letter in letters)
    try:
        git(["fast-import", "--quiet", "--date-format=rfc2822"], repository, stdin=stream)
    except GitError as error:
        raise BrokenPatchError(patches[0].parent, str(error)) from error
    _index(repository).unlink()
    return git(["rev-parse", MAIN], repository).decode().strip()


def _read(patch: Path, repository: Path) -> _Letter:
    with tempfile.TemporaryDirectory() as folder:
        body, diff = Path(folder, "body"), Path(folder, "diff")
        # The subject is kept as it is: save writes none of git's "[PATCH]".
        options = ["-k", "--encoding=UTF-8", "--no-scissors", "--no-message-id"]
        command = ["mailinfo", *options, str(body), str(diff)]
        try:
            header = _header(git(command, repository, stdin=patch.read_bytes()))
        except GitError as error:
            raise BrokenPatchError(patch, str(error)) from error
        try:
            name, mail, date = (header[key][0] for key in (b"Author", b"Email", b"Date"))
            subject = b"\n".join(header[b"Subject"])
        except KeyError as error:
            raise BrokenPatchError(patch, f"it has no {error.args[0].decode()}") from error
        message = (subject + b"\n\n" + body.read_bytes()).rstrip() + b"\n"
        return _Letter(patch, b"%s <%s> %s" % (name, mail, date), message, diff.read_bytes())


def _header(said: bytes) -> dict[bytes, list[bytes]]:
    """What ``git mailinfo`` printed; a subject of several lines is several times the same key."""
    header: dict[bytes, list[bytes]] = {}
    for line in said.splitlines():
        key, _, value = line.partition(b": ")
        header.setdefault(key, []).append(value)
    return header


def _tree_with(letter: _Letter, repository: Path) -> str:
    """The tree that the patch makes of the index. No file is checked out, nothing converted."""
    index = {"GIT_INDEX_FILE": str(_index(repository))}
    apply = ["apply", "--cached", "--whitespace=nowarn"]
    try:
        git(apply, repository, stdin=letter.diff, variables=index)
        return git(["write-tree"], repository, variables=index).decode().strip()
    except GitError as error:
        raise BrokenPatchError(letter.file, str(error)) from error


def _index(repository: Path) -> Path:
    return repository / "series.index"


def _imported(letter: _Letter, tree: str) -> bytes:
    """A commit on top of the one before, in the language of ``git fast-import``."""
    return (
        b"commit refs/heads/%s\n" % BRANCH.encode()
        + b"author %s\ncommitter %s\n" % (letter.author, letter.author)
        + b"data %d\n%s\n" % (len(letter.message), letter.message)
        + b'M 040000 %s ""\n\n' % tree.encode()
    )
