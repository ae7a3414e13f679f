"""``unladen report``: the report of a target."""

from __future__ import annotations

import sys
from typing import Any

from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import file_to_write
from unladen.commands.stored import add_length, add_source, command_line, short_form, tell
from unladen.project.project import Project
from unladen.report.commit_results import load_commit_results
from unladen.report.files import write_files
from unladen.report.markdown import render
from unladen.report.screen import show
from unladen.report.write import write


class Report(TargetCommand):
    """Writes what the results of a target say, in words, tables and plots."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "report",
            help="Write a report of a target",
            description="Write a report of a target as Markdown, from its stored results alone: "
            "nothing is run, and of the repository only the order of the commits is used, if it is "
            "here. With --output its plots lie in a folder beside the file; without it the text is "
            "printed and the plots are left out. On a terminal without --all: the findings, the "
            "most important first, and the titles of the sections.",
        )
        parser.add_argument(
            "commit",
            nargs="?",
            metavar="COMMIT",
            help="a measured commit: a hash or its beginning, or a name of git such as HEAD~2 "
            "(default: the newest measured of the branch)",
        )
        parser.add_argument(
            *("--output", "-o"),
            metavar="FILE",
            type=file_to_write,
            help="the Markdown file to write",
        )
        add_length(parser, "the whole text")
        add_source(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Write the report. Raises ``UserError`` if nothing is measured, or ``--output`` cannot
        be written."""
        measured = load_commit_results(project, args.commit, args.machine, args.env, args.branch)
        tell(measured.history.remarks)
        document = write(measured)
        if args.output is None:
            if screen := short_form(args):
                show(document, screen, command_line(args, "report", args.commit, "--all"))
            else:
                print(render(document, None), end="")
            return 0
        written = write_files(document, args.output)
        print(f"{args.output}: {written} files", file=sys.stderr)
        return 0
