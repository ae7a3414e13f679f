"""An answer that is streamed: what each piece costs, when the first one comes, stopping early.

The model's first word comes after 0.4 s, each further one 0.02 s later.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from functools import partial
from typing import cast

from benchmarks.agent.running import CACHE_TIMEOUT_S, Running, fresh
from benchmarks.agent.workload import Errands, new_world
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.harness import Harness
from benchmarks.core.notes import note, wrong
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.core.workload import Engine
from benchmarks.questions import scaling
from meters import calls
from mocks.clock import LastingClock
from mocks.machine import Machine
from mocks.model import Model, Request, Streaming
from mocks.worlds.agent.errands import Errand
from mocks.worlds.agent.script import Plan
from mocks.worlds.agent.world import Heard, Who
from targets.protocols.agent import AgentSdk, Ended

WORDS = (200, 1000)
STOPS_AFTER = 10
"""Pieces after which a reader stops."""
SETTLE_S = 1e-6
"""Virtual seconds after that at which nothing may be left."""
WATCHED_S = 30.0
"""Virtual seconds for which is watched whether the model is still read."""

PACE = Streaming()
HELD = {"first_word_s": PACE.first_token, "word_s": PACE.per_token}


@dataclass(frozen=True, slots=True)
class Streamed:
    """What a reader of a stream keeps: all pieces, and when the first one came."""

    pieces: Sequence[str]
    first_at: float | None


class StreamedErrands(Errands):
    """Errands whose answers are read as they come."""

    def _engine(self, sdk: AgentSdk) -> Engine[Errand, Ended]:
        agent = sdk.make(self.world.spec())

        async def run(errand: Errand) -> Ended:
            pieces: list[str] = []
            first_at = None
            async with aclosing(sdk.stream(agent, errand.text)) as stream:
                async for piece in stream:
                    if piece and first_at is None:
                        first_at = asyncio.get_running_loop().time()
                    pieces.append(piece)
            return Ended("".join(pieces), None, Streamed(pieces, first_at))

        return Engine(run, sdk.close)


@dataclass(frozen=True, slots=True)
class StreamFigures(scaling.SizeFigures):
    """The figures of one streamed answer; ``pieces`` that its reader gets; virtual seconds until
    the first one; function calls of reading the model's stream without an SDK."""

    pieces: int
    first_piece: float
    calls_without_sdk: int


def measure(words: int) -> StreamFigures:
    """A streamed answer of so many words."""
    plan = Plan(words=words)
    sized = scaling.measure(StreamedErrands(plan), everywhere=False)
    with Harness(StreamedErrands(plan)) as harness:
        harness.checked()
        before = harness.clock.now
        (ended,) = harness.checked()
    streamed = ended.native
    assert isinstance(streamed, Streamed)
    first = before if streamed.first_at is None else streamed.first_at
    return StreamFigures(
        **asdict(sized),
        pieces=len(streamed.pieces),
        first_piece=round(first - before, 6),
        calls_without_sdk=_calls_without_sdk(plan),
    )


def _calls_without_sdk(plan: Plan) -> int:
    """What the clock and the model make of function calls by themselves."""
    world = new_world(plan)
    heard = Heard("", [(Who.USER, Errand(1).text)])

    async def read() -> None:
        async for _ in world.stream(heard):
            pass

    with LastingClock() as clock, Machine(clock, step_cpu_s=None):
        clock.run(read())
        return calls.count(lambda: clock.run(read())).total


Cache = Mapping[int, Attempt[StreamFigures]]


def setup_cache() -> Cache:
    """The figures of every number of words, measured once for all series that need them."""
    return each_fresh({words: partial(measure, words) for words in WORDS}, fresh)


vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S


@presented(holds=HELD, roles={"words": "size"})
class Words:
    """An answer of so many words."""

    params = WORDS
    param_names = ("words",)

    def setup(self, cache: Cache, words: int) -> None:
        self.figures = value_of(cache[words])

    track_makespan = scaling.makespan
    track_sdk_bytecodes = scaling.sdk_bytecodes
    track_traced_peak = scaling.traced_peak

    @series(version="1", kind="exact", unit="pieces", group="calls")
    def track_pieces(self, cache: Cache, words: int) -> int:
        """Pieces that the reader gets."""
        return self.figures.pieces

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_first_piece(self, cache: Cache, words: int) -> float:
        """Until the first piece comes, in virtual seconds."""
        return self.figures.first_piece


