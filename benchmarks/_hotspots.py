"""Which functions a negotiation's work is done in, and where its time is spent waiting."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks._rig import LIMIT_S, Rig
from benchmarks._subject import own_files, package_path
from meters.functions import Function, Profile, profile
from meters.spans import Span, critical_path, peak_in_flight
from meters.waits import Place, Wait, WaitProfile
from mocks.clock import await_chain
from mocks.model import Call
from mocks.worlds.negotiation.script import Scenario
from mocks.worlds.negotiation.stages import spans as placed
from targets.protocols.negotiation import Negotiated

_ROOT = Path(__file__).resolve().parent.parent
_HARNESS = tuple(str(_ROOT / room) for room in ("benchmarks", "meters", "mocks", "targets"))


@dataclass(frozen=True, slots=True)
class Work:
    """Bytecodes executed, and what is to be said of them."""

    bytecodes: int
    about: str


@dataclass(frozen=True, slots=True)
class Stay:
    """Virtual seconds a negotiation waits at one place, how many of them are beyond the longest
    call of each stage waited for there, and what is to be said of it."""

    seconds: float
    beyond: float
    about: str


def profile_work(agents: int) -> Profile[list[Negotiated]]:
    """The functions in which one plain negotiation's bytecodes are executed."""
    with Rig(agents=agents) as rig:
        rig.checked()
        found = rig.measure(lambda run: profile(run, inside=own_files(), harness=_HARNESS))
        rig.check(found.result)
    return found


def by_own(found: Profile[list[Negotiated]]) -> list[Work]:
    """The functions by the bytecodes executed in themselves, hottest first."""
    return _ranked([(function, function.own) for function in found.functions], "bytecodes")


def by_caused(found: Profile[list[Negotiated]]) -> list[Work]:
    """The functions by the bytecodes executed in themselves and in the libraries they call."""
    weighed = [(function, function.caused) for function in found.functions]
    return _ranked(weighed, "bytecodes, library code included")


def waits_of(scenario: Scenario, agents: int) -> list[Stay]:
    """Where one negotiation waits: first the whole of it, then its places, longest first."""
    with Rig(agents=agents, scenario=scenario) as rig:
        rig.checked()
        rig.prepare()
        with WaitProfile(rig.clock.loop, own_files(), await_chain) as watched:
            work = watched.run(rig.negotiator.negotiate(rig.demands[0]))
            result = rig.clock.run(work, limit=LIMIT_S)
        rig.check([result])
        calls = rig.world.model.calls
        return _stays(watched.waits, calls, placed(calls))


def _ranked(weighed: Sequence[tuple[Function, int]], unit: str) -> list[Work]:
    total = sum(weight for _, weight in weighed)
    ordered = sorted(weighed, key=lambda pair: (-pair[1], _relative(pair[0].file), pair[0].name))
    each = [
        Work(weight, _about_function(function, weight, total, unit))
        for function, weight in ordered
        if weight
    ]
    return [Work(total, f"{len(each)} functions"), *each]


def _about_function(function: Function, weight: int, total: int, unit: str) -> str:
    lines = [
        f"{_relative(function.file)}:{function.line} in {function.name}",
        f"{weight:,} of {total:,} {unit}",
    ]
    if function.own:
        lines.append(f"most of its own on line {function.hottest_line}")
    return "\n".join(lines)


def _stays(waits: Sequence[Wait], calls: Sequence[Call], spans: Sequence[Span]) -> list[Stay]:
    """The whole, then the stay at each path of places."""
    seconds: defaultdict[tuple[Place, ...], float] = defaultdict(float)
    answered: defaultdict[tuple[Place, ...], list[int]] = defaultdict(list)
    for wait in waits:
        seconds[wait.path] += wait.end - wait.start
        answered[wait.path] += [
            number
            for number, call in enumerate(calls)
            if call.ended is not None and wait.start < call.ended <= wait.end
        ]
    stays = [_stay(path, spent, answered[path], calls, spans) for path, spent in seconds.items()]
    stays.sort(key=lambda stay: -stay.seconds)  # among equals, the first waited at
    whole = Stay(
        round(sum(seconds.values()), 9),
        round(sum(seconds.values()) - critical_path(spans), 9),
        f"{len(stays)} places",
    )
    return [whole, *stays]


def _stay(
    path: tuple[Place, ...],
    spent: float,
    answered: Sequence[int],
    calls: Sequence[Call],
    spans: Sequence[Span],
) -> Stay:
    there = [spans[number] for number in answered]
    about = [_say_place(place) for place in reversed(path)] or ["outside the SDK's own files"]
    about[1:] = [f"reached from {place}" for place in about[1:]]
    roles = Counter(calls[number].role for number in answered)
    if roles:
        counted = ", ".join(f"{count} {role}" for role, count in sorted(roles.items()))
        about.insert(1, f"model calls: {counted}; at most {peak_in_flight(there)} at once")
    return Stay(round(spent, 9), round(spent - critical_path(there), 9), "\n".join(about))


def _say_place(place: Place) -> str:
    return f"{_relative(place.file)}:{place.line} in {place.function}"


def _relative(file: str) -> str:
    return package_path(file) or os.path.basename(os.path.realpath(file))
