"""What a provider allows: requests per minute."""

from __future__ import annotations

import math
from collections import deque

from mocks.model.errors import RateLimited

_WINDOW_S = 60.0
_SAME_MOMENT_S = 1e-6
"""What adding floats may be off by: it makes nobody come too early, and no second longer."""


class RateLimit:
    """At most ``per_minute`` accepted requests in any 60 s (a sliding log).

    ``tell`` says whether a refusal carries the seconds to wait: whole ones, rounded up, as the
    header ``retry-after`` has them (RFC 9110, 10.2.3). After them there is room for one more
    request; whoever else was refused is told the same, and may be refused again.

    The strictest reading of "so many a minute", but for what it leaves out: a refused request
    does not count, as it does with some providers; a burst may use the whole minute at once, where
    others allow a sixtieth of it each second, or refill a bucket steadily; tokens per minute are
    not limited; other users of the same account are not there.
    """

    def __init__(self, per_minute: int, *, tell: bool = True) -> None:
        if per_minute < 1:
            raise ValueError(f"a rate limit allows at least 1 request a minute, not {per_minute}")
        self.per_minute = per_minute
        self._tell = tell
        self._accepted: deque[float] = deque()

    def admit(self, now: float) -> None:
        """Count a request made at ``now`` (loop time), or raise ``RateLimited``."""
        accepted = self._accepted
        while accepted and accepted[0] + _WINDOW_S - now < _SAME_MOMENT_S:
            accepted.popleft()
        if len(accepted) >= self.per_minute:
            seconds = accepted[0] + _WINDOW_S - now
            raise RateLimited(math.ceil(seconds - _SAME_MOMENT_S) if self._tell else None)
        accepted.append(now)
