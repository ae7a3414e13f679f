"""The tags of a history that is kept as patches: a file ``TAGS`` beside them.

A line a tag, in the order of the commits: the full hash of the commit, a space, the tag's name.
Tags have no message, date or signature of their own: of an annotated one the commit is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from unladen.errors import UserError
from unladen.repo.patches.git import git

TAGS_FILE = "TAGS"
PREFIX = "refs/tags/"

_LINE = re.compile(r"([0-9a-f]{40}) (\S+)")

Tags = Mapping[str, str]
"""The full hash of a commit by a tag's name."""


def read_tags(folder: Path) -> dict[str, str]:
    """Those of the patches in a folder; none without the file. Raises ``UserError``."""
    file = folder / TAGS_FILE
    if not file.is_file():
        return {}
    tags: dict[str, str] = {}
    for line in file.read_text(errors="replace").splitlines():
        found = _LINE.fullmatch(line)
        if found is None or found[2] in tags:
            raise UserError(f"{file}: must hold a line HASH TAG for each tag, not {line[:60]!r}")
        tags[found[2]] = found[1]
    return tags


def write_tags(folder: Path, tags: Tags, order: Sequence[str]) -> None:
    """Write the file, or remove it if there are no tags. ``order``: the commits, oldest first."""
    file = folder / TAGS_FILE
    if not tags:
        file.unlink(missing_ok=True)
        return
    place = {commit: number for number, commit in enumerate(order)}
    listed = sorted(tags.items(), key=lambda one: (place[one[1]], one[0]))
    file.write_text("".join(f"{commit} {tag}\n" for tag, commit in listed), newline="\n")


def set_tags(repository: Path, tags: Tags) -> None:
    """Make the tags in a bare repository, which has none called so."""
    if tags:
        lines = [f"create {PREFIX}{tag} {commit}\n" for tag, commit in tags.items()]
        git(["update-ref", "--stdin"], repository, stdin="".join(lines).encode())


def tags_of(repository: Path) -> dict[str, str]:
    """The tags of a bare repository that lead to commits."""
    form = "%(refname) %(objectname) %(*objectname)"
    said = git(["for-each-ref", f"--format={form}", PREFIX], repository).decode()
    found = (line.split() for line in said.splitlines())
    return {name.removeprefix(PREFIX): rest[-1] for name, *rest in found}
