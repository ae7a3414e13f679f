"""``unladen levels``: what a target is to reach, and whether it does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from unladen.commands.command import TargetCommand
from unladen.commands.stored import add_source, tell
from unladen.project.project import Project
from unladen.report.commit_results import CommitResults, load_commit_results
from unladen.report.held_levels import HeldCriterion, HeldLevel, held_levels
from unladen.report.sections.levels import cited_by
from unladen.results.bounds import Met
from unladen.text.terminal import printable

EXIT_NOT_MET = 1
EXIT_NOTHING_MEASURED = 3

VERSION = 1


class Levels(TargetCommand):
    """Holds the levels of a target's ``levels.toml`` against what was measured."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "levels",
            help="Show which levels a target reaches",
            description="Hold the levels of the levels.toml beside the target's driver against the "
            "stored results of a commit. Exit code 0: none fails, and one at least is met; 1: one "
            "is not met; 2: there are no levels, or the commit is not measured; 3: nothing of them "
            "is measured. See docs/levels.md.",
        )
        parser.add_argument(
            "commit",
            nargs="?",
            metavar="COMMIT",
            help="a measured commit: a hash or its beginning, or a name of git such as HEAD~2 "
            "(default: the newest measured of the branch)",
        )
        parser.add_argument(
            "--level",
            action="append",
            default=[],
            metavar="NAME",
            help="only this level; may be given several times (default: all)",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")
        add_source(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_for(cls, project: Project, args: Any) -> int:
        """Print each level; the exit code. Raises ``UserError`` where nothing was measured at all,
        or there are no such levels."""
        results = load_commit_results(project, args.commit, args.machine, args.env, args.branch)
        tell(results.history.remarks)
        judged = held_levels(results, args.level)
        if args.json:
            print(json.dumps(as_json(results, judged), indent=2, allow_nan=False))
        else:
            print("\n\n".join(map(text, judged)))
        return exit_code(judged)


def exit_code(judged: Sequence[HeldLevel]) -> int:
    """What the levels come to: one that is not met counts before what is not measured."""
    if any(one.met is Met.NO for one in judged):
        return EXIT_NOT_MET
    return 0 if any(one.met is Met.YES for one in judged) else EXIT_NOTHING_MEASURED


def text(judged: HeldLevel) -> str:
    """A level for people: a line for each criterion."""
    level = judged.level
    about = f" ({printable(level.about)})" if level.about else ""
    return "\n".join(
        [f"{printable(level.name)}{about}: {judged.met}", *map(_line, judged.criteria)]
    )


def _line(one: HeldCriterion) -> str:
    name = printable(one.criterion.name)
    if one.cited.figure is None:
        return f"  {one.met:12}  {name}: {printable(one.cited.why)}"
    held = f"{one.cited.figure.text}, to be {one.limit}"
    return f"  {one.met:12}  {name}: {printable(held)} ({printable(cited_by(one))})"


def as_json(results: CommitResults, judged: Sequence[HeldLevel]) -> dict[str, Any]:
    """One object with the commit and its ``levels``. ``value``: null without a figure, or if it has
    no end; ``why``: then, else ""."""
    return {
        "version": VERSION,
        "target": results.target,
        "commit": results.commit.hash,
        "levels": [
            {
                "name": one.level.name,
                "about": one.level.about,
                "met": one.met.value,
                "criteria": [_criterion(each) for each in one.criteria],
            }
            for one in judged
        ],
    }


def _criterion(one: HeldCriterion) -> dict[str, Any]:
    figure = one.cited.figure
    return {
        "name": one.criterion.name,
        "met": one.met.value,
        "required": one.criterion.required,
        "to_be": one.limit,
        "value": one.cited.value,
        "shown": "" if figure is None else figure.text,
        "why": one.cited.why,
        "by": cited_by(one),
    }
