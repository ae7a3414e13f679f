"""Releases as commits and tags, kept as patches: the same releases give the same hashes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from unladen.errors import UserError
from unladen.releases.release import Release
from unladen.repo.patches.git import BRANCH, GitError, git, new_repository
from unladen.repo.patches.save import save_repository
from unladen.repo.patches.series import HEAD_FILE, provide
from unladen.repo.patches.tags import read_tags

_MAIL = "releases@unladen.invalid"


def known_versions(folder: Path) -> list[str]:
    """The versions of which there are commits, oldest commit first."""
    return list(read_tags(folder))


def add_commits(folder: Path, releases: Sequence[Release]) -> str:
    """Add a commit and a tag for each release to the patches in ``folder``, which may be none yet;
    the new head. Raises ``UserError``."""
    with tempfile.TemporaryDirectory(prefix="unladen-releases-") as temporary:
        repository = Path(temporary, "history.git")
        parent = ""
        if (folder / HEAD_FILE).is_file():
            parent = provide(folder, repository)
        else:
            new_repository(repository)
        stream = b"".join(
            _commit(release, number, parent if number == 1 else "")
            for number, release in enumerate(releases, 1)
        )
        try:
            git(["fast-import", "--quiet", "--date-format=raw"], repository, stdin=stream)
        except GitError as error:
            raise UserError(f"{folder}: git cannot make the commits: {error}") from error
        return save_repository(repository, folder)


def _commit(release: Release, mark: int, parent: str) -> bytes:
    """In the language of ``git fast-import``; the next one in a stream is on top of it."""
    who = f"{release.package} <{_MAIL}> {int(release.at.timestamp())} +0000"
    lines = [f"commit refs/heads/{BRANCH}", f"mark :{mark}", f"author {who}", f"committer {who}"]
    head = "\n".join([*lines, ""]).encode() + _data(release.message)
    onto = f"from {parent}\n".encode() if parent else b""
    files = b"".join(
        f"M 100644 inline {name}\n".encode() + _data(text) for name, text in release.files.items()
    )
    return head + onto + files + f"reset refs/tags/{release.version}\nfrom :{mark}\n\n".encode()


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%s\n" % (len(content), content)
