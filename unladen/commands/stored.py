"""What commands that read stored results have in common."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from asv.commands import common_args


def add_source(parser: argparse.ArgumentParser) -> None:
    """The options that choose among machines, environments and branches of a results folder."""
    common_args.add_machine(parser)
    parser.add_argument("--env", metavar="NAME", help="the environment, such as unladen-py3.11")
    add_branch(parser)


def add_branch(parser: argparse.ArgumentParser) -> None:
    """The option that chooses among the histories of a target."""
    parser.add_argument(
        "--branch",
        metavar="NAME",
        help="whose history, a line of first parents (default: the first of the conf)",
    )


def tell(remarks: Iterable[str]) -> None:
    """Say on standard error what could not be used."""
    for remark in remarks:
        print(f"unladen: {remark}", file=sys.stderr)
