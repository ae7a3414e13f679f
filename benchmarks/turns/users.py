"""Many users at once: how long they wait, what their turns cost, what gets lost.

Users come 10 microseconds apart, each with a session of its own, and take their turns one after
the other; the model takes 1.137 s a call; the runtime may work on 20 turns at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, TypeGuard

from benchmarks.core.cells import Attempt, Broken, Kept, value_of
from benchmarks.core.notes import note
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import runs, series
from benchmarks.turns.fresh import CACHE_TIMEOUT_S, fresh
from benchmarks.turns.playing import Figures, cpu_per_turn, measure, own_bytecodes
from benchmarks.turns.running import ALLOWED
from meters import growth
from mocks.worlds.turns.script import LATENCY_S
from targets.protocol import Unavailable

AT_ONCE = (1, 3, 5, 10, 20, 100)
USERS = (1, 5, 20, 100)
TURNS = (1, 5, 10)

MOST_STATEMENTS = 20_000
"""More users are not tried where so many took more statements than this, nor is it traced what
takes more: what each further user costs is known by then, and a runtime that polls its database
for everybody who waits would be at it for hours."""

_ALREADY = "statements already"

HOLDS = {"latency_s": LATENCY_S, "allowed": ALLOWED}


@dataclass(frozen=True, slots=True)
class Cell:
    """The figures of so many users with so many turns; ``own_bytecodes`` in a process of their
    own."""

    figures: Attempt[Figures]
    own_bytecodes: Attempt[int]


Cache = Mapping[tuple[int, int], Cell]
Played = Mapping[int, Attempt[Figures]]
"""The figures of so many users, of a turn each."""


def setup_cache() -> Cache:
    """What turns of users cost, measured once for all series that tell of it."""
    return {
        (users, turns): Cell(figures, _traced(users, turns, figures))
        for turns in TURNS
        for users, figures in played(USERS, turns).items()
    }


vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S


def played(numbers: Sequence[int], turns: int) -> Played:
    """The figures of so many users with so many turns each, the fewest users first; of those who
    are not tried, why: they are too many, or the SDK takes no turns."""
    found: dict[int, Attempt[Figures]] = {}
    known: Broken | None = None
    for users in numbers:
        found[users] = fresh(partial(measure, users, turns)) if known is None else replace(known)
        known = known or _told_of_more(users, found[users])
    return found


def _traced(users: int, turns: int, figures: Attempt[Figures]) -> Attempt[int]:
    """The SDK's own bytecodes for the same, or why they are not counted."""
    if isinstance(figures, Broken) and (figures.lacking or _was_not_tried(figures)):
        return replace(figures)
    return _told_of_more(users, figures) or fresh(partial(own_bytecodes, users, turns))


def _told_of_more(users: int, figures: Attempt[Figures]) -> Broken | None:
    """What these figures tell of more than so many users; None if nothing."""
    if isinstance(figures, Broken) and figures.lacking:
        return figures
    if isinstance(figures, Kept) and figures.value.statements > MOST_STATEMENTS:
        said = f"{users} users take {figures.value.statements:,} {_ALREADY}"
        return Broken(said, unavailable=True)
    return None


def _was_not_tried(found: Attempt[Any]) -> TypeGuard[Broken]:
    return isinstance(found, Broken) and found.reason.endswith(_ALREADY)


class OfFigures(Protocol):
    """A benchmark of users at once."""

    figures: Figures


@series(version="1", kind="exact", unit="seconds", group="virtual time")
def makespan(self: OfFigures, *cell: object) -> float:
    """From the first user's coming to the end of the last turn, in virtual seconds, to the
    millisecond."""
    return self.figures.makespan


@series(version="1", kind="exact", unit="statements", group="calls")
def statements(self: OfFigures, *cell: object) -> int:
    """SQL statements, those that begin and end transactions too."""
    return self.figures.statements


@series(version="1", kind="exact", unit="turns", group="outcome")
def turns_lost(self: OfFigures, *cell: object) -> int:
    """Turns that were answered, and are not there when their session is loaded again."""
    return self.figures.lost


def shown(figures: Figures) -> Figures:
    """The figures, their remarks said beside the value that is given."""
    if figures.remarks:
        note(figures.remarks)
    return figures


