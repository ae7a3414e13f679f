"""``unladen init``: put the SDK of this repository under test."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from unladen.commands.command import Command
from unladen.errors import UserError
from unladen.init.files import (
    capabilities,
    folder_of,
    needs_of,
    usual_capabilities,
    workflows,
    write_new,
)
from unladen.init.lock import pinned
from unladen.init.packages import Package
from unladen.init.subject import Subject, look_at
from unladen.project.project import CONF
from unladen.project.targets import OWN_FOLDER
from unladen.text.names import did_you_mean

DESCRIPTION = f"""\
In the git repository of an SDK, write a folder {OWN_FOLDER}/ that measures it: a driver, which
drives a tiny example until you put the SDK in its place, asv's configuration, pinned packages, a
README. Then `unladen check`, `unladen run HEAD^!`, `unladen gate` and plain asv work there.

The SDK's name, package, branch and dependencies are found out; what is not sure is asked for on a
terminal, and with --yes or without a terminal an option has to say it. Nothing is overwritten.

exit codes: 0 done; 2 something has to be said or is not as it must be: nothing is written.
"""


class Init(Command):
    """Writes the files."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "init",
            help="Put the SDK of this repository under test",
            description=DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("--yes", "-y", action="store_true", help="ask nothing")
        parser.add_argument(
            "--github", action="store_true", help="write workflows for GitHub Actions too"
        )
        parser.add_argument(
            "--capability",
            metavar="NAME",
            action="append",
            help=f"what the SDK can do, of {', '.join(capabilities())}; may be repeated "
            f"(default: {', '.join(usual_capabilities())})",
        )
        parser.add_argument(
            "--package", metavar="PATH", help="the SDK's package, seen from the repository's top"
        )
        parser.add_argument(
            "--import-root",
            metavar="FOLDER",
            help="the folder that it is imported from (default: the one above --package)",
        )
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_from_args(cls, args: Any) -> int:
        """Find out, ask for the rest, write. Raises ``UserError``, one line."""
        if args.import_root is not None and args.package is None:
            raise UserError("--import-root belongs to --package PATH")
        asks = not args.yes and sys.stdin.isatty() and sys.stdout.isatty()
        subject = look_at(
            Path.cwd(),
            path=args.package,
            import_root=args.import_root,
            choose=_ask if asks else lambda packages: None,
        )
        names = _known(args.capability or usual_capabilities())
        files = workflows(subject) if args.github else {}
        folder = subject.root / OWN_FOLDER
        if not (folder / CONF).is_file():
            if folder.exists():
                raise UserError(f"{folder} is there already, without {CONF}: move it away")
            _tell_what_was_found(subject, names)
            lock, why = pinned(subject, needs_of(names))
            if why:
                _warn(
                    f"pip cannot tell what {subject.project} needs ({why}): "
                    f"add that to {OWN_FOLDER}/requirements.txt"
                )
            files = {**folder_of(subject, names, lock), **files}
        elif not args.github:
            raise UserError(f"{folder / CONF} is there already: nothing is overwritten")
        written, kept = write_new(subject.root, files)
        for path in written:
            print(f"wrote {path}")
        for path in kept:
            print(f"kept {path}, which was there")
        if any(path.parts[0] == OWN_FOLDER for path in written):
            print(
                f"Now put {subject.package.name} into {OWN_FOLDER}/driver/, which drives an "
                "example, and try it: unladen check"
            )
        return 0


def _known(names: Sequence[str]) -> list[str]:
    known = capabilities()
    for name in names:
        if name not in known:
            near = did_you_mean(name, known) or f"; there are {', '.join(known)}"
            raise UserError(f"there is no capability {name!r}{near}")
    return list(dict.fromkeys(names))


def _tell_what_was_found(subject: Subject, names: Sequence[str]) -> None:
    package = subject.package
    where = f"{package.path}, imported as {package.name}"
    print(f"{subject.project}: {where}; branch {subject.branch}; Python {subject.python}")
    others = [name for name in capabilities() if name not in names]
    more = f" (there are also, for --capability: {', '.join(others)})" if others else ""
    print(f"can do: {', '.join(names)}{more}", flush=True)


def _ask(packages: Sequence[Package]) -> Package | None:
    """Let the user pick one, if there are any."""
    if not packages:
        return None
    for number, package in enumerate(packages, 1):
        print(f"{number:>3}  {package.path}")
    while True:
        try:
            said = input("Which of these do users import? Its number: ").strip()
        except EOFError:
            return None
        if said.isdigit() and 0 < int(said) <= len(packages):
            return packages[int(said) - 1]


def _warn(line: str) -> None:
    print(f"unladen: {line}", file=sys.stderr)
