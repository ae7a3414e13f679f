"""``unladen faults``: the outcome of each fault at one commit, against what is expected."""

from __future__ import annotations

import json
from typing import Any

from unladen.commands.command import TargetCommand
from unladen.commands.stored import (
    add_length,
    add_source,
    asv_on_stderr,
    command_line,
    short_form,
    tell,
)
from unladen.project.project import Project
from unladen.views.faults.load import load_faults
from unladen.views.faults.screen import show
from unladen.views.faults.text import as_json, render


class Faults(TargetCommand):
    """Prints what became of each fault at the newest measured commit, or the one that is named."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "faults",
            help="Show the outcome of each fault",
            description="Show what becomes of each fault at a commit: the outcome, since which "
            "commit it is so, and what a robust SDK may do. What is not as expected is marked "
            "with !, with a note on what happened. On a terminal without --all or --unexpected: "
            "what is not as expected, the worst first, on one screen.",
        )
        parser.add_argument(
            "commit",
            nargs="?",
            metavar="COMMIT",
            help="a measured commit, branch or tag (default: the newest measured)",
        )
        parser.add_argument(
            "--unexpected", action="store_true", help="only what is not as expected"
        )
        add_length(parser, "every fault, with notes")
        parser.add_argument("--json", action="store_true", help="print JSON (all faults)")
        add_source(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Print one table for each series of outcomes. Raises ``UserError`` if there is none."""
        with asv_on_stderr():
            found = load_faults(project, args.commit, args.machine, args.env, args.branch)
        tell(found[0].history.remarks)
        if args.json:
            print(json.dumps([as_json(one) for one in found], indent=2, allow_nan=False))
        elif not args.unexpected and (screen := short_form(args)):
            command = command_line(args, "faults", args.commit, "--all")
            show(found, screen, command)
        else:
            print("\n\n".join(render(one, args.unexpected) for one in found))
        return 0
