"""Memory over time and under pressure: what stays, what waiting costs, what happens without any."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks._cells import Attempt, attempt, value_of
from benchmarks._leak import Leak as Left
from benchmarks._leak import Mix, measure
from benchmarks._notes import note
from benchmarks._pressure import WORDS, Pressed, pressed
from benchmarks._series import series
from benchmarks._waiting import bytes_of_waiting

MOST_TYPES = 8
"""Types that a note names."""

Cache = Mapping[str, Attempt[Left]]


class Leak:
    """200 negotiations in a row on one engine, after 24 others; 3 agents.

    Their results are dropped. ``faults``: in every third one the center fails, in every third one
    an agent. ``cancelled``: every second one is cancelled, each at another point.
    """

    params = tuple(mix.value for mix in Mix)
    param_names = ("mix",)

    def setup_cache(self) -> Cache:
        return {mix.value: attempt(partial(measure, mix)) for mix in Mix}

    def setup(self, cache: Cache, mix: str) -> None:
        self.left = value_of(cache[mix])

    @series(version="1", kind="exact", unit="bytes", group="memory")
    def track_retained_bytes(self, cache: Cache, mix: str) -> int:
        """Bytes that a negotiation leaves behind, on the average."""
        return self.left.bytes

    @series(version="1", kind="exact", unit="objects", group="memory")
    def track_objects(self, cache: Cache, mix: str) -> float:
        """Objects that a negotiation leaves behind, on the average."""
        if self.left.types:
            lines = [f"{each:g} {name}" for name, each in self.left.types[:MOST_TYPES]]
            note("\n".join([*lines, "for each negotiation"]))
        return self.left.objects

    @series(version="1", kind="exact", unit="sessions", group="memory")
    def track_sessions_alive(self, cache: Cache, mix: str) -> int:
        """Of 200 negotiations, the SDK's own results that are still alive."""
        return self.left.sessions


class Waiting:
    """20 negotiations that wait for their users at the same time."""

    held: int

    def setup(self) -> None:
        self.held = bytes_of_waiting()

    @series(version="1", kind="exact", unit="bytes", group="memory")
    def track_bytes(self) -> int:
        """Bytes that each holds while it waits for the confirmation."""
        return self.held


class Pressure:
    """A negotiation whose 3 offers of 32 MiB meet 16 MiB of free address space."""

    timeout = 120
    pressed: Pressed

    def setup(self) -> None:
        self.pressed = pressed()

    @series(version="1", kind="exact", unit="outcome", group="outcome", codes=WORDS)
    def track_outcome(self) -> int:
        """How it ended; then the engine must negotiate with enough memory again."""
        if self.pressed.about:
            note(self.pressed.about)
        return self.pressed.outcome.value
