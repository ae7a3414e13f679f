"""``unladen table``: the values of one commit."""

from __future__ import annotations

import json
from typing import Any

from unladen.commands.command import TargetCommand
from unladen.commands.stored import (
    add_length,
    add_series,
    add_source,
    command_line,
    short_form,
    tell,
)
from unladen.project.project import Project
from unladen.results.commit import values_of_commit
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
        add_series(parser)
        add_length(parser, "every value, with the reasons of gaps")
        parser.add_argument("--json", action="store_true", help="print JSON (see docs/changes.md)")
        add_source(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Print the table; of a commit that only others measured, one for each of them."""
        tables = values_of_commit(
            project,
            args.commit,
            args.machine,
            args.env,
            args.branch,
            series=args.series,
            tell=tell,
        )
        if args.json:
            print(json.dumps([as_json(table) for table in tables], indent=2, allow_nan=False))
        elif screen := short_form(args):
            command = command_line(args, "table", args.commit, "--all")
            for table in tables:
                show(table, screen, command)
        else:
            print("\n\n".join(render(table) for table in tables))
        return 0
