"""A journey: one user's session from its beginning over ten turns to its being loaded again.

A journey has gone before it in the same runtime. The model takes 1.137 s a call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.counted import number
from benchmarks.core.kept import median_kept
from benchmarks.core.notes import note
from benchmarks.core.on_machine import Spent
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import runs, series
from benchmarks.core.subject import own_files
from benchmarks.turns.fresh import CACHE_TIMEOUT_S, fresh
from benchmarks.turns.playing import Session, tell
from benchmarks.turns.running import Running
from meters import bytecodes, cpu
from mocks.worlds.turns.asks import Ask
from mocks.worlds.turns.script import LATENCY_S

TURNS = 10


@dataclass(frozen=True, slots=True)
class Measured:
    """One journey: virtual seconds, SQL statements, rows they changed, calls to the model; turns
    found when the session was loaded again; bytecodes in the SDK's own files; ``remarks``: what a
    reader must know."""

    seconds: float
    statements: int
    rows: int
    model_calls: int
    found: int
    own_bytecodes: int
    remarks: str


class Travelling:
    """A runtime in which one user after the other makes a journey."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self._users = 0

    def next(self) -> Callable[[], Session]:
        """The next user's journey, ready to be made."""
        self._users += 1
        return partial(self._made, self._users)

    def _made(self, user: int) -> Session:
        return self.running.on.run(self._journey(user))

    async def _journey(self, user: int) -> Session:
        runtime = self.running.runtime
        key = await runtime.begin(user)
        ends = [await runtime.turn(key, Ask(user, number)) for number in range(1, TURNS + 1)]
        await runtime.save(key)
        return Session(user, ends, await runtime.kept(key))


def measure() -> Measured:
    """All exact figures."""
    with Running() as running:
        on, travelling = running.on, Travelling(running)
        travelling.next()()
        running.world.clear()
        before = Spent.on(on, running.rows)
        journey = travelling.next()()
        spent = Spent.on(on, running.rows).since(before)
        calls = number(running.world.model.calls)
        tell([journey])
        with running.traced():
            counted = bytecodes.count(travelling.next(), inside=own_files())
        tell([counted.result])
        remarks = "\n".join(on.remarks())
    return Measured(
        seconds=spent.seconds,
        statements=spent.statements,
        rows=spent.rows,
        model_calls=calls,
        found=journey.done - journey.lost,
        own_bytecodes=counted.inside,
        remarks=remarks,
    )


def retained_bytes() -> int:
    """Bytes still held after a journey."""
    with Running() as running:
        travelling = Travelling(running)
        travelling.next()()
        with running.traced():
            return median_kept(travelling.next, running.world.clear)


def stored_bytes(journeys: int = 20) -> float:
    """By how many bytes the files of the runtime grow for each journey."""
    with Running() as running:
        travelling = Travelling(running)
        travelling.next()()
        before = running.stored_bytes()
        for _ in range(journeys):
            travelling.next()()
        return (running.stored_bytes() - before) / journeys


def cpu_seconds() -> float:
    """CPU seconds of a journey's turn."""
    with Running() as running:
        travelling = Travelling(running)
        travelling.next()()
        timed = cpu.cpu_seconds(travelling.next())
        tell([timed.result])
    return timed.seconds / TURNS


Cache = Attempt[Measured]


@presented(
    holds={"latency_s": LATENCY_S, "turns": TURNS},
    demo=("track_seconds", "track_statements", "track_sdk_bytecodes"),
)
class Journey:
    """A session is begun, takes ten turns, is saved, and is loaded again."""

    def setup_cache(self) -> Cache:
        return fresh(measure)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache) -> None:
        self.measured = value_of(cache)
        if self.measured.remarks:
            note(self.measured.remarks)

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, cache: Cache) -> float:
        """From its beginning to its having been loaded again, in virtual seconds."""
        return self.measured.seconds

    track_seconds = portal_row(
        track_seconds,
        rank=340,
        label="Time of a journey",
        work="a session, ten turns, saved and loaded again",
        unit="seconds",
    )

    @series(version="1", kind="exact", unit="statements", group="calls")
    def track_statements(self, cache: Cache) -> int:
        """SQL statements, those that begin and end transactions too."""
        return self.measured.statements

    track_statements = headline(track_statements, of="a journey", label="SQL statements", rank=32)

    @series(version="1", kind="exact", unit="rows", group="calls")
    def track_rows_written(self, cache: Cache) -> int:
        """Rows that SQLite inserts, updates and deletes; those that a REPLACE takes the place of
        are not counted."""
        return self.measured.rows

    @series(version="1", kind="exact", unit="calls", group="calls")
    def track_model_calls(self, cache: Cache) -> int:
        """Calls to the model."""
        return self.measured.model_calls

    @series(version="1", kind="exact", unit="turns", group="outcome", direction="higher")
    def track_turns_found(self, cache: Cache) -> int:
        """Turns whose answers are there when the session is loaded again, of ten."""
        return self.measured.found

    track_turns_found = headline(
        track_turns_found, of="a journey of ten turns", label="turns found again", rank=33
    )

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, cache: Cache) -> int:
        """Bytecodes executed in the SDK's own files."""
        return self.measured.own_bytecodes

    @series(version="2", kind="sampled", unit="bytes", group="memory")
    @runs(repeat=2, rounds=2, by_itself=True)
    def sample_retained_bytes(self, cache: Cache) -> float:
        """Bytes still held when it is over and its turns are kept, the median of five journeys. A
        runtime with threads and connections of its own keeps more in some processes than in
        others."""
        return value_of(fresh(retained_bytes))

    @series(version="1", kind="sampled", unit="bytes", group="memory")
    @runs(repeat=2, rounds=2, by_itself=True)
    def sample_stored_bytes(self, cache: Cache) -> float:
        """Bytes by which the files of the runtime grow, the mean of 20 journeys."""
        return value_of(fresh(stored_bytes))

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=4, rounds=2, by_itself=True)
    def sample_cpu_per_turn(self, cache: Cache) -> float:
        """CPU seconds of a turn."""
        return value_of(fresh(cpu_seconds))
