"""``python -m mocks.openai``: the mock endpoint, until it is interrupted.

Its options are those of ``unladen mock-model``, which explains them. Exit code 0 after an
interrupt, 2 with one line on standard error if it cannot start.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import signal
import sys
from typing import NoReturn

from mocks.openai.behaviour import Behaviour, Fault
from mocks.openai.dialect import Dialect, dialects
from mocks.openai.endpoint import is_loopback
from mocks.openai.server import base_url, mock_server

KEY = "UNLADEN_MOCK_KEY"
"""The only key that is accepted, if set; never an argument, which every process can read."""

BAD_USAGE = 2


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM."""
    parser = _parser()
    options = parser.parse_args(arguments)
    dialect = _dialect(parser, options)
    if not is_loopback(options.host) and not options.allow_remote:
        return _refused(
            f"{options.host} can be reached from other machines: add --allow-remote if you mean it"
        )
    behaviour = Behaviour(
        dialect=dialect,
        scenario=options.scenario,
        reply_bytes=options.reply_bytes,
        latency=options.latency,
        first_token=options.first_token,
        token_latency=options.token_latency,
        slots=options.slots,
        per_minute=options.requests_per_minute,
        fault=Fault(options.fault) if options.fault else None,
        fault_every=options.fault_every,
        key=os.environ.get(KEY, ""),
    )
    try:
        asyncio.run(_serve(behaviour, options.host, options.port))
    except (OSError, UnicodeError) as error:
        return _refused(f"cannot listen at {options.host}, port {options.port}: {error}")
    print("unladen: the mock model has stopped", file=sys.stderr)
    return 0


async def _serve(behaviour: Behaviour, host: str, port: int) -> None:
    """Until SIGINT or SIGTERM. Raises ``OSError`` and ``UnicodeError`` if it cannot listen."""
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for how in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(how, stopping.set)
    async with mock_server(behaviour) as server:
        await server.listen(host, port)
        if not is_loopback(host):
            print("unladen: other machines can reach this mock model", file=sys.stderr, flush=True)
        print(base_url(host, server.port), flush=True)
        await stopping.wait()


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_USAGE, f"unladen: {message} (see unladen mock-model --help)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m mocks.openai", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--allow-remote", action="store_true")
    parser.add_argument("--port", type=_port, default=8808)
    parser.add_argument("--capability", choices=sorted(dialects()))
    parser.add_argument("--scenario", default="")
    parser.add_argument("--reply-bytes", type=_count, default=200)
    parser.add_argument("--latency", type=_seconds, default=0.0)
    parser.add_argument("--first-token", type=_seconds)
    parser.add_argument("--token-latency", type=_seconds, default=0.0)
    parser.add_argument("--slots", type=_count)
    parser.add_argument("--requests-per-minute", type=_count)
    parser.add_argument("--fault", choices=[fault.value for fault in Fault])
    parser.add_argument("--fault-every", type=_count, default=1)
    return parser


def _dialect(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Dialect:
    """Of the capability that is named, or the usual one; its scenario is checked."""
    spoken = dialects()
    if options.capability:
        dialect = spoken[options.capability]
    else:
        dialect = next(each for each in spoken.values() if each.is_usual)
    if options.scenario and options.scenario not in dialect.scenarios:
        known = ", ".join(map(str, dialect.scenarios))
        parser.error(f"--scenario must be one of {known}, not {options.scenario!r}")
    return dialect


def _port(text: str) -> int:
    return _whole(text, 0, 65535, "a port is 0 to 65535")


def _count(text: str) -> int:
    return _whole(text, 1, 10_000_000, "a count is 1 to 10000000")


def _whole(text: str, least: int, most: int, rule: str) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise argparse.ArgumentTypeError(f"{rule}, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 86_400:
        raise argparse.ArgumentTypeError(f"a latency is 0 to 86400 seconds, not {text!r}")
    return value


def _refused(message: str) -> int:
    print(f"unladen: {message}", file=sys.stderr)
    return BAD_USAGE


if __name__ == "__main__":
    sys.exit(main())
