"""Conversations, in each store that an SDK ships and that needs no server: what their turns cost,
how that grows, what is kept, and what becomes of a large part of one.

A turn is an answer without tools; the model takes 1.137 s. What was said is *handed on* by whoever
asks, or the SDK keeps it, in *memory* or in a database of SQLite, whose statements take no time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial

from benchmarks.agent.dialogues import Talking, Told, held
from benchmarks.agent.running import CACHE_TIMEOUT_S, fresh
from benchmarks.core.cells import Attempt, Broken, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.notes import note, wrong
from benchmarks.core.presentation import portal_row, presented
from benchmarks.core.series import series
from benchmarks.core.subject import own_files
from benchmarks.questions import scaling
from meters import bytecodes, calls
from mocks.worlds.agent.script import LATENCY_S
from targets.protocols.agent import Keeping

KEPT = tuple(keeping.value for keeping in Keeping)
TURNS = (1, 5, 25)
LARGE_BYTES = 2_000_000
FURTHER = 4
"""Turns after the one that is large."""

QUANTITIES = ("sdk_bytecodes", "function_calls")
"""What growth with the turns before is fitted to."""

HELD = {"latency_s": LATENCY_S}


@dataclass(frozen=True, slots=True)
class TurnFigures:
    """The last turn of so many: virtual seconds, SQL statements and rows that they changed,
    bytecodes in the SDK's own files, function calls. Of all turns: function calls, ``all_calls``;
    bytes held in memory, and on disk when it was ended; ``forgotten``: turns of which the model was
    not told in the next one."""

    seconds: float
    statements: int
    rows: int
    sdk_bytecodes: int
    function_calls: int
    all_calls: int
    retained: int
    stored: int
    forgotten: int
    remarks: str


def measure(keeping: str, turns: int) -> TurnFigures:
    """Conversations of so many turns, after another one."""
    with Talking(Keeping(keeping)) as talking:
        told = talking.begun(turns)
        forgotten = turns - talking.remembered(told)
        talking.end(told)
        told = talking.begun(turns - 1)
        spent = talking.spent_by(told)
        talking.end(told)
        stored = talking.stored(told)
        with talking.traced():
            told = talking.begun(turns - 1)
            counted = bytecodes.count_inside(partial(talking.say, told), own_files())
            told = talking.begun(turns - 1)
            called = calls.count(partial(talking.say, told))
            told = talking.begun(0)
            all_called = calls.count(partial(talking.say, told, turns))
        remarks = "\n".join(talking.on.remarks())
    return TurnFigures(
        seconds=spent.seconds,
        statements=spent.statements,
        rows=spent.rows,
        sdk_bytecodes=counted.inside,
        function_calls=called.total,
        all_calls=all_called.total,
        retained=held(Keeping(keeping), lambda talking: talking.begun(turns).dialogue),
        stored=stored,
        forgotten=forgotten,
        remarks=remarks,
    )


Cells = Mapping[tuple[str, int], Attempt[TurnFigures]]


def setup_cache() -> Cells:
    """The figures of every conversation, measured once for all series that need them."""
    return each_fresh(
        {(kept, turns): partial(measure, kept, turns) for kept in KEPT for turns in TURNS},
        fresh,
        tells=lambda cell: isinstance(cell, Broken) and cell.unavailable,
        kind=lambda key: key[0],
    )


vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S


@presented(holds=HELD, roles={"turns": "steps"})
class Turns:
    """A conversation of so many turns, kept so."""

    params = (KEPT, TURNS)
    param_names = ("kept", "turns")

    def setup(self, cache: Cells, kept: str, turns: int) -> None:
        self.figures = value_of(cache[kept, turns])
        if self.figures.remarks:
            note(self.figures.remarks)

    @series(version="1", kind="exact", unit="calls", group="work")
    def track_function_calls(self, cache: Cells, kept: str, turns: int) -> int:
        """Python and C functions called in the last turn."""
        return self.figures.function_calls

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, cache: Cells, kept: str, turns: int) -> int:
        """Bytecodes executed in the SDK's own files in the last turn."""
        return self.figures.sdk_bytecodes

    @series(version="1", kind="exact", unit="calls", group="work")
    def track_function_calls_of_all(self, cache: Cells, kept: str, turns: int) -> int:
        """Python and C functions called in all turns."""
        return self.figures.all_calls

    track_function_calls_of_all = portal_row(
        track_function_calls_of_all,
        rank=830,
        label="Function calls of 25 turns in SQLite",
        work="a conversation that is kept in a database, without tools",
        unit="calls",
        cell={"kept": Keeping.SQLITE.value, "turns": "25"},
        needs_same="python",
    )

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, cache: Cells, kept: str, turns: int) -> float:
        """The last turn, in virtual seconds."""
        return self.figures.seconds

    @series(version="1", kind="exact", unit="statements", group="calls")
    def track_statements(self, cache: Cells, kept: str, turns: int) -> int:
        """SQL statements of the last turn, those that begin and end transactions too."""
        return self.figures.statements

    @series(version="1", kind="exact", unit="rows", group="calls", explain="counted")
    def track_rows_changed(self, cache: Cells, kept: str, turns: int) -> int:
        """Rows that the last turn inserted, changed or deleted."""
        return self.figures.rows

    @series(version="2", kind="exact", unit="bytes", group="memory")
    def track_retained_bytes(self, cache: Cells, kept: str, turns: int) -> int:
        """Bytes that the whole conversation holds in memory while it goes on."""
        return self.figures.retained

    @series(version="1", kind="exact", unit="bytes", group="outcome")
    def track_stored_bytes(self, cache: Cells, kept: str, turns: int) -> int:
        """Bytes that it takes on disk once it has ended."""
        return self.figures.stored

    @series(version="1", kind="exact", unit="turns", group="outcome")
    def track_turns_forgotten(self, cache: Cells, kept: str, turns: int) -> int:
        """Turns of which the model is not told in the next one; where they are kept on disk the
        conversation was ended and begun again. Must be 0."""
        return self.figures.forgotten


