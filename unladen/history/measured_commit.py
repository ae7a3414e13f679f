"""The measured commit that a user names, and what is said of one that is not measured."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable

from unladen.errors import UserError
from unladen.history.lines import Line, line_to, lines_of
from unladen.project.project import Project
from unladen.repo.commits import SHORT, Commit, full_hash
from unladen.repo.repository import Repository, open_at_hand
from unladen.text.counts import count_text
from unladen.text.terminal import printable

_BEGINNING = re.compile(r"[0-9a-f]{4,40}")


def single(name: str) -> str:
    """The name of one commit. Raises ``UserError`` for a range."""
    if ".." in name:
        last = name.rpartition("..")[2] or "HEAD"
        raise UserError(f"one commit, please, not {printable(name)}: name {printable(last)}, say")
    return name


def measured_commit(project: Project, name: str, measured: Collection[str]) -> str:
    """The hash, one of ``measured``, of the commit that is called so: by the beginning of its hash,
    or as git calls it (``main``, a tag, ``HEAD~3``).

    The repository is opened only for what is no beginning of one of these hashes. Raises
    ``UserError``, one line: unknown, not measured (and what is, near it), or several.
    """
    single(name)
    beginning = name.lower()
    found = {one for one in measured if one.startswith(beginning)}
    if not _BEGINNING.fullmatch(beginning) or not found:
        repository = _at_hand(project, name)
        commit = full_hash(repository, name)
        check_measured(project, repository, commit, name, measured)
        found = {one for one in measured if one[:SHORT] == commit[:SHORT]}
    if len(found) > 1:
        several = ", ".join(one[:SHORT] for one in sorted(found)[:5])
        raise UserError(f"{printable(name)} could be {several}")
    return found.pop()


def _at_hand(project: Project, name: str) -> Repository:
    try:
        return open_at_hand(project)
    except UserError as error:
        why = f"nothing is measured of a commit that begins with {printable(name)}"
        raise UserError(f"{why}, and as a name it is not known: {error}") from error


def check_measured(
    project: Project, repository: Repository, commit: str, name: str, measured: Iterable[str]
) -> None:
    """Raise ``UserError`` that names the nearest measured commit if this one is not measured.

    ``measured``: hashes, or their first ``SHORT`` characters.
    """
    known = {one[:SHORT] for one in measured}
    if commit[:SHORT] in known:
        return
    named = printable(name)
    short = commit[:SHORT]
    what = short if short.startswith(named.lower()) or commit == name else f"{named} ({short})"
    near = _nearest(project, repository, commit, known)
    told = f"the nearest that is: {near}" if near else "and none of its line is"
    raise UserError(f"{what} is not measured; {told}")


def _nearest(project: Project, repository: Repository, commit: str, known: Collection[str]) -> str:
    """The measured commit with the fewest commits between, the earlier of two; "" without any."""
    before = line_to(project, repository, commit)
    lines = [before]
    with contextlib.suppress(UserError):  # a branch of the conf that is not there
        lines += [line for line in lines_of(project, repository) if commit in line]
    found = [one for line in lines for one in _distances(line, commit, known)]
    if not found:
        return ""
    distance, near = min(found, key=lambda pair: (abs(pair[0]), pair[0]))
    commits = count_text(abs(distance), "commit")
    return f"{near.short} {near.subject} ({commits} {'later' if distance > 0 else 'earlier'})"


def _distances(line: Line, commit: str, known: Collection[str]) -> list[tuple[int, Commit]]:
    """How far along a line each measured commit is from this one."""
    position = line.position(commit) or 0
    return [(n - position, one) for n, one in enumerate(line.commits) if one.beginning in known]
