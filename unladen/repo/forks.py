"""Where commits left a line of commits that they are not on."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from unladen.repo.refs import git_output
from unladen.repo.repository import Repository


def fork_points(
    repository: Repository, commits: Collection[str], line: Sequence[str]
) -> dict[str, int]:
    """The last commit of a line that each commit comes from, as its index; of the line's own it is
    themselves. What comes from none is left out.

    ``commits``, ``line``: whole hashes of what the repository has; the line's oldest first. Raises
    ``ProcessError``.
    """
    last = {commit: number for number, commit in enumerate(line)}
    if any(commit not in last for commit in commits):
        # A parent comes before what comes from it. A line may have merged others, so that not
        # every parent of a commit is on it.
        order = ["rev-list", "--topo-order", "--reverse", "--parents", *sorted(commits)]
        for listed in git_output(repository, order).splitlines():
            commit, *parents = listed.split()
            found = [last[parent] for parent in parents if parent in last]
            if found:
                last.setdefault(commit, max(found))
    return {commit: last[commit] for commit in commits if commit in last}
