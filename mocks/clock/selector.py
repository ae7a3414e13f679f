"""Where the clock jumps: the selector is asked once per iteration of the loop."""

import math
import selectors
from typing import TYPE_CHECKING

from mocks.clock import real
from mocks.clock.hang import hang_of

if TYPE_CHECKING:
    from mocks.clock.loop import VirtualLoop

_NEVER = math.inf

# Real seconds between two looks at what may still wake a loop.
_SLICE = 0.01

Ready = list[tuple[selectors.SelectorKey, int]]

_poll = selectors.DefaultSelector.select


class JumpingSelector(selectors.DefaultSelector):
    """Selector that moves its loop's clock to the next timer instead of waiting for it."""

    def __init__(self, loop: "VirtualLoop") -> None:
        super().__init__()
        self._loop = loop
        self._descriptors = self.get_map()
        self._held_at = -1.0  # virtual instant at which the loop last had to wait for real
        self._held_since = 0.0  # real instant at which that wait began

    def select(self, timeout: float | None = None) -> Ready:
        """Ready descriptors; without any, moves the clock, waits for real or raises `Hang`."""
        if timeout == 0:
            return _poll(self, 0)
        loop = self._loop
        # Asked before polling: work that ends in between has woken the loop when it is polled.
        # The first descriptor is the loop's own self-pipe.
        outside = len(self._descriptors) > 1 or loop.has_outside_work()
        ready = _poll(self, 0)
        if ready:
            return ready
        if outside:
            return self._wait(timeout)
        when = loop.next_timer()
        if when == _NEVER:
            return self._wait_for_wakers()
        loop.move_to(when)
        return ready

    def _wait(self, timeout: float | None) -> Ready:
        """Wait for outside work, at most until the next timer is due in real time."""
        loop = self._loop
        when = loop.next_timer()
        if timeout is None or when == _NEVER:
            return _poll(self, None)
        began = real.monotonic()
        if self._held_at != loop.time():
            self._held_at = loop.time()
            self._held_since = began
        left = self._held_since + timeout + loop.thread_patience - began
        ready = _poll(self, max(0.0, min(timeout, left)))
        if not ready:
            loop.move_to(when)
        return ready

    def _wait_for_wakers(self) -> Ready:
        """Wait for what may still wake the loop; if there is nothing, raise `Hang`."""
        loop = self._loop
        deadline = real.monotonic() + loop.thread_patience
        while True:
            wakers = loop.wakers()
            ready = _poll(self, _SLICE if wakers else 0)
            if ready:
                return ready
            if not wakers or real.monotonic() >= deadline:
                raise hang_of(loop, wakers, timers_left=loop.has_later_timers())