@presented(holds=HELD)
class Growth:
    """How the cost of a turn grows with the turns before it."""

    params = (KEPT, QUANTITIES)
    param_names = ("kept", "quantity")

    def setup(self, cache: Cells, kept: str, quantity: str) -> None:
        cells = {turns: cache[kept, turns] for turns in TURNS}
        self.growth = scaling.fit(cells, quantity)
        costs = [float(asdict(value_of(cell))[quantity]) for cell in cells.values()]
        self.adds = (costs[-1] - costs[-2]) / (TURNS[-1] - TURNS[-2])

    track_exponent = scaling.exponent

    @series(version="1", kind="exact", unit="more a turn", group="growth")
    def track_each_turn_adds(self, cache: Cells, kept: str, quantity: str) -> float:
        """What each turn before adds to a turn, between the 5th and the 25th: 0 where a turn costs
        the same however long the conversation is."""
        return round(self.adds, 3)


@dataclass(frozen=True, slots=True)
class LargeFigures:
    """A conversation whose first turn has 2 MB, after some more: bytes that it holds in memory;
    that it takes on disk; that stay in memory when it has ended and nobody has it any more."""

    retained: int
    stored: int
    left: int


def large(keeping: str) -> LargeFigures:
    """What becomes of 2 MB that were said."""
    with Talking(Keeping(keeping)) as talking:
        told = _large(talking)
        if not talking.remembered(told):
            wrong("the model is told of no turn before")
        talking.end(told)
        stored = talking.stored(told)
    kept = Keeping(keeping)
    return LargeFigures(held(kept, _going_on), stored, held(kept, _over))


def _large(talking: Talking) -> Told:
    told = talking.begun(0)
    talking.say(told, 1, LARGE_BYTES)
    talking.say(told, FURTHER)
    return told


def _going_on(talking: Talking) -> object:
    return _large(talking).dialogue


def _over(talking: Talking) -> None:
    talking.end(_large(talking))


@presented(holds={**HELD, "bytes": LARGE_BYTES, "further_turns": FURTHER})
class Large:
    """A conversation whose first turn has 2 MB, and four more turns."""

    params = KEPT
    param_names = ("kept",)

    def setup_cache(self) -> Mapping[str, Attempt[LargeFigures]]:
        return each_fresh({kept: partial(large, kept) for kept in KEPT}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Mapping[str, Attempt[LargeFigures]], kept: str) -> None:
        self.figures = value_of(cache[kept])

    @series(version="2", kind="exact", unit="bytes", group="memory")
    def track_retained_bytes(self, cache: object, kept: str) -> int:
        """Bytes that it holds in memory."""
        return self.figures.retained

    @series(version="1", kind="exact", unit="bytes", group="outcome")
    def track_stored_bytes(self, cache: object, kept: str) -> int:
        """Bytes that it takes on disk once it has ended."""
        return self.figures.stored

    @series(version="2", kind="exact", unit="bytes", group="memory")
    def track_bytes_left(self, cache: object, kept: str) -> int:
        """Bytes that stay in memory once it has ended and nobody has it any more."""
        return self.figures.left
