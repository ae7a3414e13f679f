"""Commits in the arguments of asv's own commands mean here what they mean in ours.

They are found as everywhere (``unladen.repo.refs``) before asv looks for them; ``show`` and
``compare`` say which commit is not measured.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from unladen.history.measured_commit import check_measured
from unladen.history.ranges import plain_range
from unladen.project import targets
from unladen.repo.commits import full_hash
from unladen.repo.repository import repository_of
from unladen.results.contents import measured_by_anybody

COMMITS: Mapping[str, Sequence[str]] = {
    "compare": ("revision1", "revision2"),
    "continuous": ("base", "branch"),
    "profile": ("revision",),
    "show": ("commit",),
}
"""The arguments that name commits, by command."""

OF_STORED = frozenset({"compare", "show"})
"""Commands that only read results."""


def prepare(args: Namespace) -> None:
    """Put hashes in place of the commits that a command of asv's is given, in asv's folder.

    Raises ``UserError``, one line, for one that git does not know, and for one without results if
    the command shows these.
    """
    names = [name for name in COMMITS.get(args.command, ()) if getattr(args, name) is not None]
    if not names and args.command != "find":
        return
    project = targets.load_project(Path(args.config) if args.config else None)
    repository = repository_of(project)
    if repository is None:
        return
    if args.command == "find":
        args.range = plain_range(repository, args.range)
    for name in names:
        wanted = getattr(args, name)
        commit = full_hash(repository, wanted)
        if args.command in OF_STORED:
            check_measured(project, repository, commit, wanted, measured_by_anybody(project))
        setattr(args, name, commit)
