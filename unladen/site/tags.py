"""The tags of a history: names by which its commits are chosen and plots are marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unladen.history.lines import Line
from unladen.repo.commits import Commit
from unladen.repo.forks import fork_points
from unladen.repo.repository import Repository
from unladen.text.terminal import printable

Tag = tuple[str, int]
"""The name of a tag, and the index of a commit."""


@dataclass(frozen=True)
class Tags:
    """Of some commits of a line, in their order. ``own``: their tags, but for those that a commit
    is called by anyway; ``forks``: tags of commits off the line, such as on the branch of a
    release, each with the last of these commits that its own comes from."""

    own: Sequence[Tag] = ()
    forks: Sequence[Tag] = ()


def tags_of(
    repository: Repository, tags: Mapping[str, str], line: Line, commits: Sequence[Commit]
) -> Tags:
    """Those of ``commits`` of a line, oldest first. A tag of another commit of the line is that of
    the last one before: nothing in scope changed since.

    ``tags``: hashes by the names of all tags (``Repository.get_tags``). Raises ``ProcessError``.
    """
    whole = {commit.hash for commit in line.commits}
    on_line = _last_before(line, commits)
    own = {name: on_line[commit] for name, commit in tags.items() if commit in on_line}
    away = {name: commit for name, commit in tags.items() if commit not in whole}
    left = fork_points(repository, {*away.values()}, [commit.hash for commit in commits])
    forks = {name: left[commit] for name, commit in away.items() if commit in left}
    return Tags(
        _in_order({name: n for name, n in own.items() if commits[n].name != name}),
        _in_order(forks),
    )


def _last_before(line: Line, commits: Sequence[Commit]) -> dict[str, int]:
    """The index of the last of some commits up to each one of their line, by its hash; of those
    before the first there is none."""
    numbers = {commit.hash: number for number, commit in enumerate(commits)}
    found: dict[str, int] = {}
    last: int | None = None
    for commit in line.commits:
        last = numbers.get(commit.hash, last)
        if last is not None:
            found[commit.hash] = last
    return found


def _in_order(tags: Mapping[str, int]) -> list[Tag]:
    return sorted(((printable(name), n) for name, n in tags.items()), key=lambda tag: tag[1])
