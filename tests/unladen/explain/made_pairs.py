"""Two commits of an SDK as tests write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tiny_project import empty_history

from unladen.explain.run import CommitPair, pair_of
from unladen.repo.commits import commit_called
from unladen.repo.repository import Repository


def made_pair(folder: Path, before: Mapping[str, str], after: Mapping[str, str]) -> CommitPair:
    """Two commits of files ``FILE`` below ``src``, in a new repository in ``folder``."""
    history = empty_history(folder / "clone")
    for day, files in enumerate((before, after), 1):
        history.commit(f"commit {day}", {f"src/{file}": text for file, text in files.items()}, day)
    repository = Repository(str(history.folder), "sdk")
    commits = (commit_called(repository, name) for name in ("HEAD^", "HEAD"))
    return pair_of(repository, *commits, ["src"])
