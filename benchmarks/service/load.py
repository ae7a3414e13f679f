"""Play a load on the target's service, virtually: half an hour of it takes seconds.

    UNLADEN_TARGET=bare python -m benchmarks.service.load --profile soak

Writes JSON lines to standard output (``mocks.worlds.service.lines``) and nothing else there. It is
exact: the same target, options and seed give the same bytes. Exit code 0; 2 with one line on
standard error for bad options, 3 if the service cannot be measured.
"""

from __future__ import annotations

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
from mocks.worlds.service.lines import end_line, plan_line, row_line, users_line
from mocks.worlds.service.load_options import BAD_USAGE, LoadParser, add_options, profile_from
from mocks.worlds.service.profiles import Profile, ProfileError
from mocks.worlds.service.rows import Row
from mocks.worlds.service.traffic import mix_for
from targets.loading import DriverError
from targets.protocols.service import Service

LIMIT_S = 3600.0
"""Real seconds after which a load is given up."""

UNMEASURABLE = 3
"""Exit code if the service does not start."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, play, write."""
    parser = LoadParser(prog="python -m benchmarks.service.load", description=__doc__)
    add_options(parser)
    options = parser.parse_args(arguments)
    try:
        profile = profile_from(options)
    except ProfileError as error:
        return _refused(str(error), BAD_USAGE)
    provider = Provider(per_minute=options.limit)
    if options.latency is not None:
        provider = replace(provider, latency_s=options.latency)
    made = fresh(lambda: list(_lines(profile, provider, options.seed)), limit_s=LIMIT_S)
    if isinstance(made, Broken):
        return _refused(_one_line(made.reason), UNMEASURABLE)
    for line in made.value:
        print(line)
    return 0


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


def _refused(message: str, code: int) -> int:
    print(f"unladen: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    if not os.environ.get("UNLADEN_TARGET") and not os.environ.get("ASV_PROJECT"):
        sys.exit(_refused("no target is named: set UNLADEN_TARGET=NAME", BAD_USAGE))
    try:
        sys.exit(main())
    except DriverError as error:
        sys.exit(_refused(str(error), BAD_USAGE))
