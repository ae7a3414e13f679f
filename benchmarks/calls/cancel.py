"""Calls that are cancelled in the midst of their streams: what comes of it, and when.

200 messages, the first after 1.1 s and each further one 0.23 s later, of which the last is the
target; cancelled after 3.05 s, all at the same moment.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from itertools import product
from typing import Any, TypeVar

from benchmarks.calls.workload import LATENCY_S, PAUSE_S, CallsHarness, Streams
from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.harness import LIMIT_S, Harness
from benchmarks.core.notes import note
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.core.subject import is_own_error, own_files
from benchmarks.core.workload import WrongOutcome
from benchmarks.questions.fault_notes import describe_end
from meters.bytecodes import BytecodeCounter
from mocks.clock import Hang
from mocks.worlds.calls.world import Ask, CallsWorld, Plan
from targets.protocol import Unavailable
from targets.protocols.calls import Called, Caller, Status

F = TypeVar("F", bound=Callable[..., Any])

MESSAGES = 200
AT_S = 3.05
"""When they are cancelled. No message comes then."""
LATER_S = 0.01
"""How much later an SDK's own time-out is due, so that it does not come at the same instant."""
SETTLE_S = 1e-6
"""Virtual seconds after the last end at which nothing may be left."""

WAYS = ("task", "group", "scope", "time-out", "request")
"""Who cancels: whoever awaits the call; asyncio's task group in which another task fails; a scope
of the SDK's kind; the SDK itself, which was told how long it may take; its user, by the SDK's own
means."""

CALLS = (1, 50)


class End(IntEnum):
    """How a call ends that is cancelled, from good to bad."""

    CANCELLED = 0
    SAYS_SO = 1
    TYPED_ERROR = 2
    CRASH = 3
    SAYS_OTHERWISE = 4
    GOES_ON = 5
    HANG = 6

    @property
    def word(self) -> str:
        """The end in words."""
        return _WORDS[self]


_WORDS = {
    End.CANCELLED: "cancelled",
    End.SAYS_SO: "the result says so",
    End.TYPED_ERROR: "typed error",
    End.CRASH: "untyped crash",
    End.SAYS_OTHERWISE: "the result says otherwise",
    End.GOES_ON: "goes on to its end",
    End.HANG: "hang",
}

WORDS = [end.word for end in End]

Cache = Mapping[tuple[str, int], "Attempt[CutOff]"]


@dataclass(frozen=True, slots=True)
class CutOff:
    """What came of calls that were cancelled: the worst end; virtual seconds to the last end,
    messages that were still read, streams and tasks that were left, the SDK's bytecodes a call from
    then on; ``None`` where one never ended."""

    end: End
    note: str
    seconds: float | None = None
    messages: int | None = None
    left: int | None = None
    bytecodes: float | None = None


@dataclass(slots=True)
class _Seen:
    """What is seen while calls are made and cancelled."""

    ends: dict[str, Called | BaseException] = field(default_factory=dict)
    seconds: float = 0.0
    messages: int = 0
    left: int = 0
    bytecodes: int = 0


def measure(way: str, count: int) -> CutOff:
    """What comes of so many calls that are cancelled in this way. ``Unavailable`` where the SDK has
    none of the kind."""
    plan = Plan(MESSAGES, MESSAGES, timeout=AT_S + LATER_S if way == "time-out" else None)
    streams = Streams(plan, requests=way == "request")
    with Harness(streams) as harness:
        try:
            seen = _seen(harness, streams, way, count, counted=False)
            counted = _seen(harness, streams, way, count, counted=True)
        except Hang as hang:
            return CutOff(End.HANG, "\n".join(describe_end(hang)))
    ends = [_end_of(end) for end in seen.ends.values()]
    told = Counter(end.word for end in ends)
    return CutOff(
        end=max(ends),
        note=", ".join(f"{number} of {count}: {word}" for word, number in sorted(told.items())),
        seconds=seen.seconds,
        messages=seen.messages,
        left=seen.left,
        bytecodes=round(counted.bytecodes / count, 3),
    )


