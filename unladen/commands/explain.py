"""``unladen explain``: what the difference between two commits is made of."""

from __future__ import annotations

import argparse
import contextlib
import json
from pathlib import Path
from typing import Any

from unladen.asv_bridge.console import log
from unladen.changes.by_commit import HistoryChanges
from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import (
    STANDARD_OUTPUT,
    output_file,
    quiet_asv,
    strict_json,
    write,
)
from unladen.commands.stored import add_source, tell
from unladen.compare.ab.benchmark_setup import set_up_benchmarks
from unladen.errors import UserError
from unladen.explain.as_json import as_json
from unladen.explain.choice import by_group, named_cells, of_commit
from unladen.explain.flamegraph import flamegraph
from unladen.explain.keeping import keep_explanation
from unladen.explain.run import ExplainedPair, explain, pair_of
from unladen.explain.speedscope import as_speedscope
from unladen.explain.text import render
from unladen.measure.kept import say_kept
from unladen.measure.run_options import add_jobs
from unladen.project.project import Project
from unladen.repo.commits import Commit, commit_called
from unladen.repo.repository import Repository, open_repository
from unladen.results.changes import load_changes
from unladen.results.explanations import explanation_file, explanations_of

DESCRIPTION = """\
Measure a commit and its first parent again, or the two commits of a range, and say what the
difference of a figure is made of: which functions that the commit changed are its cause, at which
lines, and where it is executed. Exact: the parts add up to the difference. Nothing is stored
without --store. See docs/explain.md.
"""

EPILOG = """\
exit codes:
  0  explained; a figure that has no value at one of the commits is said not to be
  2  bad usage or environment: one line on standard error says what to do
"""


class Explain(TargetCommand):
    """Explains what a commit changed."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "explain",
            help="Say what a commit's difference is made of, down to the line",
            description=DESCRIPTION,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("range", metavar="COMMIT|A..B", help="a commit, or all after A up to B")
        parser.add_argument(
            "series",
            nargs="*",
            metavar="SERIES",
            help='a glob on names of series, or on "name(parameters)" (default: of work, virtual '
            "time, memory, calls, outcomes and imports each what the stored results say changed "
            "most)",
        )
        parser.add_argument("--all", action="store_true", help="every part, not only the biggest")
        parser.add_argument(
            "--store",
            action="store_true",
            help="keep the first parts of each figure beside the results of the commit, for its "
            "page on the site",
        )
        files = parser.add_argument_group("output", "one FILE may be -: standard output, no text")
        files.add_argument("--json", metavar="FILE", type=output_file, help="also write JSON")
        files.add_argument(
            "--flamegraph",
            metavar="FILE",
            type=output_file,
            help="also draw what runs more and less of the first figure, as SVG",
        )
        files.add_argument(
            "--profile",
            metavar="FILE",
            type=output_file,
            help="also write what runs before and after, in speedscope's format",
        )
        add_jobs(parser)
        add_source(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Measure and print. Raises ``UserError``."""
        if _files(args).count(STANDARD_OUTPUT) > 1:
            raise UserError("only one of --json, --flamegraph and --profile can be -")
        repository = open_repository(project)
        before, after = _commits(repository, args.range)
        kept_in = _kept_in(project, args, after) if args.store else None
        with quiet_asv(project, "explain") as stage:
            stored = _stored_changes(project, args)
            changed = of_commit(stored) if stored is not None else []
            if not args.series and not changed:
                raise UserError(
                    f"no stored result says what {after.short} changed: name a series, or measure "
                    "it and the commit before (unladen run)"
                )
            stage("preparing the benchmark environment")
            say_kept("nothing is stored yet" if kept_in is not None else "nothing is stored")
            hashes = [after.hash, before.hash]
            setup = set_up_benchmarks(project, repository, hashes, args.env)
            series = setup.series
            known = [cell for cell in changed if series.get(cell.series.name) == cell.series]
            cells = named_cells(args.series, series, known) if args.series else by_group(known)
            pair = pair_of(repository, before, after, project.import_roots)
            found = explain(setup, pair, cells, stage, args.jobs)
        if stored is not None:
            tell(stored.history.remarks)
        _say(found, args)
        if kept_in is not None:
            tell(keep_explanation(setup, found, kept_in))
            if stored is not None:
                tell(explanations_of(project, stored.history).remarks)
        return 0


def _commits(repository: Repository, wanted: str) -> tuple[Commit, Commit]:
    """The commits of a range, or one and its first parent. Raises ``UserError``."""
    older, dots, newer = wanted.partition("..")
    if dots:
        return commit_called(repository, older), commit_called(repository, newer or "HEAD")
    after = commit_called(repository, wanted)
    try:
        return commit_called(repository, f"{after.hash}^"), after
    except UserError as error:
        raise UserError(f"{after.short} has no parent to compare it with") from error


def _kept_in(project: Project, args: Any, after: Commit) -> Path:
    """Where an explanation is stored. Raises ``UserError``."""
    if ".." in args.range:
        raise UserError("--store keeps what one commit changed, not a range: name a commit")
    return explanation_file(project, after.hash, args.machine, args.env)


def _stored_changes(project: Project, args: Any) -> HistoryChanges | None:
    """What the commits changed as far as results are stored; where series are named, they need not
    be. Raises ``UserError``."""
    try:
        with contextlib.redirect_stderr(None) if args.series else contextlib.nullcontext():
            return load_changes(project, args.range, args.machine, args.env, None, args.branch)
    except UserError:
        if args.series:
            return None
        raise
    finally:
        log.flush()


def _say(found: ExplainedPair, args: Any) -> None:
    if STANDARD_OUTPUT not in _files(args):
        print(render(found, everything=args.all))
    if args.json:
        write(args.json, strict_json(as_json(found)))
    if args.profile:
        write(args.profile, json.dumps(as_speedscope(found), separators=(",", ":")))
    if args.flamegraph:
        write(args.flamegraph, flamegraph(found))


def _files(args: Any) -> list[str | None]:
    return [args.json, args.flamegraph, args.profile]
