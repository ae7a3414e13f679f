"""The options of ``unladen load`` that say what the load is, and which of them go together."""

from __future__ import annotations

import argparse
from pathlib import Path

from unladen.commands.side_by_side import refuse_given
from unladen.errors import UserError
from unladen.results.loads import check_name


def add_traffic(parser: argparse.ArgumentParser) -> None:
    """Those that change a profile."""
    parser.add_argument(*("-u", "--users"), metavar="N", help="users at once")
    parser.add_argument(*("-d", "--duration"), metavar="S", help="seconds of load")
    parser.add_argument("--ramp-up", metavar="S", help="seconds between the starts of two users")
    parser.add_argument(
        "--think",
        metavar=("MIN", "MAX"),
        nargs=2,
        help="seconds between a reply and the user's next request",
    )
    parser.add_argument(
        "--mix",
        metavar="MIX",
        help="weights of the requests: 70/20/10 (chat, streamed, blocked), or chat=60,work=40",
    )
    parser.add_argument("--timeout", metavar="S", help="seconds that a user gives a reply")
    parser.add_argument("--seed", metavar="N", help="of all chance (default: 1)")
    parser.add_argument(
        "--limit", metavar="N", help="calls that the mock model's provider admits in a minute"
    )
    parser.add_argument("--latency", metavar="S", help="seconds of a call of the mock model")


def add_processes(parser: argparse.ArgumentParser) -> None:
    """Those of how many processes a load in real time has."""
    parser.add_argument(
        "--workers",
        metavar="N",
        help="with --process or --url: processes of Locust (default: 1, no master)",
    )
    parser.add_argument(
        "--server-workers",
        metavar="N",
        help="with --process: worker processes of the service (default: 1)",
    )


def profile(text: str) -> str:
    """A name, or a file as seen from where the command was given, for argparse."""
    return str(Path(text).absolute()) if text.endswith(".toml") else text


def kept_name(text: str) -> str:
    """The name of a load to keep, for argparse."""
    try:
        return check_name(text)
    except UserError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def check_engine(args: argparse.Namespace) -> None:
    """Raise ``UserError`` for options that say nothing of the engine that is chosen."""
    is_url = args.url is not None
    if args.player and (args.process or is_url or args.capacity):
        raise UserError("--player plays one virtual load: not with --process, --url, --capacity")
    if args.capacity and (args.process or is_url):
        raise UserError("--capacity is for the virtual load: it takes many")
    if is_url:
        refuse_given(args, ("latency",), "is of the mock model: what runs at a URL has its own")
        if args.commit is not None:
            raise UserError("COMMIT is of a target: what runs at a URL is asked as it is")
    else:
        refuse_given(args, ("allow_remote",), "goes with --url: all else is on this machine")
    if not args.process:
        refuse_given(args, ("server_workers",), "goes with --process, which starts the service")
    if not (args.process or is_url):
        why = "is for --process and --url: the virtual load is one process"
        refuse_given(args, ("workers",), why)


def check_keep(args: argparse.Namespace) -> None:
    """Raise ``UserError`` where the command that is kept with a load could not repeat it."""
    if args.keep is None:
        return
    if args.url is not None:
        raise UserError("--keep is for a target: of what runs at a URL nobody knows the commit")
    if args.accept or args.profile.endswith(".toml"):
        raise UserError("--keep is for profiles and criteria that everybody has, not for files")
