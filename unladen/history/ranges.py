"""The commits that the range of ``unladen run`` names, newest first."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Callable, Collection, Sequence

from unladen.asv_bridge.processes import ProcessError
from unladen.asv_bridge.run import existing_hashes
from unladen.errors import UserError
from unladen.history.lines import Line, commits_between, line_to, lines_of, newest_first
from unladen.project.project import Project
from unladen.repo.commits import full_hash
from unladen.repo.refs import find_commit, unambiguous
from unladen.repo.repository import Repository, repository_of
from unladen.text.hashes import is_hash
from unladen.text.terminal import printable

_NAMES = re.compile(r"(\^?)(.*?)(?:(\.{2,3})(.*)|(\^!|\^@|\^-\d*))?")
"""A revision as git writes it: a name, a range of two, or a name with a sign at its end."""


def chosen_commits(
    project: Project,
    repository: Repository,
    wanted: str | None,
    measured: Callable[[], Collection[str]],
) -> list[str]:
    """Their hashes, each once. ``measured`` gives those of commits that have results.

    None or ``ALL``: all in scope of the branches' lines. ``NEW``: those after the newest measured
    one of each line. ``A..B``: those in scope on the line of B that A does not hold. A name: those
    in scope on the line that ends there. ``TAGS``, ``EXISTING``, ``HEAD``: the commits that have a
    tag, or results; the one that is checked out. All else is for git, along first parents, whatever
    it touches: ``COMMIT^!`` is that commit.
    Raises ``UserError`` for what git does not know.
    """
    if wanted in (None, "ALL"):
        return _hashes(lines_of(project, repository))
    if wanted == "NEW":
        return _new(lines_of(project, repository), measured())
    if wanted == "TAGS":
        return list(dict.fromkeys(reversed(repository.get_tags().values())))
    if wanted == "EXISTING":
        stored = list(measured())
        return sorted(set(stored) - repository.unknown_commits(stored))
    if wanted == "HEAD":
        return [repository.get_hash_from_name("HEAD")]
    older, dots, newer = wanted.partition("..")
    if dots and _is_name(older) and _is_name(newer):
        return _hashes([commits_between(project, repository, older, newer)])
    if _is_name(wanted) and find_commit(repository, wanted):
        return _hashes([line_to(project, repository, wanted)])
    return _of_git(repository, wanted)


def hashes_of(project: Project, wanted: str | list[str], may_pull: bool) -> list[str] | None:
    """The commits that asv was asked to measure: names, or one of asv's words for several. None if
    the conf leaves the repository to asv. Raises ``UserError``."""
    repository = repository_of(project)
    if repository is None:
        return None
    if may_pull:
        repository.pull()
    if isinstance(wanted, list):
        return [one if is_hash(one) else full_hash(repository, one) for one in wanted]
    return chosen_commits(project, repository, wanted, lambda: existing_hashes(project.results_dir))


def _hashes(lines: Sequence[Line]) -> list[str]:
    return [commit.hash for commit in newest_first(lines)]


def _new(lines: Sequence[Line], measured: Collection[str]) -> list[str]:
    new: dict[str, None] = {}
    for line in lines:
        newest = reversed([commit.hash for commit in line.scope()])
        new.update(dict.fromkeys(itertools.takewhile(lambda one: one not in measured, newest)))
    return list(new)


def _is_name(text: str) -> bool:
    return not text.startswith(("-", ".", "^")) and not any(sign.isspace() for sign in text)


def _of_git(repository: Repository, wanted: str) -> list[str]:
    """What ``git rev-list`` makes of it."""
    try:
        return list(repository.get_hashes_from_range(plain_range(repository, wanted)))
    except ProcessError as error:
        raise UserError(f"git does not know the commits {printable(repr(wanted))}") from error


def plain_range(repository: Repository, wanted: str) -> str:
    """A range for ``git rev-list`` with names that it takes as they are meant: branches before
    tags. Raises ``UserError`` for what git does not know."""
    try:
        words = shlex.split(wanted)
    except ValueError as error:
        raise UserError(f"git does not know the commits {printable(repr(wanted))}") from error
    if not words:
        full_hash(repository, wanted)  # refuses it
    return shlex.join(_plain(repository, word) for word in words)


def _plain(repository: Repository, word: str) -> str:
    found = _NAMES.fullmatch(word)
    if word.startswith("-") or found is None:
        return word
    sign, name, dots, other, end = found.groups()
    plain = sign + _found(repository, name)
    return f"{plain}{dots}{_found(repository, other)}" if dots else f"{plain}{end or ''}"


def _found(repository: Repository, name: str) -> str:
    if name:
        full_hash(repository, name)  # refuses what git does not know
    return unambiguous(repository, name) if name else name
