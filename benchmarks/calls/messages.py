"""How a call grows with the number of its messages, which all come at once.

The target is the last message, the first comes after 1.1 s. What the stream and its marks take by
themselves is measured without an SDK and taken off.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import cast

from benchmarks.calls.workload import LATENCY_S, CallsHarness, Streams
from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.harness import Harness, cold_harness
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.questions import scaling
from meters.allocations import Between, Marks
from mocks.worlds.calls.stream import Pace
from mocks.worlds.calls.world import Ask, Plan
from targets.protocols.calls import Called

SIZES = (1, 10, 100, 1000, 10_000)

MARGIN = (1000, 10_000)
"""Sizes between which the cost of one more message is taken."""


@dataclass(frozen=True, slots=True)
class MessageFigures(scaling.SizeFigures):
    """The exact figures of one call, and of its memory from message to message: ``memory_rises``:
    messages after which it held more than before; ``bytes_taken``: what it took between each
    message and the next, at the peak, of all together."""

    memory_rises: int
    bytes_taken: int


QUANTITIES = (
    "sdk_bytecodes", "bytecodes", "function_calls", "retained_bytes", "bytes_taken",
)  # fmt: skip
"""What growth is fitted to, over all sizes but 1, at which nothing can grow yet."""

Cache = Mapping[int, Attempt[MessageFigures]]


def plan(count: int) -> Plan:
    """So many messages, all at once, of which the last is the target."""
    return Plan(messages=count, target=count, pace=Pace(first=LATENCY_S, next=0.0))


def measure(count: int) -> MessageFigures:
    """All figures of one call; memory from message to message first, before what traces."""
    between = own_between(count)
    sized = scaling.measure(Streams(plan(count)))
    return MessageFigures(
        **asdict(sized),
        memory_rises=sum(rise > 0 for rise in between.rises),
        bytes_taken=sum(between.taken),
    )


def own_between(count: int) -> Between:
    """What a call held and took at each message, beyond what the stream does by itself."""
    return _less(_between(count, read_by_sdk=True), _between(count, read_by_sdk=False))


def _between(count: int, *, read_by_sdk: bool) -> Between:
    marks = Marks(count)
    with Harness(Streams(plan(count), watch=marks.mark)) as harness:
        harness.checked()
        harness.prepare()
        run = harness.run if read_by_sdk else partial(harness.clock.run, _read(harness))
        return marks.during(lambda: run())


async def _read(harness: CallsHarness) -> None:
    (ask,) = harness.inputs
    await asyncio.create_task(_drop(ask))


async def _drop(ask: Ask) -> None:
    async for message in ask.stream():
        ask.is_target(message)


def _less(one: Between, other: Between) -> Between:
    def difference(more: tuple[int, ...], less: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(a - b for a, b in zip(more, less, strict=True))

    return Between(difference(one.held, other.held), difference(one.peaks, other.peaks))


def setup_cache() -> Cache:
    """The figures of every size, measured once for all series of this module."""
    return {count: attempt(partial(measure, count)) for count in SIZES}


@presented(holds={"latency_s": LATENCY_S}, roles={"messages": "size"})
class Messages:
    """A call of so many messages."""

    params = SIZES
    param_names = ("messages",)
    timer = staticmethod(time.process_time)
    warmup_time = 0.02
    harness: CallsHarness
    timed: list[Called] | None = None

    def setup(self, cache: Cache, messages: int) -> None:
        self.figures = value_of(cache[messages])
        self.harness = cold_harness(Streams, plan(messages))  # asv's warm-up runs warm it
        self.harness.prepare()

    def teardown(self, cache: Cache, messages: int) -> None:
        if self.timed is not None:
            self.harness.check(self.timed)

    track_makespan = scaling.makespan
    track_sdk_bytecodes = scaling.sdk_bytecodes
    track_traced_peak = scaling.traced_peak
    track_retained_bytes = scaling.retained_bytes
    time_cpu = portal_row(
        scaling.cpu,
        rank=540,
        label="CPU of a call of 10,000 messages",
        work="all come at once",
        unit="seconds",
        cell={"messages": "10000"},
        needs_same="machine",
    )

    @series(version="1", kind="exact", unit="messages", group="memory", explain="work")
    def track_memory_rises(self, *cell: object) -> int:
        """Messages after which it held more memory than before."""
        assert isinstance(self.figures, MessageFigures)
        return self.figures.memory_rises

    @series(version="1", kind="exact", unit="bytes", group="memory", explain="peak")
    def track_bytes_taken(self, *cell: object) -> int:
        """Bytes taken between each message and the next, at the peak between them, added up."""
        assert isinstance(self.figures, MessageFigures)
        return self.figures.bytes_taken


class Margin:
    """What one more message costs: the difference between 1,000 and 10,000, by message."""

    def setup(self, cache: Cache) -> None:
        self.few, self.many = (value_of(cache[count]) for count in MARGIN)

    def _each(self, quantity: str) -> float:
        more = float(getattr(self.many, quantity)) - float(getattr(self.few, quantity))
        return round(more / (MARGIN[1] - MARGIN[0]), 3)

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, *cell: object) -> float:
        """Bytecodes executed in the SDK's own files for one more message."""
        return self._each("sdk_bytecodes")

    @series(version="1", kind="exact", unit="calls", group="work")
    def track_function_calls(self, *cell: object) -> float:
        """Function calls for one more message, the stream's included."""
        return self._each("function_calls")

    @series(version="1", kind="exact", unit="bytes", group="memory", explain="peak")
    def track_bytes_taken(self, *cell: object) -> float:
        """Bytes taken for one more message, at the peak until the next one."""
        return self._each("bytes_taken")

    track_sdk_bytecodes = headline(
        portal_row(
            track_sdk_bytecodes,
            rank=550,
            label="Bytecodes of one more message",
            work="of a stream that all comes at once: only the target's own files",
            unit="bytecodes",
            needs_same="python",
        ),
        of="one more message",
        label="bytecodes of the SDK",
        rank=53,
    )


class Growth:
    """How a quantity grows with the number of messages: value ~ messages ** exponent."""

    params = QUANTITIES
    param_names = ("quantity",)

    def setup(self, cache: Cache, quantity: str) -> None:
        growing = {count: cell for count, cell in cache.items() if count > 1}
        self.growth = scaling.fit(
            cast(Mapping[int, Attempt[scaling.SizeFigures]], growing), quantity
        )

    track_exponent = scaling.exponent
    track_largest_local_exponent = scaling.largest_local_exponent
    track_fit_error = scaling.fit_error
