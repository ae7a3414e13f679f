"""The tags of a history: names by which its commits are chosen and plots are marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unladen.repo.commits import Commit
from unladen.text.terminal import printable


def tags_on(commits: Sequence[Commit], tags: Mapping[str, str]) -> list[tuple[str, int]]:
    """The tags of these commits, each with its commit's index, in the order of the commits.

    ``tags``: hashes by the tags' names (``Repository.get_tags``). Left out are those of commits
    elsewhere, and those that a commit is called by anyway.
    """
    numbers = {commit.hash: number for number, commit in enumerate(commits)}
    found = [
        (printable(name), numbers[commit])
        for name, commit in tags.items()
        if commit in numbers and commits[numbers[commit]].name != name
    ]
    return sorted(found, key=lambda tag: tag[1])