@presented(holds={**HELD, "from_words": WORDS[0], "to_words": WORDS[1]})
class Margin:
    """What one more word takes, between 200 and 1,000."""

    def setup(self, cache: Cache) -> None:
        self._both = [value_of(cache[words]) for words in WORDS]

    @series(version="1", kind="exact", unit="calls", group="work")
    def track_function_calls(self, cache: Cache) -> float:
        """Python and C functions called, beyond those by which the model's stream is read without
        an SDK."""
        first, last = (each.function_calls - each.calls_without_sdk for each in self._both)
        return self._margin(first, last)

    track_function_calls = headline(
        portal_row(
            track_function_calls,
            rank=790,
            label="Function calls of a streamed word",
            work="between 200 and 1,000 words",
            unit="calls",
            needs_same="python",
        ),
        of="a streamed word",
        label="function calls",
        rank=75,
    )

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, cache: Cache) -> float:
        """Bytecodes executed in the SDK's own files."""
        first, last = (each.sdk_bytecodes for each in self._both)
        return self._margin(first, last)

    def _margin(self, first: int, last: int) -> float:
        return round((last - first) / (WORDS[1] - WORDS[0]), 3)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A stream whose reader stopped: ``words`` that were still read of the model, ``tasks`` that
    were left, ``calls`` to the model that did not end, what became of the ``call``."""

    words: int
    tasks: int
    calls: int
    call: str


def stopped() -> Stopped:
    """What becomes of a stream of 1,000 words whose reader stops after some pieces."""
    with Running(Plan(words=WORDS[1])) as running:
        return running.on.run(_stopped(running))


async def _stopped(running: Running) -> Stopped:
    before = asyncio.all_tasks()
    errand = running.next()
    read = _counting(running.world.model)
    got = 0
    try:
        async with aclosing(running.sdk.stream(running.agent, errand.text)) as stream:
            async for piece in stream:
                got += bool(piece)
                if got == STOPS_AFTER:
                    break
    except GeneratorExit:  # which ends the task of whoever reads
        wrong("closing the stream raises GeneratorExit")
    if got < STOPS_AFTER:
        wrong(f"only {got} pieces came")
    at_stop = len(read)
    await asyncio.sleep(SETTLE_S)
    tasks = len(asyncio.all_tasks() - before)
    await asyncio.sleep(WATCHED_S)
    (call,) = running.world.model.calls
    return Stopped(len(read) - at_stop, tasks, int(call.ended is None), call.outcome)


def _counting(model: Model) -> list[str]:
    """The words that are read of a model's streams from now on."""
    read: list[str] = []
    plain = model.stream

    async def stream(request: Request) -> AsyncGenerator[str, None]:
        words = cast(AsyncGenerator[str, None], plain(request))
        async with aclosing(words):
            async for word in words:
                read.append(word)
                yield word

    vars(model).update(stream=stream)
    return read


@presented(holds={**HELD, "pieces": STOPS_AFTER}, demo=("track_words_after_stop",))
class Early:
    """The reader stops after ten pieces of 1,000 words, and closes the stream."""

    def setup_cache(self) -> Attempt[Stopped]:
        return fresh(stopped)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Attempt[Stopped]) -> None:
        self.stopped = value_of(cache)
        note(f"the call to the model: {self.stopped.call}")

    @series(version="1", kind="exact", unit="words", group="outcome")
    def track_words_after_stop(self, cache: Attempt[Stopped]) -> int:
        """Words that the model was still read for, and that are paid for. Must be 0."""
        return self.stopped.words

    @series(version="1", kind="exact", unit="tasks", group="outcome")
    def track_tasks_left(self, cache: Attempt[Stopped]) -> int:
        """Tasks that are still there when the stream is closed. Must be 0."""
        return self.stopped.tasks

    @series(version="1", kind="exact", unit="calls", group="outcome")
    def track_calls_left(self, cache: Attempt[Stopped]) -> int:
        """Calls to the model that have not ended 30 s later: nobody reads them, and nobody closes
        them. Must be 0."""
        return self.stopped.calls
