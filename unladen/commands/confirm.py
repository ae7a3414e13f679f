"""``unladen confirm``: suspected changes measured again, side by side."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from unladen.asv_bridge.console import log
from unladen.asv_bridge.machine import is_this_machine
from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import (
    output_file,
    quiet_asv,
    seconds,
    strict_json,
    write,
)
from unladen.commands.stored import add_series, add_source, tell
from unladen.compare.ab.confirm import confirm_all, pending, suspects_of
from unladen.compare.ab.confirm_text import as_json, render, show
from unladen.errors import UserError
from unladen.measure.kept import say_kept
from unladen.project.project import Project
from unladen.results.changes import load_changes
from unladen.store.verdicts import Verdict
from unladen.text.screen import Screen

BUDGET = 900.0
"""Seconds, unless ``--budget`` says otherwise."""

DESCRIPTION = """\
Measure the suspected changes of sampled series again: the two commits in turn, only the values
concerned, until each is confirmed or cleared or the budget is spent. The verdicts are stored beside
the results, and shown by `unladen changes`. Doing it again measures only what is new or undecided.
See docs/gate.md.
"""

EPILOG = """\
exit codes:
  0  done; suspects that could not be decided stay suspected
  2  bad usage or environment: one line on standard error says what to do
"""


class Confirm(TargetCommand):
    """Re-measures suspected changes."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "confirm",
            help="Measure suspected changes again, side by side",
            description=DESCRIPTION,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument(
            "range",
            nargs="?",
            metavar="COMMIT|A..B",
            help="only that commit's suspects, or those after A up to B (default: all)",
        )
        add_series(parser)
        parser.add_argument(
            "--budget",
            metavar="SECONDS",
            type=seconds,
            default=BUDGET,
            help="for all of it together (default: %(default)g)",
        )
        parser.add_argument(
            "--again", action="store_true", help="measure also what has been decided"
        )
        parser.add_argument(
            "--json", metavar="FILE", type=output_file, help="also write JSON, - for stdout only"
        )
        add_source(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Measure and store. Raises ``UserError``."""
        end = time.monotonic() + args.budget
        with quiet_asv(project, "confirm") as stage:
            stage("reading the history")
            history_changes = load_changes(
                project, args.range, args.machine, args.env, args.series, args.branch
            )
            log.flush()
            folder = project.results / history_changes.history.machine
            if not is_this_machine(folder):
                raise UserError(_not_here(project, history_changes.history.machine))
            suspects = suspects_of(history_changes)
            open_ones = pending(suspects, args.again)
            new: list[Verdict] = []
            say_kept("no verdicts are saved")
            for found in confirm_all(project, open_ones, history_changes.history, end, stage):
                new += found
                say_kept(f"{len(new)} verdict{'s are' if len(new) != 1 else ' is'} saved")
        tell(history_changes.history.remarks)
        if args.json:
            history = history_changes.history
            data = as_json(history.target, suspects, new, history.remarks)
            write(args.json, strict_json(data))
        if args.json != "-":
            if sys.stdout.isatty():
                show(suspects, open_ones, new, Screen(sys.stdout, is_whole=True))
            else:
                print(render(suspects, open_ones, new))
        return 0


def _not_here(project: Project, machine: str) -> str:
    """What to do about suspects of another machine: what is measured here says nothing of it."""
    return (
        f"these are suspects of {machine}, which is not this machine: measure {project.name} here "
        "first (unladen run), then confirm what the results of this machine suggest"
    )
