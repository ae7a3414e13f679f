"""asv's commands, as our command line offers them."""

from __future__ import annotations

import argparse
from types import ModuleType
from typing import Any, Protocol

import asv.commands
from asv import util
from asv.commands import common_args
from asv.plugin_manager import plugin_manager

ORDER: tuple[str, ...] = tuple(asv.commands.command_order)
"""The names of the classes of asv's commands, in the order in which its help has them."""

NO_CONF = "No `asv.conf` file found for valid extensions"
NOT_BUILT = "Failed to build the project"
"""Begin messages of asv's that say too little."""


class CommandClass(Protocol):
    """What is on a command line: a class, of asv's or ours."""

    def setup_arguments(self, subparsers: Any) -> argparse.ArgumentParser:
        """Add the command to a parser."""


def commands() -> dict[str, CommandClass]:
    """asv's commands, by the names of their classes."""
    return {one.__name__: one for one in util.iter_subclasses(asv.commands.Command)}


def add_machine(parser: argparse.ArgumentParser) -> None:
    """Add asv's option ``--machine``."""
    common_args.add_machine(parser)


def set_help(parser: argparse.ArgumentParser, argument: str, text: str) -> None:
    """Say this of an argument of asv's in place of what asv says."""
    next(one for one in parser._actions if one.dest == argument).help = text


def set_up(plugin: ModuleType) -> None:
    """Set up a plugin as asv does when a conf names it."""
    plugin_manager.init_plugin(plugin)