def _seen(harness: CallsHarness, streams: Streams, way: str, count: int, *, counted: bool) -> _Seen:
    harness.prepare(count)
    caller = streams.caller
    assert caller is not None
    cut = _Cut(harness.inputs, caller, streams.world)
    counter = BytecodeCounter(inside=own_files()) if counted else None
    harness.clock.run(cut.off(cut.ways[way], counter), limit=LIMIT_S)
    return cut.seen


class _Sibling(Exception):
    """Another task of the group fails."""


class _Cut:
    """Calls, and the ways in which they can be cancelled: each starts them, gives the tasks to be
    awaited, and a function that cancels."""

    def __init__(self, asks: Sequence[Ask], caller: Caller, world: CallsWorld) -> None:
        self._asks = asks
        self._caller = caller
        self._world = world
        self.seen = _Seen()
        self.ways = {
            "task": self._by_task,
            "group": self._by_group,
            "scope": self._by_scope,
            "time-out": self._by_itself,
            "request": self._by_request,
        }

    async def off(
        self,
        start: Callable[[], tuple[Sequence[asyncio.Task[object]], Callable[[], object]]],
        counter: BytecodeCounter | None,
    ) -> None:
        """Make the calls, cancel them, and see how they end."""
        loop = asyncio.get_running_loop()
        before = asyncio.all_tasks(loop)
        tasks, cancel = start()
        began = loop.time()
        await asyncio.sleep(AT_S)
        self._require_calls()
        read = self._read()
        if counter is None:
            cancel()
            await asyncio.wait(tasks)
        else:
            with counter:
                cancel()
                await asyncio.wait(tasks)
            self.seen.bytecodes = counter.inside
        due = self._asks[0].timeout or AT_S
        self.seen.seconds = round(loop.time() - began - due, 9)
        self.seen.messages = self._read() - read
        await asyncio.sleep(SETTLE_S)
        streams = sum(call.ended is None for call in self._world.model.calls)
        self.seen.left = streams + len(asyncio.all_tasks(loop) - before)
        self._require_ends(await asyncio.gather(*tasks, return_exceptions=True))

    def _require_calls(self) -> None:
        """Raise what ended a call before anybody cancelled it."""
        for end in self.seen.ends.values():
            raise end if isinstance(end, BaseException) else WrongOutcome("it ended by itself")

    def _require_ends(self, outcomes: Sequence[object]) -> None:
        """Raise what kept a call from being made: that the SDK lacks something is no end of one."""
        for end in [*self.seen.ends.values(), *outcomes]:
            if isinstance(end, Unavailable):
                raise end
        if len(self.seen.ends) < len(self._asks):
            raise next(each for each in outcomes if isinstance(each, Exception))

    def _read(self) -> int:
        return sum(delivery.count for delivery in self._world.deliveries)

    async def _call(self, ask: Ask) -> None:
        try:
            self.seen.ends[ask.mark] = await self._caller.call(ask)
        except BaseException as error:
            self.seen.ends[ask.mark] = error
            raise

    def _each_in_a_task(self) -> list[asyncio.Task[object]]:
        return [asyncio.create_task(self._call(ask)) for ask in self._asks]

    def _by_task(self) -> tuple[Sequence[asyncio.Task[object]], Callable[[], object]]:
        tasks = self._each_in_a_task()
        return tasks, lambda: [task.cancel() for task in tasks]

    def _by_group(self) -> tuple[Sequence[asyncio.Task[object]], Callable[[], object]]:
        fails = asyncio.Event()

        async def fail() -> None:
            await fails.wait()
            raise _Sibling

        async def run() -> None:
            async with asyncio.TaskGroup() as group:
                for ask in self._asks:
                    group.create_task(self._call(ask))
                group.create_task(fail())

        return [asyncio.create_task(run())], fails.set

    def _by_scope(self) -> tuple[Sequence[asyncio.Task[object]], Callable[[], object]]:
        scope = self._caller.scope()
        works = [partial(self._call, ask) for ask in self._asks]
        return [asyncio.create_task(scope.run(works))], scope.cancel

    def _by_itself(self) -> tuple[Sequence[asyncio.Task[object]], Callable[[], object]]:
        return self._each_in_a_task(), lambda: None

    def _by_request(self) -> tuple[Sequence[asyncio.Task[object]], Callable[[], object]]:
        request = self._caller.request_cancel
        return self._each_in_a_task(), lambda: [request(ask) for ask in self._asks]


