"""What people said of commits that came to a line as parts of another one, by a squash merge.

Such a merge leaves nothing of the commits that it puts together. Where ``triage.json`` lies in the
target's own repository, it comes to the line together with what it is about: the commit of the line
that brought what is said of another one is what that has become.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.project.project import Project
from unladen.repo.commits import Commit
from unladen.repo.refs import git_output
from unladen.repo.repository import Repository
from unladen.store.triage import FILE, TriageFile, commits_said_of


def with_brought(
    file: TriageFile,
    project: Project,
    repository: Repository,
    commits: Sequence[Commit],
    tip: str,
) -> TriageFile:
    """A target's file, with what is ``brought`` to the line of first parents that ends at ``tip``,
    a hash. ``commits``: those that are looked at; what is said of them is theirs."""
    known = {*(commit.hash for commit in commits), *file.moved(commits)}
    left = {one.commit for one in file.entries} - known
    path = _path_in_repository(project.results / FILE) if left else ""
    if not path:
        return file
    brought: dict[str, str] = {}
    for commit in _changing(repository, tip, path):
        for said_of in left & _said_at(repository, commit, path):
            brought[said_of] = commit
        left -= brought.keys()
        if not left:
            break
    return replace(file, brought=brought)


def _changing(repository: Repository, tip: str, path: str) -> list[str]:
    """The commits of the line to a tip at which a file is another one, the oldest first."""
    command = ["--literal-pathspecs", "rev-list", "--first-parent", "--reverse", tip, "--", path]
    return git_output(repository, command).split()


def _said_at(repository: Repository, commit: str, path: str) -> set[str]:
    try:
        content = git_output(repository, ["show", f"{commit}:{path}"])
        return commits_said_of(Path(path), content.encode("utf-8", "surrogateescape"))
    except (ProcessError, UserError):
        return set()  # it is deleted there, or not readable: so it says nothing


def _path_in_repository(file: Path) -> str:
    """Where a file lies in the repository that it is in; "" if it is in none."""
    command = ["git", "-C", str(file.parent), "rev-parse", "--show-prefix"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode else done.stdout.strip() + file.name
