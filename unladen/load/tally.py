"""What is counted of some of a load's requests: of all, of a kind, of a user, of five seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from unladen.load.histogram import Histogram
from unladen.load.rows import REFUSALS, ErrorClass, RequestRow

QUANTILES = (0.5, 0.9, 0.95, 0.99)


class Tally:
    """Requests added one by one.

    ``latency`` (from when a request was due), ``response_time`` (from when it was sent) and
    ``time_to_first_token`` (from when it was due) are those of right answers: what was refused at
    once would make the others look fast. ``failed_after``: from when the others were due to their
    end. ``most_late``: by which one was sent after it was due.
    """

    def __init__(self) -> None:
        """Of no request."""
        self.requests = 0
        self.latency = Histogram()
        self.response_time = Histogram()
        self.time_to_first_token = Histogram()
        self.failed_after = Histogram()
        self.errors: Counter[ErrorClass] = Counter()
        self.reasons: Counter[tuple[ErrorClass, str]] = Counter()
        self.refused = 0
        self.broken = 0
        self.foreign = 0
        self.received = 0
        self.events = 0
        self.longest_gap = 0.0
        self.most_late = 0.0
        self.calls = 0
        self._with_calls = 0

    def add(self, row: RequestRow) -> None:
        """Count one more."""
        self.requests += 1
        self.received += row.received
        self.events += row.events
        self.broken += row.broke_off
        self.foreign += row.foreign
        self.refused += row.status in REFUSALS
        self.longest_gap = max(self.longest_gap, row.longest_gap)
        self.most_late = max(self.most_late, row.started - row.due)
        if row.calls is not None:
            self.calls += row.calls
            self._with_calls += 1
        if row.error is not ErrorClass.NONE:
            self.errors[row.error] += 1
            if len(self.reasons) < _MOST_REASONS or (row.error, row.reason) in self.reasons:
                self.reasons[row.error, row.reason] += 1
            self.failed_after.add(row.latency)
            return
        self.latency.add(row.latency)
        self.response_time.add(row.response_time)
        if row.time_to_first_token is not None:
            self.time_to_first_token.add(row.time_to_first_token)

    @property
    def failed(self) -> int:
        """Requests that were not answered rightly."""
        return sum(self.errors.values())

    @property
    def right(self) -> int:
        """Requests that were."""
        return self.requests - self.failed

    @property
    def error_rate(self) -> float | None:
        """Share of the requests, None of none."""
        return self.failed / self.requests if self.requests else None

    @property
    def available_rate(self) -> float | None:
        """Share of the requests that were answered rightly or refused in order (429, 503)."""
        return (self.right + self.refused) / self.requests if self.requests else None

    @property
    def broken_rate(self) -> float | None:
        """Share of the requests whose reply began and broke off, None of none."""
        return self.broken / self.requests if self.requests else None

    @property
    def calls_per_request(self) -> float | None:
        """Calls of the model, on average over the requests of which it is known."""
        return self.calls / self._with_calls if self._with_calls else None

    def errors_in_order(self) -> Mapping[ErrorClass, int]:
        """The classes that occurred, in their own order."""
        return {one: self.errors[one] for one in ErrorClass if self.errors[one]}


_MOST_REASONS = 200
"""Different reasons that are told apart; more of them are counted by their class only."""
