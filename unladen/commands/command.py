"""What a command of ours is. It is on our command line once its module is imported."""

from __future__ import annotations

import abc
from argparse import Namespace
from pathlib import Path
from typing import Any

from unladen.project import targets
from unladen.project.project import Project


class Command(abc.ABC):
    """A command that needs no conf. Its name is that of its class."""

    @classmethod
    @abc.abstractmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to argparse's ``subparsers``; its parser."""

    @classmethod
    @abc.abstractmethod
    def run_from_args(cls, args: Any) -> int:
        """Run; the exit code. Raises ``UserError``."""


class TargetCommand(Command):
    """A command on a target, in whose conf's folder it runs."""

    @classmethod
    def run_from_args(cls, args: Namespace) -> int:
        """Read the conf and run; the exit code."""
        return cls.run_for(targets.load_project(Path(args.config) if args.config else None), args)

    @classmethod
    @abc.abstractmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Run for a target; the exit code. Raises ``UserError``."""


def loaded() -> list[type[Command]]:
    """The commands whose modules are imported."""
    of_none = [one for one in Command.__subclasses__() if one is not TargetCommand]
    return [*of_none, *TargetCommand.__subclasses__()]
