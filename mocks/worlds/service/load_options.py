"""The options that say what a load is, the same for each engine that plays it."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.profile_files import profile_of
from mocks.worlds.service.profiles import Profile, ProfileError

BAD_USAGE = 2

DEFAULT_PROFILE = "crowd"
DEFAULT_SEED = 1

MOST_USERS = 10_000
LONGEST_S = 86_400.0

_SHORT_MIX = (Kind.CHAT, Kind.STREAM, Kind.BLOCKED)
"""The kinds whose weights ``70/20/10`` gives."""


class LoadParser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        """Exit code 2."""
        self.exit(BAD_USAGE, f"unladen: {message}\n")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add them. What is not given is the profile's."""
    parser.add_argument("--profile", default=DEFAULT_PROFILE)
    parser.add_argument("--users", type=count)
    parser.add_argument("--duration", type=_seconds)
    parser.add_argument("--ramp-up", type=_seconds)
    parser.add_argument("--think", type=_seconds, nargs=2)
    parser.add_argument("--mix", type=mix_of)
    parser.add_argument("--timeout", type=_seconds)
    parser.add_argument("--seed", type=count, default=DEFAULT_SEED)
    add_model_options(parser)


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Those that say what the mock model is like: calls that its provider admits in a minute, and
    seconds of one."""
    parser.add_argument("--limit", type=count)
    parser.add_argument("--latency", type=_seconds)


def profile_from(options: argparse.Namespace) -> Profile:
    """The profile that the options ask for. Raises ``ProfileError``."""
    think = options.think
    given: Mapping[str, Any] = {
        "users": options.users,
        "duration_s": options.duration,
        "interval_s": options.ramp_up,
        "think_s": tuple(think) if think else None,
        "mix": options.mix,
        "timeout_s": options.timeout,
    }
    profile = profile_of(options.profile).changed(
        **{name: value for name, value in given.items() if value is not None}
    )
    if profile.users > MOST_USERS:
        raise ProfileError(f"profile {profile.name}: at most {MOST_USERS:,} users at once")
    if profile.duration_s > LONGEST_S:
        raise ProfileError(f"profile {profile.name}: it lasts at most {LONGEST_S:,.0f} s, a day")
    return profile


def mix_of(text: str) -> dict[Kind, float]:
    """Weights of kinds: ``70/20/10`` (chat, streamed chat, blocked) or ``chat=60,work=40``, for
    argparse."""
    if re.fullmatch(r"[\d.]+(/[\d.]+){2}", text):
        return dict(zip(_SHORT_MIX, map(_weight, text.split("/")), strict=True))
    found: dict[Kind, float] = {}
    for part in text.split(","):
        name, sign, weight = part.partition("=")
        if not sign or name not in set(Kind):
            raise argparse.ArgumentTypeError(
                f"a mix is CHAT/STREAM/BLOCKED such as 70/20/10, or chat=60,work=40 of "
                f"{', '.join(Kind)}, not {text!r}"
            )
        found[Kind(name)] = _weight(weight)
    return found


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no weight") from None


def count(text: str) -> int:
    """A whole number above 0, for argparse."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**9):
        raise argparse.ArgumentTypeError(f"must be a whole number above 0, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < 1e9:
        raise argparse.ArgumentTypeError(f"must be a number of seconds, not {text!r}")
    return value
