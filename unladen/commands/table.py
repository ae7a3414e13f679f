"""``unladen table``: the values of one commit."""

from __future__ import annotations

import json
from typing import Any

from unladen.asv_bridge.command_line import add_machine
from unladen.commands.command import TargetCommand
from unladen.commands.stored import add_branch, add_length, command_line, short_form, tell
from unladen.errors import UserError
from unladen.history.commit_values import Values, load_values
from unladen.history.measured_commit import measured_commit
from unladen.history.order import order_commits
from unladen.history.source import choose_source
from unladen.project.project import Project
from unladen.store.results_file import ResultsFile, read_folder
from unladen.views.table import render
from unladen.views.table_json import as_json
from unladen.views.table_screen import show


class Table(TargetCommand):
    """Prints the values of the newest measured commit, or of the one that is named."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "table",
            help="Show the values of one commit",
            description="Show the values of one commit as a table, with the reasons of gaps. On a "
            "terminal without --all: a line for each series, those first of which most is wrong, "
            "on one screen.",
        )
        parser.add_argument(
            "commit",
            nargs="?",
            metavar="COMMIT",
            help="a measured commit: a hash or its beginning, or a name of git such as a branch or "
            "HEAD~2 (default: the newest measured of the branch)",
        )
        add_length(parser, "every value, with the reasons of gaps")
        parser.add_argument("--json", action="store_true", help="print JSON")
        add_machine(parser)
        add_branch(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Print the table; of a commit that only others measured, one for each of them."""
        tables = cls.select(project, args.commit, args.machine, args.branch)
        tell(problem for table in tables for problem in table.problems)
        if args.json:
            print(json.dumps([as_json(table) for table in tables], indent=2, allow_nan=False))
        elif screen := short_form(args):
            command = command_line(args, "table", args.commit, "--all")
            for table in tables:
                show(table, screen, command)
        else:
            print("\n\n".join(render(table) for table in tables))
        return 0

    @classmethod
    def select(
        cls, project: Project, commit: str | None, machine: str | None, branch: str | None = None
    ) -> list[Values]:
        """The values to show: those of the chosen source, with what others lend it; of a commit
        that it did not measure, those of the others. Raises ``UserError`` if nothing was measured
        there."""
        results = project.results
        choice = choose_source(project.name, results, machine)
        sources = [choice.source, *choice.others]
        read = [read_folder(source.folder, source.environment) for source in sources]
        tell(problem for _, problems in read for problem in problems)
        own, *others = (files for files, _ in read)
        if commit is None:
            wanted, remarks = _newest(project, own, branch)
        else:
            every = {file.commit for files, _ in read for file in files}
            wanted, remarks = measured_commit(project, commit, every), ()
        chosen = [file for files, _ in read for file in files if file.commit == wanted]
        tell([*remarks, *choice.remarks])
        of_source = [file for file in chosen if file in own]
        if not of_source or choice.was_named:
            return [load_values(project.name, file) for file in chosen]
        lenders = [file for files in others for file in files if file.commit == chosen[0].commit]
        return [load_values(project.name, file, lenders) for file in of_source]


def _newest(
    project: Project, files: list[ResultsFile], branch: str | None
) -> tuple[str, tuple[str, ...]]:
    """The newest measured commit of a branch, and what is to be said."""
    ordered = order_commits(project, {file.commit: file.date for file in files}, branch)
    if not ordered.commits:
        raise UserError(f"none of the results of {project.name} can be used")
    return ordered.commits[-1].hash, ordered.remarks
