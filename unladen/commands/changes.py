"""``unladen changes``: what each commit changed."""

from __future__ import annotations

import json
from typing import Any

from unladen.changes.as_json import as_json
from unladen.changes.screen import show
from unladen.changes.text import render
from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import whole_number
from unladen.commands.stored import (
    add_length,
    add_series,
    add_source,
    asv_on_stderr,
    command_line,
    short_form,
    tell,
)
from unladen.project.project import Project
from unladen.results.changes import load_changes

LINES = 8
"""Lines for each commit, unless ``--limit`` says otherwise."""


class Changes(TargetCommand):
    """Prints what each measured commit changed, newest first."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "changes",
            help="Show what each commit changed",
            description="Show what each measured commit changed, newest first, with the changes "
            "that matter most on top. One line for each series; its values are those of the cell "
            "that changed most. On a terminal without --all or --limit: what matters most, on one "
            "screen.",
        )
        parser.add_argument(
            "range",
            nargs="?",
            metavar="COMMIT|A..B",
            help="only that commit, or those after A up to B (default: all)",
        )
        add_series(parser)
        parser.add_argument(
            *("--limit", "-n"),
            type=whole_number,
            metavar="N",
            help=f"lines for each commit, not on one screen (default: {LINES})",
        )
        add_length(parser, "a line for every changed cell")
        parser.add_argument("--json", action="store_true", help="print JSON (see docs/changes.md)")
        add_source(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Print the changes. Raises ``UserError`` if there is nothing to compare."""
        with asv_on_stderr():
            history_changes = load_changes(
                project, args.range, args.machine, args.env, args.series, args.branch
            )
        tell(history_changes.history.remarks)
        if args.json:
            print(json.dumps(as_json(history_changes), indent=2, allow_nan=False))
        elif args.limit is None and (screen := short_form(args)):
            show(history_changes, screen, command_line(args, "changes", args.range, "--all"))
        else:
            lines = None if args.all else args.limit or LINES
            print(render(history_changes, lines, every_cell=args.all))
        return 0
