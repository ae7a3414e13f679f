"""``unladen digest``: what changed since a date, a commit or a tag."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime
from typing import Any

from unladen.changes.by_commit import HistoryChanges
from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import file_to_write, write
from unladen.commands.stored import add_source, asv_on_stderr, tell
from unladen.errors import UserError
from unladen.project.project import Project
from unladen.repo.commits import full_hash
from unladen.repo.refs import git_output
from unladen.repo.repository import open_repository
from unladen.report.digest import Chosen, commits_from, digest
from unladen.report.markdown import render
from unladen.results.changes import load_changes
from unladen.site.digest_page import week_of

DESCRIPTION = """\
Say what the commits since a date, a commit or a tag made worse and better, what is confirmed,
suspected, repaired and open, and what people said of it (unladen triage), as Markdown for a weekly
issue or release notes. Without --since: the week up to the newest measured commit, as the site's
page digest.html has it. Nothing is measured. See docs/digest.md.
"""

EPILOG = """\
exit codes:
  0  done, whatever changed
  2  bad usage or environment: one line on standard error says what to do
"""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


class Digest(TargetCommand):
    """Prints what changed since."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "digest",
            help="Say what got worse, better, repaired and is open since a date or a commit",
            description=DESCRIPTION,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument(
            "--since",
            metavar="DATE|COMMIT|TAG",
            help="from the first commit of that day on, such as 2026-01-31; or what came after "
            "that commit (default: a week before the newest measured one)",
        )
        parser.add_argument(
            *("--output", "-o"), metavar="FILE", type=file_to_write, help="the file to write"
        )
        add_source(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Print it. Raises ``UserError`` if nothing was measured, or nothing is called so."""
        with asv_on_stderr():
            changes = load_changes(project, None, args.machine, args.env, None, args.branch)
        tell(changes.history.remarks)
        chosen = _chosen(project, changes, args.since)
        text = render(digest(changes, chosen, has_links=False), None)
        write(str(args.output) if args.output else "-", text)
        return 0


def _chosen(project: Project, changes: HistoryChanges, since: str | None) -> Chosen:
    if since is None:
        return week_of(changes)
    if _DATE.match(since):
        try:
            date = datetime.strptime(since, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError as error:
            raise UserError(
                f"--since {since}: there is no such day: give one such as 2026-01-31, a commit or "
                "a tag"
            ) from error
        return Chosen(commits_from(changes, int(date.timestamp() * 1000)), since)
    repository = open_repository(project)
    commit = full_hash(repository, since)
    held = {*git_output(repository, ["rev-list", commit]).split()}
    hashes = {one.hash for one in changes.history.commits} - held
    return Chosen(hashes, repository.called(commit) if commit.startswith(since) else since)
