"""What commands that read stored results have in common."""

from __future__ import annotations

import argparse
import contextlib
import re
import shlex
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from unladen.asv_bridge.command_line import add_machine
from unladen.asv_bridge.console import log
from unladen.commands.side_by_side import called, pattern
from unladen.text.screen import Screen


def add_source(parser: argparse.ArgumentParser) -> None:
    """The options that choose among machines, environments and branches of a results folder."""
    add_machine(parser)
    parser.add_argument("--env", metavar="NAME", help="the environment, such as unladen-py3.11")
    add_branch(parser)


def add_branch(parser: argparse.ArgumentParser) -> None:
    """The option that chooses among the histories of a target."""
    parser.add_argument(
        "--branch",
        metavar="NAME",
        help="whose history, a line of first parents (default: the first of the conf)",
    )


def add_series(parser: argparse.ArgumentParser) -> None:
    """The option that chooses among the series of a target."""
    parser.add_argument(
        "--series", metavar="REGEX", type=pattern, help="only series whose name matches"
    )


def add_length(parser: argparse.ArgumentParser, everything: str) -> None:
    """The options that choose between a screenful and the whole, ``everything``."""
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--all", action="store_true", help=f"{everything} (default: unless on a terminal)"
    )
    length.add_argument(
        "--short",
        action="store_true",
        help="the short form, all of it, also in a pipe (default: on a terminal a screenful of it)",
    )


def short_form(args: Any) -> Screen | None:
    """Where the short form goes; None for the long one."""
    if args.all or not (args.short or sys.stdout.isatty()):
        return None
    return Screen(sys.stdout, is_whole=args.short)


def command_line(args: Any, *words: str | None) -> str:
    """How the user calls unladen for this target, with these words; None are left out."""
    series = getattr(args, "series", None)
    given = {
        "--series": series.pattern if isinstance(series, re.Pattern) else None,
        "--machine": getattr(args, "machine", None),
        "--env": getattr(args, "env", None),
        "--branch": getattr(args, "branch", None),
    }
    options = [word for option, value in given.items() if value for word in (option, value)]
    return " ".join([called(args), *(shlex.quote(word) for word in (*words, *options) if word)])


@contextlib.contextmanager
def asv_on_stderr() -> Iterator[None]:
    """Within the block, what asv says of what it clones and makes goes to standard error."""
    with contextlib.redirect_stdout(sys.stderr):
        yield
        log.flush()


def tell(remarks: Iterable[str]) -> None:
    """Say on standard error what could not be used."""
    for remark in remarks:
        print(f"unladen: {remark}", file=sys.stderr)
