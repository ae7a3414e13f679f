"""Rule files of 1 KB to 1 MB are loaded and interpreted: the work, and what was found by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from functools import partial
from itertools import product

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh, fresh
from benchmarks.core.left_behind import kept_bytes
from benchmarks.core.notes import note, wrong
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.core.subject import own_files
from benchmarks.rules.reading import Read, Reading, reading
from meters import growth
from meters.bytecodes import BytecodeCounter
from targets.protocol import Unavailable

KILOBYTES = (1, 10, 100, 1000)
CHILD_LIMIT_S = 900.0


class State(Enum):
    """What the reader knows of the file: nothing; all of it; how it was before it was changed."""

    FRESH = "fresh"
    CACHED = "cached"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Taken:
    """What it takes: bytecodes in the SDK's own files to load and to interpret, bytes that are kept
    (fresh: by reader, file and result together; otherwise: when the result is dropped). What is
    found: ``constraints``; ``missed``: rules of the file that are in none of them; ``stale``: rules
    that stand no more in the file; ``in_file``: its rules."""

    load_bytecodes: int
    interpret_bytecodes: int
    own_bytecodes: int
    kept_bytes: int
    constraints: int
    missed: int
    stale: int
    in_file: int
    remarks: str


def measure(state: State, kilobytes: int) -> Taken:
    """Read a file, each time in that state: to warm up, for its bytes, then for its bytecodes, for
    tracers leave marks in the code."""
    with reading(kilobytes) as one, one.on.traced():
        on = one.on
        on.run(one.again())
        read = reads(one, state)
        read()
        work = read if state is State.FRESH else partial(_dropped, read)
        kept = kept_bytes(lambda: work)
        load, interpret, last = _bytecodes(one, state)
        marks = set(last.marks)
        return Taken(
            load,
            interpret,
            load + interpret,
            kept,
            constraints=len(last.interpreted.constraints),
            missed=len(one.file.marks - marks),
            stale=len(marks - one.file.marks),
            in_file=len(one.file.marks),
            remarks="\n".join(on.remarks()),
        )


def reads(one: Reading, state: State) -> Callable[[], Read]:
    """What reads the file, each time in that state."""

    def read() -> Read:
        if state is State.FRESH:
            return one.on.run(one.fresh())
        if state is State.CHANGED:
            one.change()
        return one.on.run(one.again())

    return read


def _dropped(read: Callable[[], Read]) -> None:
    read()


def _bytecodes(one: Reading, state: State) -> tuple[int, int, Read]:
    """Bytecodes to load and to interpret, and what came of it."""
    on = one.on
    if state is State.CHANGED:
        one.change()
    reader = on.handle if state is not State.FRESH else on.run(one.opened())
    with BytecodeCounter(own_files()) as loading:
        loaded = on.run(reader.load(one.path))
    with BytecodeCounter(own_files()) as interpreting:
        interpreted = on.run(reader.interpret(loaded))
    return loading.inside, interpreting.inside, Read(reader, loaded, interpreted)


Cache = Mapping[tuple[str, int], Attempt[Taken]]


def setup_cache() -> Cache:
    """Each cell in a process of its own."""
    cells = product(State, KILOBYTES)
    measures = {(state.value, size): partial(measure, state, size) for state, size in cells}
    return each_fresh(measures, partial(fresh, limit_s=CHILD_LIMIT_S))


vars(setup_cache)["timeout"] = 3600.0

USUAL = {"state": State.FRESH.value, "kilobytes": "100"}


@presented(roles={"kilobytes": "size"})
class File:
    """A file of so many kilobytes is loaded and interpreted."""

    params = (tuple(state.value for state in State), KILOBYTES)
    param_names = ("state", "kilobytes")

    def setup(self, cache: Cache, state: str, kilobytes: int) -> None:
        self.taken = value_of(cache[state, kilobytes])
        if self.taken.remarks:
            note(self.taken.remarks)

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_load_bytecodes(self, cache: Cache, state: str, kilobytes: int) -> int:
        """Bytecodes executed in the SDK's own files to load it."""
        return self.taken.load_bytecodes

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_interpret_bytecodes(self, cache: Cache, state: str, kilobytes: int) -> int:
        """Bytecodes executed in the SDK's own files to interpret what was loaded."""
        return self.taken.interpret_bytecodes

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_own_bytecodes(self, cache: Cache, state: str, kilobytes: int) -> int:
        """Both together. More of them is no loss where more constraints are found by them."""
        return self.taken.own_bytecodes

    track_own_bytecodes = headline(
        portal_row(
            track_own_bytecodes,
            rank=410,
            label="Bytecodes to read a rule file",
            work="100 KB, by a reader that has read nothing yet",
            unit="bytecodes",
            cell=USUAL,
            needs_same="python",
        ),
        of="reading a large rule file",
        label="bytecodes of the SDK",
        rank=41,
        cell=USUAL,
    )

    @series(version="1", kind="exact", unit="bytes", group="memory")
    def track_kept_bytes(self, cache: Cache, state: str, kilobytes: int) -> int:
        """Bytes kept: fresh by reader, file and result together, otherwise beside what was kept
        before, when the result is dropped."""
        return self.taken.kept_bytes

    @series(version="1", kind="exact", unit="constraints", group="outcome", direction="higher")
    def track_constraints(self, cache: Cache, state: str, kilobytes: int) -> int:
        """Constraints that the SDK finds."""
        return self.taken.constraints

    @series(version="1", kind="exact", unit="rules", group="outcome")
    def track_missed(self, cache: Cache, state: str, kilobytes: int) -> int:
        """Rules of the file that are in no constraint."""
        if self.taken.missed:
            note(f"{self.taken.missed} of the file's {self.taken.in_file} rules are missed")
        return self.taken.missed

    track_missed = portal_row(
        track_missed,
        rank=420,
        label="Rules missed",
        work="the same: rules of the file that no constraint tells",
        unit="rules",
        cell=USUAL,
    )

    @series(version="1", kind="exact", unit="rules", group="outcome")
    def track_stale(self, cache: Cache, state: str, kilobytes: int) -> int:
        """Rules among the constraints that stand in the file no more. Must be 0."""
        if self.taken.stale:
            wrong(f"{self.taken.stale} rules are told that were changed before the file was read")
        return self.taken.stale


class Growth:
    """How a quantity grows with the size of the file: value ~ kilobytes ** exponent."""

    params = (
        tuple(state.value for state in State),
        ("own_bytecodes", "kept_bytes"),
    )
    param_names = ("state", "quantity")

    def setup(self, cache: Cache, state: str, quantity: str) -> None:
        cells = [value_of(cache[state, size]) for size in KILOBYTES]
        values = [float(asdict(each)[quantity]) for each in cells]
        if min(values) <= 0:
            raise Unavailable(f"{quantity} is {min(values):g} at some size: no power law fits")
        self.growth = growth.fit(KILOBYTES, values)

    @series(version="1", kind="exact", unit="exponent", group="growth")
    def track_exponent(self, cache: Cache, state: str, quantity: str) -> float:
        """Slope of the straight line through all sizes, log on log."""
        return self.growth.exponent
