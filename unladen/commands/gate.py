"""``unladen gate``: whether a pull request makes something worse."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from unladen.commands.command import TargetCommand
from unladen.commands.side_by_side import (
    STANDARD_OUTPUT,
    called,
    output_file,
    quiet_asv,
    seconds,
    strict_json,
    whole_number,
    write,
)
from unladen.commands.stored import add_series
from unladen.compare.gate import junit, markdown
from unladen.compare.gate.as_json import as_json
from unladen.compare.gate.model import GateResult
from unladen.compare.gate.run import Options, gate
from unladen.compare.gate.sampled import ROUNDS, Budget
from unladen.compare.gate.thresholds import Rule
from unladen.errors import UserError
from unladen.explain.as_json import as_json as explanation_as_json
from unladen.explain.gated import explain_result, section
from unladen.explain.run import ExplainedPair
from unladen.measure.cores import cores
from unladen.measure.machine_load import PATIENCE
from unladen.measure.run_options import add_jobs
from unladen.project.project import Project
from unladen.repo.repository import open_repository
from unladen.site.links import comparison_links
from unladen.text.markdown_screen import MarkdownScreen
from unladen.text.screen import Screen

DESCRIPTION = """\
Compare HEAD with BASE; if BASE has gone on since the branch was cut from it, or last got it, with
the newest commit that both have (their merge base): the exact series by their values, stored ones
where there are some, and the sampled ones by measuring both commits in turn. Whatever differs is
measured again, and counts only if it differs again. Prints one screen: in a pipe, and with
--markdown -, as Markdown. See docs/gate.md.
"""

EPILOG = """\
exit codes:
  0  no regression
  1  a regression beyond its threshold: exact, or sampled and confirmed
  2  bad usage or environment: one line on standard error says what to do
  3  something that worked at BASE is broken at HEAD: it fails, its outcome goes wrong, or it is
     gone (n/a)
  4  nothing was measured
  5  could not judge: some values scatter too much to rule out a regression (0 with
     --accept-undecided)
"""


class Gate(TargetCommand):
    """Measures two commits side by side and says whether the second is worse."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "gate",
            help="Say whether a commit is worse than another, for a pull request",
            description=DESCRIPTION,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument(
            "base",
            nargs="?",
            metavar="BASE",
            help="the commit, branch or tag that HEAD is to be merged into (default: the conf's "
            "first branch)",
        )
        parser.add_argument(
            "head",
            nargs="?",
            default="HEAD",
            metavar="HEAD",
            help="the commit, branch or tag to judge (default: what is checked out)",
        )
        add_options(parser)
        parser.add_argument(
            "--only", choices=("exact", "sampled"), help="only the series of this kind"
        )
        parser.add_argument(
            "--quick",
            action="store_true",
            help="measure first what tells most for what it costs, and nothing more once that "
            "fails the gate",
        )
        add_jobs(parser, default=cores())
        parser.add_argument(
            "--always", action="store_true", help="measure even if both hold the same code"
        )
        parser.add_argument(
            "--exact-base",
            action="store_true",
            help="compare with BASE as it is now, and not where the branch was cut from it",
        )
        parser.add_argument(
            "--save", action="store_true", help="store the exact values that are measured"
        )
        parser.add_argument(
            "--accept-undecided",
            action="store_true",
            help="exit with 0 in place of 5; the verdict stays what it is",
        )
        parser.add_argument(
            "--explain",
            action="store_true",
            help="say what exact differences are made of; measures a figure of each kind again",
        )
        files = parser.add_argument_group("output", "FILE may be - for standard output")
        files.add_argument("--markdown", metavar="FILE", type=output_file, help="write it there")
        files.add_argument("--json", metavar="FILE", type=output_file, help="also write JSON")
        files.add_argument("--junit", metavar="FILE", type=output_file, help="also write JUnit XML")
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Compare; the exit code. Raises ``UserError``."""
        if _files(args).count(STANDARD_OUTPUT) > 1:
            raise UserError("only one of --markdown, --json and --junit can be -")
        options = _options(args)
        with quiet_asv(project, "gate") as stage:
            base = args.base
            if base is None:
                base = open_repository(project).get_branch_name(project.branches[0])
            result = gate(project, base, args.head, options, stage)
            explained = explain_result(project, result, stage) if args.explain else None
        _write(args, _text(project, result, explained, called(args)), result, explained)
        return result.exit_code


def _files(args: Any) -> list[str | None]:
    """Where the user wants the verdict written, None where not."""
    return [args.markdown, args.json, args.junit]


def _options(args: Any) -> Options:
    """How to compare. Raises ``UserError``."""
    return Options(
        rules=[Rule.parse(text) for text in args.threshold],
        series=args.series,
        kinds=(args.only,) if args.only else ("exact", "sampled"),
        budget=Budget(args.rounds, args.budget),
        keep=args.save,
        always=args.always,
        patience=args.wait_for_quiet,
        accepts_undecided=args.accept_undecided,
        exact_base=args.exact_base,
        is_quick=args.quick,
    )


def _text(
    project: Project, result: GateResult, explained: ExplainedPair | None, command: str
) -> str:
    """The verdict in Markdown, what its differences are made of, and where they are on the site."""
    parts = [
        markdown.render(result, command),
        "" if explained is None else section(explained, project.show_commit_url),
        comparison_links(project.site_url, result.base.hash, result.head.hash),
    ]
    return "\n\n".join(filter(None, parts))


def _write(args: Any, text: str, result: GateResult, explained: ExplainedPair | None) -> None:
    """Write and print what the user asked for. Raises ``UserError``."""
    if args.markdown:
        write(args.markdown, text)
    elif STANDARD_OUTPUT not in _files(args):
        if sys.stdout.isatty():
            Screen(sys.stdout, is_whole=True).print(MarkdownScreen(text))
        else:
            write(STANDARD_OUTPUT, text)
    if args.json:
        why = None if explained is None else explanation_as_json(explained)
        write(args.json, strict_json({**as_json(result), "explanation": why}))
    if args.junit:
        write(args.junit, junit.render(result))


def add_options(parser: Any) -> None:
    """The options of how to measure, which ``calibrate`` has too."""
    add_series(parser)
    parser.add_argument(
        "--threshold",
        metavar="PATTERN=PERCENT",
        action="append",
        default=[],
        help="from which change on these series count; PATTERN is a glob on their name or "
        "name(params), the last that matches holds (default: sampled 5; exact 1, of virtual time, "
        "calls and outcomes 0)",
    )
    parser.add_argument(
        "--rounds",
        metavar="N",
        type=whole_number,
        default=ROUNDS,
        help=f"rounds of the first look at the sampled series (default: {ROUNDS})",
    )
    parser.add_argument(
        "--budget",
        metavar="SECONDS",
        type=seconds,
        default=Budget().seconds,
        help="at most so long to measure flagged sampled series again (default: %(default)g)",
    )
    parser.add_argument(
        "--wait-for-quiet",
        metavar="SECONDS",
        type=seconds,
        default=PATIENCE,
        help="wait at most so long, in all, while the machine has other work (default: "
        "%(default)g)",
    )
