"""Which functions a run's work is done in, and where its time is spent waiting.

The value of ``all`` is the whole. Each other one has a note: its first line is ``file:line in
function``, the file from the folder that the SDK's package is in. Ranks are by the value, so a
commit that makes a function cheaper moves the next one up; the notes say which is which.

Work is counted in bytecodes, which repeat to the digit. A share of CPU time can not; for that, use
``asv profile``. The values are amounts and not shares: where one function gets cheaper, the others'
shares rise, though nothing got worse.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmarks.core.harness import LIMIT_S, Harness
from benchmarks.core.notes import note
from benchmarks.core.series import series
from benchmarks.core.subject import own_files, package_path
from benchmarks.core.workload import I, R, Workload
from meters.functions import Function, Profile, profile
from meters.spans import Span, critical_path, peak_in_flight
from meters.waits import Location, Wait, WaitProfile
from mocks.clock import await_chain
from mocks.model import Call

_ROOT = Path(__file__).resolve().parents[2]
_HARNESS = tuple(str(_ROOT / room) for room in ("benchmarks", "meters", "mocks", "targets"))


RANKS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class FunctionWork:
    """Bytecodes executed, and what is to be said of them."""

    bytecodes: int
    about: str


@dataclass(frozen=True, slots=True)
class Stay:
    """Virtual seconds a run waits at one place, how many of them are beyond the longest
    call of each stage waited for there, and what is to be said of it."""

    seconds: float
    beyond: float
    about: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """The functions of one run, in two orders."""

    own: list[FunctionWork]
    caused: list[FunctionWork]


def rank_functions(workload: Workload[I, R]) -> Ranked:
    """The functions in which one run's bytecodes are executed."""
    with Harness(workload) as harness:
        harness.checked()
        found = harness.measure(lambda run: profile(run, inside=own_files(), harness=_HARNESS))
        harness.check(found.result)
    return Ranked(by_own(found), by_caused(found))


def by_own(found: Profile[Any]) -> list[FunctionWork]:
    """The functions by the bytecodes executed in themselves, hottest first."""
    return _ranked([(function, function.own) for function in found.functions], "bytecodes")


def by_caused(found: Profile[Any]) -> list[FunctionWork]:
    """The functions by the bytecodes executed in themselves and in the libraries they call."""
    weighed = [(function, function.caused) for function in found.functions]
    return _ranked(weighed, "bytecodes, library code included")


def waits_of(workload: Workload[I, R]) -> list[Stay]:
    """Where one run waits: first the whole of it, then its places, longest first."""
    with Harness(workload) as harness:
        harness.checked()
        harness.prepare()
        with WaitProfile(harness.clock.loop, own_files(), await_chain) as watched:
            work = watched.run(harness.engine.run(harness.inputs[0]))
            result = harness.clock.run(work, limit=LIMIT_S)
        harness.check([result])
        return _stays(watched.waits, harness.calls, workload.spans())


def place_of_rank(rank: str) -> int:
    """The place of a rank in a list that begins with the whole."""
    return 0 if rank == "all" else int(rank)


def _ranked(weighed: Sequence[tuple[Function, int]], unit: str) -> list[FunctionWork]:
    total = sum(weight for _, weight in weighed)
    ordered = sorted(weighed, key=lambda pair: (-pair[1], _relative(pair[0].file), pair[0].name))
    each = [
        FunctionWork(weight, _about_function(function, weight, total, unit))
        for function, weight in ordered
        if weight
    ]
    return [FunctionWork(total, f"{len(each)} functions"), *each]


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
    seconds: defaultdict[tuple[Location, ...], float] = defaultdict(float)
    answered: defaultdict[tuple[Location, ...], list[int]] = defaultdict(list)
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
    path: tuple[Location, ...],
    spent: float,
    answered: Sequence[int],
    calls: Sequence[Call],
    spans: Sequence[Span],
) -> Stay:
    there = [spans[number] for number in answered]
    about = [_say_location(place) for place in reversed(path)] or ["outside the SDK's own files"]
    about[1:] = [f"reached from {place}" for place in about[1:]]
    roles = Counter(calls[number].role for number in answered)
    if roles:
        counted = ", ".join(f"{count} {role}" for role, count in sorted(roles.items()))
        about.insert(1, f"model calls: {counted}; at most {peak_in_flight(there)} at once")
    return Stay(round(spent, 9), round(spent - critical_path(there), 9), "\n".join(about))


def _say_location(place: Location) -> str:
    return f"{_relative(place.file)}:{place.line} in {place.function}"


def _relative(file: str) -> str:
    return package_path(file) or os.path.basename(os.path.realpath(file))


class OfFunction(Protocol):
    """A benchmark of the function of one rank, in either order."""

    own: FunctionWork
    caused: FunctionWork


@series(version="1", kind="exact", unit="bytecodes", group="work")
def bytecodes(self: OfFunction, *cell: object) -> int:
    """The SDK's own bytecodes that are executed in its n-th hottest function."""
    note(self.own.about)
    return self.own.bytecodes


@series(version="1", kind="exact", unit="bytecodes", group="work")
def bytecodes_with_libraries(self: OfFunction, *cell: object) -> int:
    """The same with the bytecodes in the libraries that the functions call."""
    note(self.caused.about)
    return self.caused.bytecodes


class OfStay(Protocol):
    """A benchmark of the waiting at the place of one rank."""

    stay: Stay


@series(version="1", kind="exact", unit="seconds", group="virtual time")
def seconds(self: OfStay, *cell: object) -> float:
    """Virtual seconds that pass while the run waits there."""
    note(self.stay.about)
    return self.stay.seconds


@series(version="1", kind="exact", unit="seconds", group="virtual time")
def beyond_critical_path(self: OfStay, *cell: object) -> float:
    """How many of them calls made at once would save: those beyond the longest call of each stage
    that is waited for there."""
    note(self.stay.about)
    return self.stay.beyond
