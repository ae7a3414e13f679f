"""How the stored results stand to the repository: whether it has the commits that were measured.

Some may be missing from it, for three reasons. It is *shallow*: the older part of the history is
not there. It was *rewritten* upstream, by a rebase or a force-push: the old commits are gone, new
ones of the same author dates stand in their place. Or it is the *wrong* clone, another project's.
Results of missing commits are left out, and stay where they are; only in a wrong clone nothing is
measured or shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from unladen.errors import UserError
from unladen.repo.commits import SHORT, how_to_deepen, is_shallow
from unladen.repo.refs import git_output
from unladen.repo.repository import Repository, repository_variable
from unladen.store.results_file import read_results
from unladen.store.results_folder import machine_folders, results_files
from unladen.text.terminal import printable

NAMED = 4
"""Commits that a remark names."""

ENOUGH = 3
"""From so many missing commits on, a repository may be held for another project's."""

NEARLY_NONE = 0.1
"""Share of measured commits that another project's repository may have by chance, as where both
were made from one template."""


@dataclass(frozen=True)
class CloneState:
    """``measured``: commits with results, of any machine; ``missing``: their hashes as far as the
    repository has them no more, sorted; ``redated``: how many of those have a commit of the same
    author date there; ``is_shallow``: some are missing, and perhaps because the clone is."""

    measured: int
    missing: Sequence[str]
    redated: int
    is_shallow: bool

    @property
    def is_wrong(self) -> bool:
        """Whether it is another project's clone, as far as one can tell."""
        if self.is_shallow or len(self.missing) < ENOUGH:
            return False
        is_unknown = self.measured - len(self.missing) <= NEARLY_NONE * self.measured
        return is_unknown and self.redated < len(self.missing) / 2


def look(repository: Repository, results: Path) -> CloneState:
    """Compare the results folder to the repository. Files that cannot be read do not count."""
    reachable = git_output(repository, ["rev-list", "--all"]).split()
    known = {commit[:SHORT] for commit in reachable}
    files = [file for folder in machine_folders(results) for file in results_files(folder)]
    dates = _dates(file for file in files if file.name[:SHORT] not in known)
    missing = sorted(repository.unknown_commits(list(dates)))
    measured = {file.name[:SHORT] for file in files}
    redated = 0
    if missing:
        listed = git_output(repository, ["log", "--all", "--format=%at", "--no-show-signature"])
        there = {int(seconds) * 1000 for seconds in listed.split()}
        redated = sum(dates[commit] in there for commit in missing)
    is_short = bool(missing) and is_shallow(repository)
    return CloneState(len(measured), missing, redated, is_short)


def check_clone(repository: Repository, results: Path, project: str) -> list[str]:
    """A line on the results that are left out, if any are. Raises ``UserError``, one line, for a
    wrong clone."""
    standing = look(repository, results)
    if standing.is_wrong:
        none = "none" if len(standing.missing) == standing.measured else "nearly none"
        raise UserError(
            f"{printable(repository.path)} has {none} of the {standing.measured} commits of "
            f"{project} that were measured: set {repository_variable(project)} to the right clone, "
            'or "results_dir" to a new folder'
        )
    if not standing.missing:
        return []
    return [left_out(repository, standing.missing)]


def left_out(repository: Repository, missing: Sequence[str]) -> str:
    """What is said of results whose commits the repository does not have."""
    number = f"{len(missing)} commit{'s' * (len(missing) > 1)}"
    if is_shallow(repository):
        return (
            f"left out: results of {number} beyond a shallow clone; to have it all: "
            f"{how_to_deepen(repository)}"
        )
    return (
        f"left out: results of {number} that the repository has no more, as after a rebase or "
        f"force-push: {named(missing)}"
    )


def named(commits: Collection[str]) -> str:
    """The first few of these hashes, shortened."""
    shown = [commit[:SHORT] for commit in list(commits)[:NAMED]]
    return ", ".join(shown) + " ..." * (len(commits) > NAMED)


def _dates(files: Iterable[Path]) -> Mapping[str, int]:
    """The author dates of results by their commits, milliseconds since 1970."""
    dates = {}
    for file in files:
        try:
            read = read_results(file)
        except UserError:
            continue
        dates[read.commit] = read.date
    return dates
