"""One operation on sessions, done by a keeper that has done the same before.

A session has 20 notes of 100 characters. Databases lie in a folder in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.kept import median_kept
from benchmarks.core.notes import note, wrong
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import runs, series
from benchmarks.core.subject import own_files
from benchmarks.sessions.running import CACHE_TIMEOUT_S, Running, fresh
from benchmarks.sessions.work import AT_ONCE, NOTES, Job, Operation, prepared
from meters import bytecodes, cpu

WARM_UP = 3
"""How often an operation is done before it is measured: pools are filled, code is warm."""

STEP = 100
"""Between the numbers of two operations' sessions: one takes no more."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One operation: what it took; bytecodes in the SDK's own files; ``remarks``: what a reader
    must know."""

    seconds: float
    statements: int
    rows: int
    own_bytecodes: int
    remarks: str


class Doing:
    """A keeper that is asked for one operation, on one new session after the other."""

    def __init__(self, running: Running, operation: Operation) -> None:
        self.running = running
        self._operation = operation
        self._done = 0

    def warm_up(self) -> None:
        """Do it a few times, and check it."""
        for _ in range(WARM_UP):
            job = self.next()
            self.check(job, self.running.run(job.do()))

    def next(self) -> Job:
        """The operation, ready to be done."""
        self._done += 1
        first = 1 + self._done * STEP
        return self.running.run(prepared(self.running.keeper, self._operation, first))

    def check(self, job: Job, result: object) -> None:
        """Say beside the value what is wrong with it, if anything is."""
        if problem := self.running.run(job.check(result)):
            wrong(problem)


def measure(operation: Operation) -> Measured:
    """All exact figures."""
    with Running() as running:
        doing = Doing(running, operation)
        doing.warm_up()
        job = doing.next()
        took, result = running.took(job.do())
        doing.check(job, result)
        counted_job = doing.next()
        with running.traced():
            counted = bytecodes.count(lambda: running.run(counted_job.do()), inside=own_files())
        doing.check(counted_job, counted.result)
        remarks = "\n".join(running.on.remarks())
    return Measured(
        seconds=took.seconds,
        statements=took.statements,
        rows=took.rows,
        own_bytecodes=counted.inside,
        remarks=remarks,
    )


def held(operation: Operation) -> int:
    """Bytes still held after one operation whose result is kept."""
    with Running() as running:
        doing = Doing(running, operation)
        doing.warm_up()

        def ready() -> Callable[[], object]:
            job = doing.next()
            return lambda: running.run(job.do())

        with running.traced():
            return median_kept(ready)


def cpu_of(operation: Operation) -> float:
    """CPU seconds of one operation."""
    with Running() as running:
        doing = Doing(running, operation)
        doing.warm_up()
        jobs = [doing.next() for _ in range(_TIMED)]
        timed = cpu.cpu_seconds(lambda: [running.run(job.do()) for job in jobs])
        for job, result in zip(jobs, timed.result, strict=True):
            doing.check(job, result)
    return timed.seconds / _TIMED


_TIMED = 10

Cache = Mapping[str, Attempt[Measured]]

CREATE = {"operation": Operation.CREATE.value}
LOAD = {"operation": Operation.LOAD.value}


@presented(holds={"notes": NOTES, "at_once": AT_ONCE}, demo=("track_statements",))
class Operations:
    """One operation of each kind."""

    params = tuple(operation.value for operation in Operation)
    param_names = ("operation",)

    def setup_cache(self) -> Cache:
        return each_fresh({each.value: partial(measure, each) for each in Operation}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, operation: str) -> None:
        self.measured = value_of(cache[operation])
        if self.measured.remarks:
            note(self.measured.remarks)

    @series(version="1", kind="exact", unit="statements", group="calls")
    def track_statements(self, cache: Cache, operation: str) -> int:
        """SQL statements, those that begin and end transactions too."""
        return self.measured.statements

    track_statements = headline(
        portal_row(
            track_statements,
            rank=300,
            label="SQL statements of a load",
            work="a session of 20 notes",
            unit="statements",
            cell=LOAD,
        ),
        of="the load of a session",
        label="SQL statements",
        rank=30,
        cell=LOAD,
    )

    @series(version="1", kind="exact", unit="rows", group="calls")
    def track_rows_written(self, cache: Cache, operation: str) -> int:
        """Rows that SQLite inserts, updates and deletes; those that a REPLACE takes the place of
        are not counted."""
        return self.measured.rows

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, cache: Cache, operation: str) -> float:
        """Virtual seconds: of pauses, polls and waits for locks, for nothing else takes any."""
        return self.measured.seconds

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, cache: Cache, operation: str) -> int:
        """Bytecodes executed in the SDK's own files."""
        return self.measured.own_bytecodes

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=4, rounds=2, by_itself=True)
    def sample_cpu(self, cache: Cache, operation: str) -> float:
        """CPU seconds."""
        return value_of(fresh(partial(cpu_of, Operation(operation))))


ALONE = tuple(each for each in Operation if each is not Operation.CREATE_TEN)
"""Operations that hold as much each time. Of several at once a pool keeps the connections that end
last, with what they have cached."""


@presented(holds={"notes": NOTES})
class Held:
    """What one operation leaves in memory."""

    params = tuple(operation.value for operation in ALONE)
    param_names = ("operation",)

    def setup_cache(self) -> Mapping[str, Attempt[int]]:
        return each_fresh({each.value: partial(held, each) for each in ALONE}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Mapping[str, Attempt[int]], operation: str) -> None:
        self.held = value_of(cache[operation])

    @series(version="2", kind="exact", unit="bytes", group="memory")
    def track_retained_bytes(self, cache: Mapping[str, Attempt[int]], operation: str) -> int:
        """Bytes still held when it is done and its result is kept."""
        return self.held
