"""``unladen patches``: the repository of a target that is kept as a series of patches."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from unladen.commands.command import TargetCommand
from unladen.errors import UserError
from unladen.project.project import Project
from unladen.repo.patches.save import save
from unladen.repo.patches.series import PREFIX, open_work_tree, provide, series_folder
from unladen.repo.repository import local_repository

DESCRIPTION = f"""\
For a target whose history is kept as patches ("repo": "{PREFIX}FOLDER"):

  build     build its repository, as any command does by itself; print its head and its path
  open DIR  clone it to DIR, which must not exist, to edit and rebase the branch main there
  save DIR  replace the patches by the commits of DIR's branch main; print their head
"""


class Patches(TargetCommand):
    """Builds the repository of a series, opens it as a clone, or saves such a clone."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "patches",
            help="Build, open or save a history that is kept as patches",
            description=DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("action", choices=("build", "open", "save"))
        # Made absolute at once: asv goes to the folder of the conf.
        parser.add_argument(
            "work", nargs="?", metavar="DIR", type=_absolute, help="the clone, for open and save"
        )
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Do what ``args.action`` says. Raises ``UserError``, one line."""
        folder = series_folder(project.repo)
        if folder is None:
            raise UserError(
                f'{project.name} is not kept as patches: its "repo" is {project.repo}, '
                f'not "{PREFIX}FOLDER"'
            )
        if (args.work is None) != (args.action == "build"):
            needs = "takes no folder" if args.action == "build" else "needs a folder: DIR"
            raise UserError(f"patches {args.action} {needs}")
        if args.action == "save":
            print(f"{save(args.work, folder)} {folder}")
            return 0
        repository = local_repository(project.name)
        head = provide(folder, repository)
        if args.action == "open":
            open_work_tree(repository, args.work)
            repository = args.work
        print(f"{head} {repository}")
        return 0


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(path))