@presented(
    holds={**HOLDS, "turns": 1},
    roles={"turns": "runs"},
    demo=("track_makespan", "track_peak_in_flight"),
)
class AtOnce:
    """So many turns at once, each of a user of its own: nothing but these is played for them."""

    params = AT_ONCE
    param_names = ("turns",)

    def setup_cache(self) -> Played:
        return played(AT_ONCE, turns=1)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Played, turns: int) -> None:
        self.figures = shown(value_of(cache[turns]))

    track_makespan = portal_row(
        makespan,
        rank=310,
        label="20 turns at once",
        work="sessions of 20 users, a turn each, 20 allowed",
        unit="seconds",
        cell={"turns": "20"},
    )

    @series(version="1", kind="exact", unit="calls", group="calls", direction="higher")
    def track_peak_in_flight(self, cache: Played, turns: int) -> int:
        """Calls to the model at the busiest moment. 20 are allowed: 1 is a runtime that works on
        one turn after the other."""
        return self.figures.peak

    track_peak_in_flight = headline(
        track_peak_in_flight,
        of="20 turns at once",
        label="turns in flight",
        rank=31,
        cell={"turns": "20"},
    )

    @series(version="1", kind="exact", unit="turns", group="outcome")
    def track_turns_failed(self, cache: Played, turns: int) -> int:
        """Turns that ended otherwise than with an answer. Must be 0."""
        return self.figures.failed

    @series(version="1", kind="exact", unit="foreign items", group="outcome")
    def track_crosstalk(self, cache: Played, turns: int) -> int:
        """What belongs to another user and is found in an answer or a session. Must be 0."""
        return self.figures.foreign


@presented(holds=HOLDS, roles={"users": "runs"})
class Users:
    """So many users at once with so many turns each, one after the other."""

    params = (USERS, TURNS)
    param_names = ("users", "turns")

    def setup(self, cache: Cache, users: int, turns: int) -> None:
        self.figures = shown(value_of(cache[users, turns].figures))

    track_makespan = makespan
    track_statements = portal_row(
        statements,
        rank=320,
        label="SQL statements of a turn",
        work="20 users at once, 5 turns each",
        unit="statements",
        cell={"users": "20", "turns": "5"},
        per=100,
    )
    track_turns_lost = portal_row(
        turns_lost,
        rank=330,
        label="Turns lost",
        work="of 100 turns of 20 users",
        unit="turns",
        cell={"users": "20", "turns": "5"},
    )

    @series(version="1", kind="exact", unit="rows", group="calls")
    def track_rows_written(self, cache: Cache, users: int, turns: int) -> int:
        """Rows that SQLite inserts, updates and deletes; those that a REPLACE takes the place of
        are not counted."""
        return self.figures.rows


@presented(holds=HOLDS, roles={"users": "runs"})
class Work:
    """The same as ``Users``: what is done in the SDK's own files."""

    params = (USERS, TURNS)
    param_names = ("users", "turns")

    def setup(self, cache: Cache, users: int, turns: int) -> None:
        self.own_bytecodes = value_of(cache[users, turns].own_bytecodes)

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, cache: Cache, users: int, turns: int) -> int:
        """Bytecodes executed in the SDK's own files."""
        return self.own_bytecodes


QUANTITIES = ("statements", "bytecodes")


def _statements(cell: Cell) -> int:
    return value_of(cell.figures).statements


def _own_bytecodes(cell: Cell) -> int:
    return value_of(cell.own_bytecodes)


def _is_left_out(cell: Cell, quantity: str) -> bool:
    """Whether so many users are not tried, or not traced."""
    return _was_not_tried(cell.figures if quantity == "statements" else cell.own_bytecodes)


class Growth:
    """How a quantity grows with the number of users, of a turn each: value ~ users ** exponent."""

    params = QUANTITIES
    param_names = ("quantity",)

    def setup(self, cache: Cache, quantity: str) -> None:
        read = _statements if quantity == "statements" else _own_bytecodes
        known = [users for users in USERS if not _is_left_out(cache[users, 1], quantity)]
        values = [float(read(cache[users, 1])) for users in known]
        if len(known) < 2 or min(values) <= 0:
            raise Unavailable(f"{quantity} of {known} users is {values}: no power law fits")
        self.growth = growth.fit(known, values)

    @series(version="1", kind="exact", unit="exponent", group="growth")
    def track_exponent(self, cache: Cache, quantity: str) -> float:
        """Slope of the straight line through all numbers of users, log on log."""
        return self.growth.exponent

    @series(version="1", kind="exact", unit="exponent", group="growth")
    def track_largest_local_exponent(self, cache: Cache, quantity: str) -> float:
        """Largest slope between two neighbouring numbers of users."""
        return self.growth.largest_local


@presented(holds={**HOLDS, "users": 20, "turns": 1})
class Cost:
    """20 users at once, a turn each."""

    def setup(self, cache: Cache) -> None:
        figures = cache[20, 1].figures
        if isinstance(figures, Broken) and figures.unavailable:
            raise Unavailable(figures.reason)

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=4, rounds=2, by_itself=True)
    def sample_cpu_per_turn(self, cache: Cache) -> float:
        """CPU seconds of all of them, divided by their number."""
        return value_of(fresh(partial(cpu_per_turn, 20, 1)))
