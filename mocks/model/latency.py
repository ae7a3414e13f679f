"""How long the model takes: a constant, or a seeded distribution.

A drawn latency depends on the seed and on *which call it is* (role, agent, mark and how
many such calls there were before), not on the order in which an SDK makes its calls: two SDKs
that ask the same questions wait equally long for each.
"""

from __future__ import annotations

import math
import random
from abc import ABC, abstractmethod
from collections import Counter

from mocks.model.messages import Request


class Latency(ABC):
    """Seconds from the start of a call to its reply."""

    @abstractmethod
    def seconds(self, request: Request) -> float:
        """The latency of this call, in seconds, 0 or more."""


class Constant(Latency):
    """Every call takes ``seconds``. Raises ``ValueError`` if negative or not finite."""

    def __init__(self, seconds: float) -> None:
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError(f"a latency is 0 s or more, not {seconds!r}")
        self.constant = seconds

    def seconds(self, request: Request) -> float:
        return self.constant


class _Drawn(Latency):
    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._seen: Counter[tuple[str, str, str]] = Counter()

    def seconds(self, request: Request) -> float:
        key = (request.role, request.agent, request.mark)
        self._seen[key] += 1
        return self._draw(random.Random(f"{self._seed}|{'|'.join(key)}|{self._seen[key]}"))

    @abstractmethod
    def _draw(self, source: random.Random) -> float: ...


class LogNormal(_Drawn):
    """Latencies with the given median (seconds) and shape; ``sigma`` 0.5 gives p95 of 2.3 medians.

    Measured model latencies are right-skewed; a log-normal is the usual first model of them.
    """

    def __init__(self, median: float, sigma: float, *, seed: int = 1) -> None:
        if median <= 0 or sigma < 0:
            raise ValueError("a log-normal latency needs a median above 0 and a sigma of 0 or more")
        super().__init__(seed)
        self._mu, self._sigma = math.log(median), sigma

    def _draw(self, source: random.Random) -> float:
        return source.lognormvariate(self._mu, self._sigma)


class Uniform(_Drawn):
    """Latencies between ``low`` and ``high`` seconds, all equally likely."""

    def __init__(self, low: float, high: float, *, seed: int = 1) -> None:
        if not 0 <= low <= high:
            raise ValueError("a uniform latency needs 0 <= low <= high")
        super().__init__(seed)
        self._low, self._high = low, high

    def _draw(self, source: random.Random) -> float:
        return source.uniform(self._low, self._high)
