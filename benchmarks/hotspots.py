"""Where one negotiation's work is done and where its time is spent waiting.

The value of ``all`` is the whole. Each other one has a note: its first line is ``file:line in
function``, the file from the folder that the SDK's package is in. Ranks are by the value, so a
commit that makes a function cheaper moves the next one up; the notes say which is which.

Work is counted in bytecodes, which repeat to the digit. A share of CPU time can not; for that, use
``asv profile``. The values are amounts and not shares: where one function gets cheaper, the others'
shares rise, though nothing got worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from benchmarks._cells import Attempt, attempt, value_of
from benchmarks._hotspots import Stay, by_caused, by_own, profile_work, waits_of
from benchmarks._hotspots import Work as Amount
from benchmarks._notes import note
from benchmarks._series import series
from mocks.worlds.negotiation.script import Scenario
from targets.protocol import Unavailable

RANKS = ("1", "2", "3", "4", "5")
WORK_AGENTS = 50
"""Enough for what is done once an agent to outweigh what is done once a negotiation."""
WAIT_AGENTS = 5
SCENARIOS = (Scenario.PLAN.value, Scenario.ASK_ALL.value, Scenario.SUB_DEMAND.value)


@dataclass(frozen=True, slots=True)
class Ranked:
    """The functions of one run, in two orders."""

    own: list[Amount]
    caused: list[Amount]


def rank_functions() -> Ranked:
    """The functions of one plain negotiation."""
    found = profile_work(WORK_AGENTS)
    return Ranked(by_own(found), by_caused(found))


class Work:
    """The hottest functions of the SDK: one plain negotiation, 50 agents."""

    params = ("all", *RANKS)
    param_names = ("rank",)

    def setup_cache(self) -> Attempt[Ranked]:
        return attempt(rank_functions)

    def setup(self, cache: Attempt[Ranked], rank: str) -> None:
        ranked = value_of(cache)
        number = _number(rank)
        if number >= len(ranked.own):
            raise Unavailable(f"the SDK runs {len(ranked.own) - 1} functions of its own")
        self.own, self.caused = ranked.own[number], ranked.caused[number]

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_bytecodes(self, cache: Attempt[Ranked], rank: str) -> int:
        """The SDK's own bytecodes that are executed in its n-th hottest function."""
        note(self.own.about)
        return self.own.bytecodes

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_bytecodes_with_libraries(self, cache: Attempt[Ranked], rank: str) -> int:
        """The same with the bytecodes in the libraries that the functions call."""
        note(self.caused.about)
        return self.caused.bytecodes


Cache = Mapping[str, Attempt[list[Stay]]]


class Waits:
    """Where a negotiation of 5 agents waits, 1 s a model call; ``all`` is the whole of it.

    When the virtual clock moves, the time goes to the innermost place in the SDK's own files that
    the negotiation waits at, told apart by the places it was reached from.
    """

    params = (SCENARIOS, ("all", *RANKS))
    param_names = ("scenario", "rank")

    def setup_cache(self) -> Cache:
        return {name: attempt(partial(waits_of, Scenario(name), WAIT_AGENTS)) for name in SCENARIOS}

    def setup(self, cache: Cache, scenario: str, rank: str) -> None:
        stays = value_of(cache[scenario])
        number = _number(rank)
        if number >= len(stays):
            raise Unavailable(f"the negotiation waits at {len(stays) - 1} places only")
        self.stay = stays[number]

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, cache: Cache, scenario: str, rank: str) -> float:
        """Virtual seconds that pass while the negotiation waits there."""
        note(self.stay.about)
        return self.stay.seconds

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_beyond_critical_path(self, cache: Cache, scenario: str, rank: str) -> float:
        """How many of them calls made at once would save: those beyond the longest call of each
        stage that is waited for there."""
        note(self.stay.about)
        return self.stay.beyond


def _number(rank: str) -> int:
    """The place of a rank in a list that begins with the whole."""
    return 0 if rank == "all" else int(rank)
