"""Play a load on the target's service, virtually: half an hour of it takes seconds.

    UNLADEN_TARGET=bare python -m benchmarks.service.load --profile soak

Writes JSON lines to standard output (``mocks.worlds.service.lines``) and nothing else there. It is
exact: the same target, options and seed give the same bytes. Exit code 0; 2 with one line on
standard error for bad options, 3 if the service cannot be measured.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from benchmarks.core import subject
from benchmarks.core.cells import Broken
from benchmarks.service.played import REST_S, result_of
from benchmarks.service.running import Provider, Running, fresh
from benchmarks.service.visitors import Played, play
from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.lines import end_line, plan_line, row_line, users_line
from mocks.worlds.service.profile_files import profile_of
from mocks.worlds.service.profiles import CROWD, Profile, ProfileError
from mocks.worlds.service.rows import Row
from mocks.worlds.service.traffic import mix_for
from targets.loading import DriverError
from targets.protocols.service import Service

SHARES = (Kind.CHAT, Kind.STREAM, Kind.BLOCKED)
"""What the weights in ``--mix 70/20/10`` are for."""

LIMIT_S = 3600.0
"""Real seconds after which a load is given up."""


class BadOption(Exception):
    """What is wrong with the options, in one line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, play, write."""
    options = _parser().parse_args(arguments)
    try:
        profile = chosen_profile(options)
        provider = chosen_provider(options)
    except (BadOption, ProfileError) as error:
        print(error, file=sys.stderr)
        return 2
    made = fresh(lambda: list(_lines(profile, provider, options.seed)), limit_s=LIMIT_S)
    if isinstance(made, Broken):
        print(_one_line(made.reason), file=sys.stderr)
        return 3
    for line in made.value:
        print(line)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service.load", description=__doc__)
    add = parser.add_argument
    add("--profile", default=CROWD.name, help="a profile's name, or a TOML file")
    add("--users", type=int, help="users in all")
    add("--duration", type=float, metavar="S", help="virtual seconds")
    add("--ramp-up", type=float, metavar="S", help="seconds between the arrivals of two users")
    add("--think", type=float, nargs=2, metavar=("MIN", "MAX"), help="seconds before a request")
    add("--mix", metavar="70/20/10", help="chat/stream/blocked, or chat=60,work=40")
    add("--timeout", type=float, metavar="S", help="what a user gives a reply")
    add("--seed", type=int, default=1)
    add("--limit", type=int, metavar="N", help="requests a minute that the model's provider allows")
    add("--latency", type=float, metavar="S", help="of a whole answer of the model")
    return parser


def chosen_profile(options: argparse.Namespace) -> Profile:
    """The profile with what the options change. Raises ``BadOption`` and ``ProfileError``."""
    others: dict[str, object] = {}
    if options.think is not None:
        others["think_s"] = tuple(options.think)
    if options.timeout is not None:
        others["timeout_s"] = options.timeout
    if options.mix is not None:
        others["mix"] = read_mix(options.mix)
    if options.ramp_up is not None and options.ramp_up < 0:
        raise BadOption(f"--ramp-up is 0 s or more, not {options.ramp_up:g}")
    if options.duration is not None and not options.duration > 0:
        raise BadOption(f"--duration is longer than 0 s, not {options.duration:g}")
    if options.users is not None and options.users < 1:
        raise BadOption(f"--users is at least 1, not {options.users}")
    return profile_of(options.profile).changed(
        users=options.users,
        duration_s=options.duration,
        interval_s=options.ramp_up,
        **others,
    )


def chosen_provider(options: argparse.Namespace) -> Provider:
    """What the model is like. Raises ``BadOption``."""
    provider = Provider(per_minute=options.limit)
    if options.limit is not None and options.limit < 1:
        raise BadOption(f"--limit is at least 1 a minute, not {options.limit}")
    if options.latency is not None:
        if not 0 <= options.latency < LIMIT_S:
            raise BadOption(f"--latency is 0 s or more, not {options.latency:g}")
        provider = replace(provider, latency_s=options.latency)
    return provider


def read_mix(text: str) -> Mapping[Kind, float]:
    """The mix that an option says. Raises ``BadOption``."""
    try:
        if "=" in text:
            pairs = (each.split("=") for each in text.split(","))
            return {Kind(kind.strip()): float(weight) for kind, weight in pairs}
        return dict(zip(SHARES, map(float, text.split("/")), strict=True))
    except ValueError:
        kinds = ", ".join(Kind)
        raise BadOption(
            f"--mix is chat/stream/blocked as in 70/20/10, or weights of {kinds} as in "
            f"chat=60,work=40, not {text!r}"
        ) from None


def _lines(profile: Profile, provider: Provider, seed: int) -> Iterator[str]:
    offered = subject.capability(Service)
    profile = replace(profile, mix=mix_for(offered.kinds, profile.mix))
    with Running(provider) as running:
        played = running.run(play(running, profile, seed))
        seconds = running.clock.now
        running.rest(REST_S)
        result = result_of(running, profile, played)
        calls = Counter(call.mark for call in running.calls)
    yield plan_line(
        profile,
        engine="virtual",
        subject=subject.target().name,
        seed=seed,
        more={"limit_per_minute": provider.per_minute, "latency_s": provider.latency_s},
    )
    told = [(at, users_line(at, users)) for at, users in played.present]
    told += [(row.ended, row_line(row)) for row in _with_calls(played, calls)]
    yield from (line for _, line in sorted(told, key=lambda each: each[0]))
    left = result.left
    facts: dict[str, float] = {
        "model_calls": result.model_calls,
        "model_refused": result.refused,
        "connections_left": left.to_clients
        + left.to_others
        + max(0, left.to_model - result.pooled),
    }
    if left.missing is not None:
        facts["lost"] = left.missing
    if left.held is not None:
        facts["sessions_left"] = left.held
    if result.recovery_s is not None:
        facts["recovery_s"] = result.recovery_s
    yield end_line(round(seconds, 9), facts)


def _with_calls(played: Played, calls: Mapping[str, int]) -> Iterator[Row]:
    """The rows with the calls to the model that carried the request's mark."""
    for row, ask in zip(played.rows, played.asks, strict=True):
        yield replace(row, calls=calls[ask.mark])


def _one_line(reason: str) -> str:
    """The end of a traceback, which says what it was."""
    return next((line for line in reversed(reason.splitlines()) if line.strip()), "it failed")


if __name__ == "__main__":
    if not os.environ.get("UNLADEN_TARGET") and not os.environ.get("ASV_PROJECT"):
        print("no target is named: set UNLADEN_TARGET=NAME", file=sys.stderr)
        sys.exit(2)
    try:
        sys.exit(main())
    except DriverError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
