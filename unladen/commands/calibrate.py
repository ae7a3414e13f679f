"""``unladen calibrate``: how often the gate is wrong on this machine."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from typing import Any

from unladen.commands.command import TargetCommand
from unladen.commands.gate import add_options
from unladen.commands.side_by_side import output_file, quiet_asv, strict_json, whole_number, write
from unladen.compare.ab.benchmark_setup import set_up_benchmarks
from unladen.compare.ab.cells import cells_of
from unladen.compare.gate.as_json import cell_json, commit_json, finite
from unladen.compare.gate.calibrate import GateCalibration, Run, calibrate
from unladen.compare.gate.run import Options, choose_series
from unladen.compare.gate.sampled import Budget
from unladen.compare.gate.thresholds import Rule
from unladen.compare.gate.words import change, evidence
from unladen.errors import UserError
from unladen.history.lines import line_of
from unladen.interrupts import ASV_INTERRUPTED
from unladen.project.project import Project
from unladen.repo.commits import commit_called
from unladen.repo.repository import open_repository

RUNS = 10

DESCRIPTION = """\
Gate a commit against itself many times, and print the share of gates that fail: on equal code each
failure is a false alarm. What is run is the sampled part of `unladen gate`, the exact part being
the same figure twice. After an interrupt, what was measured until then is printed.
"""

EPILOG = """\
exit codes:
  0  calibrated, whatever the share
  2  bad usage or environment: one line on standard error says what to do
  4  no gate was finished, or there is no sampled series
"""


class Calibrate(TargetCommand):
    """Measures the gate's rate of false alarms."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "calibrate",
            help="Measure how often the gate fails without a reason",
            description=DESCRIPTION,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument(
            "commit", nargs="?", metavar="COMMIT", help="(default: the branch's newest)"
        )
        parser.add_argument(
            "--runs", metavar="N", type=whole_number, default=RUNS, help="gates (default: 10)"
        )
        add_options(parser)
        parser.add_argument(
            "--json", metavar="FILE", type=output_file, help="also write JSON, - for stdout only"
        )
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Calibrate. Raises ``UserError``."""
        started = time.monotonic()
        options = Options(
            rules=[Rule.parse(text) for text in args.threshold],
            series=args.series,
            budget=Budget(args.rounds, args.budget),
            patience=args.wait_for_quiet,
        )
        runs: list[Run] = []
        with quiet_asv(project, "calibrate") as stage:
            stage("preparing the benchmark environment")
            repository = open_repository(project)
            repository.pull()
            newest = line_of(project, repository).commits[-1]
            named = args.commit is not None
            commit = commit_called(repository, args.commit) if named else newest
            setup = set_up_benchmarks(project, repository, [commit.hash])
            chosen = choose_series(setup, args.series)
            cells = cells_of([one for one in chosen if not one.is_exact])
            try:
                for run in calibrate(setup, commit, options, args.runs if cells else 0, stage):
                    runs.append(run)
            except (KeyboardInterrupt, UserError) as error:
                if isinstance(error, UserError) and str(error) != ASV_INTERRUPTED:
                    raise
        seconds = time.monotonic() - started
        found = GateCalibration(project.name, commit, len(cells), runs, seconds)
        if args.json:
            write(args.json, strict_json(_as_json(found)))
        if args.json != "-":
            print(render(found))
        return 0 if runs else 4


def render(found: GateCalibration) -> str:
    """A few lines."""
    if not found.runs:
        return f"{found.target}: no gate was finished"
    low, high = found.interval
    number = len(found.runs)
    lines = [
        f"{found.target} {found.commit.short} against itself: {found.failures} of {number} gates "
        f"failed ({100 * found.failures / number:.3g} %, 95 % interval {100 * low:.2g} to "
        f"{100 * high:.2g} %)",
        f"{found.undecided} gates could not judge",
        f"{found.cells} sampled values a gate; {found.wrong} gates called something worse or "
        f"better; the first look flagged {sum(run.flagged for run in found.runs)} values in all; "
        f"{found.seconds / number:.0f} s a gate",
    ]
    return "\n".join([*lines, *_named(found.runs)])


def _named(runs: Sequence[Run]) -> list[str]:
    return [
        f"  gate {number}: {one.cell.name}: {change(one)} ({evidence(one)})"
        for number, run in enumerate(runs, 1)
        for one in [*run.failed, *run.better]
    ]


def _as_json(found: GateCalibration) -> dict[str, Any]:
    low, high = found.interval if found.runs else (0.0, 1.0)
    return {
        "version": 1,
        "target": found.target,
        "commit": commit_json(found.commit),
        "values": found.cells,
        "gates": len(found.runs),
        "failed": found.failures,
        "wrong": found.wrong,
        "undecided": found.undecided,
        "share_low": low,
        "share_high": high,
        "seconds": round(found.seconds, 1),
        "runs": [
            {
                "flagged_first": run.flagged,
                "undecided": [cell_json(f.cell) for f in run.undecided],
                "failed": [{**cell_json(f.cell), "worse": finite(f.worse)} for f in run.failed],
                "better": [{**cell_json(f.cell), "worse": finite(f.worse)} for f in run.better],
            }
            for run in found.runs
        ],
    }
