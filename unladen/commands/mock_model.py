"""``unladen mock-model``: a model on this machine, for agents that speak OpenAI's protocol."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from unladen.commands.command import Command
from unladen.project.suite import suite_root

SERVER = "mocks.openai"
"""The module that serves. It is another room, so it is run, not imported."""

DESCRIPTION = """\
Serve an OpenAI-compatible endpoint, answered by the mock model: POST /v1/chat/completions and
/v1/responses, and Anthropic's /v1/messages, whole or streamed, with tools, structured output and a
limit of tokens; POST /v1/embeddings, GET /v1/models. Prints its base URL and serves until it is
interrupted. Anthropic's clients are given that URL without /v1.
Any API key is accepted, unless UNLADEN_MOCK_KEY holds the one that is. No key, and a request that
is malformed or too large, are refused as a real endpoint does (401, 400, 413).

A reply goes by the role that is asked: formulation, offer, center, question, discovery or gap. It
is found in the header X-Unladen-Role, in a line "Your role: ROLE" of a prompt, or by what the
prompts and tools speak of. A mark such as #d00007 in a prompt is repeated in the reply.
"""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of the server, which knows its default and checks its value."""

    metavar: str
    help: str


OPTIONS: Mapping[str, Option] = {
    "--host": Option("ADDRESS", "the address to listen at (default: 127.0.0.1, this machine only)"),
    "--port": Option("N", "the port to listen at (default: 8808; 0: any free one)"),
    "--capability": Option("NAME", "whose model it is, where there are several"),
    "--scenario": Option(
        "NAME",
        "what a center does before it plans: plan (default), ask_one, ask_all, eager, sub_demand, "
        "discovery",
    ),
    "--reply-bytes": Option("N", "length of a text reply (default: about 200)"),
    "--latency": Option("SECONDS", "time before a reply (default: 0)"),
    "--first-token": Option(
        "SECONDS", "time before the first piece of a stream (default: that before a reply)"
    ),
    "--token-latency": Option("SECONDS", "time between two pieces of a stream (default: 0)"),
    "--slots": Option("N", "answer so many requests at once, the others wait (default: no limit)"),
    "--requests-per-minute": Option("N", "answer 429 with Retry-After above this rate"),
    "--fault": Option(
        "KIND",
        "fail: error (500), overloaded (503), disconnect, cut (in the middle of the reply), "
        "malformed (not JSON), empty, hang",
    ),
    "--fault-every": Option("N", "let the fault strike every N-th completion (default: every one)"),
}


class MockModel(Command):
    """Becomes the server."""

    @classmethod
    def setup_arguments(cls, subparsers: Any) -> Any:
        """Add the command and its options to asv's parser."""
        parser = subparsers.add_parser(
            "mock-model",
            help="Serve a mock model over HTTP, to try agents without a real one",
            description=DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        for name, option in OPTIONS.items():
            parser.add_argument(name, metavar=option.metavar, help=option.help)
        parser.add_argument(
            "--allow-remote",
            action="store_true",
            help="needed with a --host that other machines can reach",
        )
        parser.set_defaults(func=cls.run_from_args)
        return parser

    @classmethod
    def run_from_args(cls, args: argparse.Namespace) -> NoReturn:
        """Needs no conf."""
        serve(args)


def serve(args: argparse.Namespace) -> NoReturn:
    """Replace this process by the server's, which then gets the user's signals itself."""
    root = str(suite_root())
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    # -P: a folder ``mocks`` of the user's, where the command was given, is not meant.
    command = [sys.executable, "-P", "-m", SERVER, *server_arguments(args)]
    sys.stdout.flush()
    os.execve(sys.executable, command, {**os.environ, "PYTHONPATH": path})


def server_arguments(args: argparse.Namespace) -> list[str]:
    """The options that were given, as the server takes them."""
    given = ["--allow-remote"] if args.allow_remote else []
    for name in OPTIONS:
        value = getattr(args, name.removeprefix("--").replace("-", "_"))
        if value is not None:
            given.append(f"{name}={value}")
    return given
