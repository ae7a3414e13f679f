"""``unladen claims``: what others say of the targets, beside what is measured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from unladen.commands.command import Command
from unladen.commands.side_by_side import file_to_write, strict_json, write
from unladen.commands.stored import add_source, tell
from unladen.errors import UserError
from unladen.project import targets
from unladen.project.project import Project, read_project
from unladen.report.claims_table import as_json, claims_table, with_claims
from unladen.report.commit_results import CommitResults, load_commit_results
from unladen.report.markdown import render
from unladen.results.claims import FILE, claims_of

EXIT_LEFT_OUT = 3


class Claims(Command):
    """Writes the claims about all targets, or about one, held against what was measured."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "claims",
            help="Hold what others say of the targets against what is measured",
            description=f"Hold what others say of the targets, the {FILE} beside their drivers, "
            "against the stored results of the newest measured commit of each, as a table in "
            "Markdown: claim, where it is made, what was measured, by which series, verdict. Of "
            "all targets that --target knows, or of the one that it names. Exit code 0: done; 2: "
            "nobody says anything, or nothing is measured; 3: a target with claims is left out, "
            "and a line says why.",
        )
        form = parser.add_mutually_exclusive_group()
        form.add_argument(
            *("--output", "-o"),
            metavar="FILE",
            type=file_to_write,
            help="the Markdown file to write",
        )
        form.add_argument("--json", action="store_true", help="print JSON (see docs/report.md)")
        add_source(parser)
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_from_args(cls, args: Any) -> int:
        """Write them; the exit code. Raises ``UserError`` if there are none, if no target that has
        some is measured, or if the file cannot be written."""
        wanted = [one for one in _projects(args) if claims_of(one) is not None]
        if not wanted:
            raise UserError(
                f"no target has a {FILE} beside its driver: docs/report.md says how to write one"
            )
        measured, unmeasured = _measured(wanted, args)
        if not measured:
            raise UserError(unmeasured[0])
        held = with_claims(measured)
        if args.json:
            print(strict_json(as_json(held)))
        elif args.output is not None:
            write(str(args.output), render(claims_table(held), None))
        else:
            print(render(claims_table(held), None), end="")
        tell(f"left out: {why}" for why in unmeasured)
        return EXIT_LEFT_OUT if unmeasured else 0


def _projects(args: Any) -> Iterator[Project]:
    """The target that is named, or every one that there is."""
    if args.config:
        yield targets.load_project(Path(args.config))
        return
    for name in targets.known_targets():
        yield read_project(targets.find(name))


def _measured(projects: list[Project], args: Any) -> tuple[list[CommitResults], list[str]]:
    """The results of the targets, and of those without why there are none."""
    measured, unmeasured = [], []
    for project in projects:
        try:
            results = load_commit_results(project, None, args.machine, args.env, args.branch)
        except UserError as error:
            unmeasured.append(f"{project.name}: {error}")
        else:
            tell(f"{project.name}: {remark}" for remark in results.history.remarks)
            measured.append(results)
    return measured, unmeasured
