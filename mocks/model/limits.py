"""What a provider allows: requests per minute."""

from __future__ import annotations

from collections import deque

from mocks.model.errors import RateLimited

_WINDOW_S = 60.0


class RateLimit:
    """At most ``per_minute`` accepted requests in any 60 s (a sliding log).

    ``tell`` says whether a refusal carries the seconds to wait (``retry-after``).
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
        while accepted and now - accepted[0] >= _WINDOW_S:
            accepted.popleft()
        if len(accepted) >= self.per_minute:
            raise RateLimited(accepted[0] + _WINDOW_S - now if self._tell else None)
        accepted.append(now)
