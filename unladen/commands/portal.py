"""``unladen portal``: the page with all published targets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import absolute_folder
from unladen.errors import UserError
from unladen.project.project import Project
from unladen.site.portal import floor_results, root_of, write_portal


class Portal(TargetCommand):
    """Writes the portal anew from what the targets' publishes left."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "portal",
            help="Write the page that shows all published targets side by side",
            description="Write index.html of the folder in which the targets are published, from "
            "the summary.json of each. Every publish does so too. Nothing is measured or "
            "published. Exit code 2 if no target is published there.",
        )
        parser.add_argument(
            *("--html-dir", "-o"),
            metavar="DIR",
            type=absolute_folder,
            help="the folder that holds the targets' sites (default: that of the conf's html_dir)",
        )
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Write the page and print its path. Raises ``UserError`` if there is nothing to show."""
        root = args.html_dir or root_of(project.name, project.html_dir)
        if root is None:
            raise UserError(
                f'"html_dir" of {project.name} is not called after it; give --html-dir DIR'
            )
        page = write_portal(root, floor_results(project))
        here = Path.cwd()
        print(page.relative_to(here) if page.is_relative_to(here) else page)
        return 0
