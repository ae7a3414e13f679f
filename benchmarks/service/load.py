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
from dataclasses import dataclass, replace

from benchmarks.core import subject
from benchmarks.core.cells import Broken
from benchmarks.service.played import REST_S, LoadResult, result_of
from benchmarks.service.running import CALLER, Frozen, Provider, Running, fresh
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
    made = fresh(lambda: _load(profile, provider, options.seed), limit_s=LIMIT_S)
    if isinstance(made, Broken):
        return _refused(_one_line(made.reason), UNMEASURABLE)
    for line in made.value.lines:
        print(line)
    frozen = made.value.frozen
    return _refused(_one_line(frozen), UNMEASURABLE) if frozen else 0


@dataclass(frozen=True, slots=True)
class Load:
    """What is written of a load; ``frozen``: the proof that the service answered nobody any more,
    empty if it did. Then the lines are those of the requests that had ended, without an end."""

    lines: Sequence[str]
    frozen: str = ""


def _load(profile: Profile, provider: Provider, seed: int) -> Load:
    offered = subject.capability(Service)
    profile = replace(profile, mix=mix_for(offered.kinds, profile.mix))
    plan = plan_line(
        profile,
        engine="virtual",
        subject=subject.target().name,
        seed=seed,
        more={"limit_per_minute": provider.per_minute, "latency_s": provider.latency_s},
    )
    heard: list[Row] = []
    with Running(provider) as running:
        try:
            played = running.run(play(running, profile, seed, heard.append))
        except Frozen as frozen:
            return Load([plan, *map(row_line, heard)], str(frozen))
        seconds = running.clock.now
        running.rest(REST_S)
        result = result_of(running, profile, played)
        calls = Counter(call.mark for call in running.calls)
    told = [(at, users_line(at, users)) for at, users in played.present]
    told += [(row.ended, row_line(row)) for row in _with_calls(played, calls)]
    lines = [line for _, line in sorted(told, key=lambda each: each[0])]
    return Load([plan, *lines, end_line(round(seconds, 9), _facts(result))])


def _facts(result: LoadResult) -> Mapping[str, float]:
    left = result.left
    facts: dict[str, float] = {
        "model_calls": result.model_calls,
        "model_calls_most": result.pooled,
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
    return facts


def _with_calls(played: Played, calls: Mapping[str, int]) -> Iterator[Row]:
    """The rows with the calls to the model that carried the request's mark."""
    for row, ask in zip(played.rows, played.asks, strict=True):
        yield replace(row, calls=calls[ask.mark])


def _one_line(reason: str) -> str:
    """The end of a traceback, which says what it was, without who called what does not end."""
    lines = [line for line in reason.splitlines() if line.strip()]
    said = (line for line in reversed(lines) if not line.startswith(CALLER))
    return next(said, "it failed")


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
