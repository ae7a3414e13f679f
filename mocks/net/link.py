"""How long bytes take from one end of a connection to the other."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mocks.net.arrivals import Arrivals

PACKET_BYTES = 16 * 1024
"""Most bytes that arrive at once where bandwidth is limited."""


@dataclass(frozen=True, slots=True)
class Link:
    """What lies between a client and a server.

    Attributes:
        delay_s: seconds that a packet travels, either way.
        bytes_per_s: bandwidth of each connection, each way.
        window_bytes: most bytes that were sent one way and not read.
    """

    delay_s: float = 0.0
    bytes_per_s: float = math.inf
    window_bytes: int = 256 * 1024

    def __post_init__(self) -> None:
        if not 0.0 <= self.delay_s < math.inf:
            raise ValueError(f"delay_s must be 0 or more seconds, not {self.delay_s!r}")
        if not self.bytes_per_s > 0.0:
            raise ValueError(f"bytes_per_s must be more than 0, not {self.bytes_per_s!r}")
        if self.window_bytes < 1:
            raise ValueError(f"window_bytes must be 1 or more, not {self.window_bytes!r}")

    @property
    def is_instant(self) -> bool:
        """Whether everything arrives at the instant at which it is sent."""
        return self.delay_s == 0.0 and self.bytes_per_s == math.inf


class Lane:
    """One way of one connection. Whatever is sent on it arrives in that order.

    A byte has left when all bytes before it and itself have, at the link's bandwidth: n bytes sent
    on an idle lane at t arrive at t + n / bytes_per_s + delay_s, in that order of arithmetic.
    """

    __slots__ = ("_arrivals", "_busy_bytes", "_busy_since", "_clock", "_free_at", "link")

    def __init__(self, link: Link, clock: Callable[[], float], arrivals: Arrivals) -> None:
        self.link = link
        self._clock = clock
        self._arrivals = arrivals
        self._busy_since = 0.0
        self._busy_bytes = 0
        self._free_at = 0.0

    def send(self, piece: bytes, arrive: Callable[[bytes], object]) -> None:
        """Have `arrive` called with `piece`, or with parts of it one after the other."""
        link = self.link
        if link.is_instant:
            arrive(piece)
        elif link.bytes_per_s == math.inf:
            self._arrivals.at(self._clock() + link.delay_s, arrive, piece, lane=self)
        else:
            for start in range(0, len(piece), PACKET_BYTES):
                packet = piece[start : start + PACKET_BYTES]
                left_at = self._leaves_at(len(packet))
                self._arrivals.at(left_at + link.delay_s, arrive, packet, lane=self)

    def signal(self, arrive: Callable[..., object], *args: Any) -> None:
        """Have `arrive(*args)` called after what was sent before, as a packet without bytes."""
        if self.link.is_instant:
            arrive(*args)
        else:
            when = self._leaves_at(0) + self.link.delay_s
            self._arrivals.at(when, arrive, *args, lane=self)

    def _leaves_at(self, count: int) -> float:
        now = self._clock()
        if now >= self._free_at:
            self._busy_since = now
            self._busy_bytes = 0
        self._busy_bytes += count
        self._free_at = self._busy_since + self._busy_bytes / self.link.bytes_per_s
        return self._free_at
