"""What two commits have otherwise in a checkout of some paths."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from unladen.asv_bridge.processes import ProcessError
from unladen.repo.refs import git_output
from unladen.repo.repository import Repository

_LINKS = ("120000", "160000")
"""Modes of what is no file: links, submodules."""

_DECIDE = (":(glob)**/.gitattributes", ":(glob)**/.gitmodules")
"""Decide what a checkout makes of other files."""


@dataclass(frozen=True)
class Difference:
    """A path that two commits have otherwise. ``is_in_both``: as a file, of which the content or
    the rights differ; ``is_link``: in one of them it is a link or a submodule."""

    path: str
    is_in_both: bool
    is_link: bool


@dataclass(frozen=True)
class NewName:
    """A name that only one of two commits has in a folder, "" for the top, that both have."""

    folder: str
    name: str
    is_folder: bool


def differences(
    repository: Repository, one: str, other: str, paths: Sequence[str]
) -> list[Difference]:
    """Those below ``paths``, everywhere if there are none. Raises ``ProcessError``."""
    command = ["--literal-pathspecs", "diff-tree", "-r", "--raw", "-z", "--no-renames"]
    output = git_output(repository, [*command, one, other, "--", *paths])
    fields = output.split("\0")
    return [_difference(*pair) for pair in zip(fields[::2], fields[1::2], strict=False)]


def differ_in_attributes(repository: Repository, one: str, other: str) -> bool:
    """Whether what decides how files are checked out differs, wherever. Raises ``ProcessError``."""
    command = ["diff-tree", "-r", "--name-only", "-z", one, other, "--", *_DECIDE]
    return bool(git_output(repository, command))


def folders_at(repository: Repository, commit: str, paths: Sequence[str]) -> set[str]:
    """The folders that a checkout of ``paths`` has, "" among them. Raises ``ProcessError``."""
    command = ["--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", "--name-only", commit]
    files = git_output(repository, [*command, "--", *paths]).split("\0")
    parents = {file.rpartition("/")[0] for file in files if file}
    return {"", *(above for one in parents for above in _and_above(one))}


def new_names(
    found: Sequence[Difference], before: Collection[str], after: Collection[str]
) -> set[NewName]:
    """The names that folders get or lose. ``before``, ``after``: the folders of both commits."""
    both = {*before} & {*after}
    return {_new_name(one.path, both) for one in found if not one.is_in_both}


def files_that_say(
    repository: Repository, commit: str, patterns: Sequence[str], paths: Sequence[str]
) -> set[str]:
    """The files of a commit in which one of some POSIX extended expressions is found. Raises
    ``ProcessError``."""
    wanted = [word for pattern in patterns for word in ("-e", pattern)]
    options = ["--literal-pathspecs", "grep", "-I", "-l", "-z", "-E", "--full-name"]
    try:
        output = git_output(repository, [*options, *wanted, commit, "--", *paths])
    except ProcessError as error:
        if error.retcode == 1:
            return set()
        raise
    return {line.partition(":")[2] for line in output.split("\0") if line}


def literally(text: str) -> str:
    """An extended expression for a text."""
    return re.sub(r"([][\\.^$*+?(){}|])", r"\\\1", text)


def _difference(head: str, path: str) -> Difference:
    old, new, *_ = head.removeprefix(":").split()
    is_in_both = "000000" not in (old, new)
    return Difference(path, is_in_both, old in _LINKS or new in _LINKS)


def _new_name(path: str, both: Collection[str]) -> NewName:
    parts = PurePosixPath(path).parts
    for depth in range(1, len(parts)):
        if "/".join(parts[:depth]) not in both:
            return NewName("/".join(parts[: depth - 1]), parts[depth - 1], True)
    return NewName("/".join(parts[:-1]), parts[-1], False)


def _and_above(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
