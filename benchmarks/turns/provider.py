"""What stands between a runtime and its model: calls outside of any session.

Five calls have gone before them. The model takes 1.137 s a call, however many it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.notes import note, wrong
from benchmarks.core.presentation import presented
from benchmarks.core.series import series
from benchmarks.core.subject import own_files
from benchmarks.turns.fresh import CACHE_TIMEOUT_S, fresh
from benchmarks.turns.playing import spans
from benchmarks.turns.running import Running
from meters import bytecodes
from meters.spans import peak_in_flight
from mocks.model.transcript import Transcript
from mocks.worlds.turns.asks import Ask
from mocks.worlds.turns.script import LATENCY_S
from targets.protocol import Unavailable

CALLS = (1, 10)
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """So many calls asked for in one go: virtual seconds; those in flight at the busiest moment;
    connections that were opened; bytecodes in the SDK's own files; tokens that went to and fro, and
    that the runtime counted (``None``: it counts none)."""

    seconds: float
    peak: int
    connections: int
    own_bytecodes: int
    tokens: int
    counted_tokens: int | None


class Asking:
    """A runtime that is asked for one batch after the other."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self._asked = 0

    def ask(self, calls: int) -> None:
        """Ask for so many answers. What is wrong with them is said beside the value."""
        asks = [Ask(1 + number, 1) for number in range(self._asked, self._asked + calls)]
        self._asked += calls
        said = self.running.on.run(self.running.runtime.say(asks))
        for ask, text in zip(asks, said, strict=True):
            if ask.mark not in text:
                wrong(f"{ask.text[:40]!r} is answered with {text[:80]!r}")
                return


def measure(calls: int) -> Measured:
    """All figures of a batch."""
    with Running() as running:
        on, asking = running.on, Asking(running)
        asking.ask(WARM_UP)
        running.world.clear()
        start, connections = on.clock.now, on.machine.network.counts().opened
        asking.ask(calls)
        seconds = round(on.clock.now - start, 6)
        peak = peak_in_flight(spans(running))
        connections = on.machine.network.counts().opened - connections
        transcript, counted = Transcript(running.world.model), running.runtime.tokens()
        asking.ask(calls)
        used = sum(one.prompt_tokens + one.reply_tokens for one in transcript.exchanges)
        now = running.runtime.tokens()
        with running.traced():
            traced = bytecodes.count(partial(asking.ask, calls), inside=own_files())
    counted = None if now is None or counted is None else now - counted
    return Measured(seconds, peak, connections, traced.inside, used, counted)


Cache = Mapping[int, Attempt[Measured]]


def setup_cache() -> Cache:
    """The figures of every batch, measured once for all series of this module."""
    return each_fresh({calls: partial(measure, calls) for calls in CALLS}, fresh)


vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S


@presented(holds={"latency_s": LATENCY_S}, roles={"calls": "runs"})
class Batch:
    """So many calls asked for in one go."""

    params = CALLS
    param_names = ("calls",)

    def setup(self, cache: Cache, calls: int) -> None:
        self.measured = value_of(cache[calls])

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, cache: Cache, calls: int) -> float:
        """Until all are answered, in virtual seconds."""
        return self.measured.seconds

    @series(version="1", kind="exact", unit="calls", group="calls", direction="higher")
    def track_peak_in_flight(self, cache: Cache, calls: int) -> int:
        """Calls to the model at the busiest moment."""
        return self.measured.peak

    @series(version="1", kind="exact", unit="connections", group="calls")
    def track_connections_opened(self, cache: Cache, calls: int) -> int:
        """Connections opened to the model."""
        return self.measured.connections

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, cache: Cache, calls: int) -> int:
        """Bytecodes executed in the SDK's own files."""
        return self.measured.own_bytecodes


class Tokens:
    """Tokens that the runtime counts, beside those that went to the model and came from it."""

    params = CALLS
    param_names = ("calls",)

    def setup(self, cache: Cache, calls: int) -> None:
        measured = value_of(cache[calls])
        if measured.counted_tokens is None:
            raise Unavailable("the runtime counts no tokens")
        self.counted, self.used = measured.counted_tokens, measured.tokens

    @series(version="1", kind="exact", unit="tokens", group="outcome")
    def track_miscounted_tokens(self, cache: Cache, calls: int) -> int:
        """By how many tokens what the runtime counts is off. Must be 0."""
        note(f"{self.used} tokens went to and fro, the runtime counts {self.counted}")
        return abs(self.counted - self.used)
