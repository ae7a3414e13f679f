"""``unladen bisect``: the commit that changed a series."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import output_file, quiet_asv, strict_json, write
from unladen.commands.stored import tell
from unladen.compare.bisect.run import bisect
from unladen.compare.bisect.text import as_json, render, show
from unladen.compare.gate.model import UNDECIDED
from unladen.project.project import Project
from unladen.text.screen import Screen

NO_CHANGE = 4

DESCRIPTION = """\
Find the first commit after GOOD up to BAD at which a series is like BAD. Exact series are judged
by their values, stored ones where there are some; sampled ones by measuring each commit in turn
with GOOD and BAD. Commits that cannot be judged are skipped. If the history goes to and fro, it is
one of the places where it goes from good to bad. See docs/gate.md.
"""

EPILOG = """\
exit codes:
  0  found: a commit, or the range in which it lies
  2  bad usage or environment: one line on standard error says what to do
  4  there is no change between GOOD and BAD
  5  could not judge whether they differ: what was measured scatters too much
"""


class Bisect(TargetCommand):
    """Finds the commit with a change by measuring few of them."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "bisect",
            help="Find the commit that changed a series",
            description=DESCRIPTION,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument(
            "series",
            metavar="SERIES[(PARAMS)]",
            help="its name, and the parameters as `unladen changes` shows them; without them, the "
            "value that changed most",
        )
        parser.add_argument("good", metavar="GOOD", help="an earlier commit, branch or tag")
        parser.add_argument("bad", metavar="BAD", help="a later one")
        parser.add_argument(
            "--json", metavar="FILE", type=output_file, help="also write JSON, - for stdout only"
        )
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Search; the exit code. Raises ``UserError``."""
        with quiet_asv(project, "bisect") as stage:
            found = bisect(project, args.series, args.good, args.bad, stage)
        tell(found.remarks)
        if args.json:
            write(args.json, strict_json(as_json(found)))
        if args.json != "-":
            if sys.stdout.isatty():
                show(found, Screen(sys.stdout, is_whole=True))
            else:
                print(render(found))
        if found.ends.undecided:
            return UNDECIDED
        return 0 if found.found else NO_CHANGE