def _end_of(end: Called | BaseException) -> End:
    if isinstance(end, Called):
        if end.status in (Status.CANCELLED, Status.TIMED_OUT):
            return End.SAYS_SO
        return End.GOES_ON if end.status is Status.DONE else End.SAYS_OTHERWISE
    if isinstance(end, asyncio.CancelledError | TimeoutError):
        return End.CANCELLED
    return End.TYPED_ERROR if is_own_error(end) else End.CRASH


def _only_where_all_ended(function: F) -> F:
    """Make a series n/a where a call never ended, with the proof as the reason."""

    def setup(cache: Cache, way: str, calls: int) -> None:
        cut_off = value_of(cache[way, calls])
        if cut_off.end is End.HANG:
            raise Unavailable(cut_off.note.replace("\n", " "))

    vars(function)["setup"] = setup  # asv runs it after the class's
    return function


@presented(
    holds={
        "messages": MESSAGES,
        "latency_s": LATENCY_S,
        "pause_s": PAUSE_S,
        "cancelled_after_s": AT_S,
    },
    demo=("track_outcome", "track_seconds_to_end"),
)
class Cancel:
    """So many calls, cancelled in one way."""

    params = (WAYS, CALLS)
    param_names = ("way", "calls")

    def setup_cache(self) -> Cache:
        return {key: attempt(partial(measure, *key)) for key in product(WAYS, CALLS)}

    def setup(self, cache: Cache, way: str, calls: int) -> None:
        self.cut_off = value_of(cache[way, calls])

    @series(version="1", kind="exact", unit="outcome", group="outcome", codes=WORDS)
    def track_outcome(self, *cell: object) -> int:
        """How it ends, from 0 (cancelled) to 6 (hang); of many, the worst."""
        note(self.cut_off.note)
        return self.cut_off.end.value

    @_only_where_all_ended
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds_to_end(self, *cell: object) -> float:
        """From the cancellation to the end of the last call, in virtual seconds."""
        return self.cut_off.seconds or 0.0

    @_only_where_all_ended
    @series(version="1", kind="exact", unit="messages", group="calls")
    def track_messages_after(self, *cell: object) -> int:
        """Messages that were still read after it, of all calls."""
        return self.cut_off.messages or 0

    @_only_where_all_ended
    @series(version="1", kind="exact", unit="streams and tasks", group="outcome")
    def track_left_in_flight(self, *cell: object) -> int:
        """Streams still open and tasks still at work when all calls have ended."""
        return self.cut_off.left or 0

    @_only_where_all_ended
    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, *cell: object) -> float:
        """Bytecodes executed in the SDK's own files from the cancellation to the end, a call."""
        return self.cut_off.bytecodes or 0.0

    track_seconds_to_end = headline(
        portal_row(
            track_seconds_to_end,
            rank=570,
            label="From a request to cancel to the end of the call",
            work="a call of 200 messages, cancelled after 3.05 s",
            unit="seconds",
            cell={"way": "request", "calls": "1"},
        ),
        of="a call that its user asks to cancel",
        label="seconds to its end",
        rank=54,
        cell={"way": "request", "calls": "1"},
    )
