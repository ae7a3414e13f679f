"""What a log of model calls says: makespan, overlap, waiting, and the limit for all of them.

Kind: exact when the log's times are exact (a virtual clock). Unit: seconds of the log's clock.
Cost: none; computed after the run.
Blind spots: the log knows calls only. Which calls could have run together is what the mock that
wrote the log says by their stage; time an SDK spends between calls shows as a makespan above the
critical path, without telling why.

A call waits from ``queued`` to ``started`` and is served from ``started`` to ``ended``. A call
that was never started (cancelled in the queue) or never ended has ``None`` there.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol


class Span(Protocol):
    """One call of a log, all times on one clock, with queued <= started <= ended."""

    @property
    def group(self) -> str:
        """Which run the call belongs to; groups are independent of each other."""

    @property
    def stage(self) -> int:
        """Position in its group: the calls of one stage could all run at the same time."""

    @property
    def queued(self) -> float:
        """When the call was asked for."""

    @property
    def started(self) -> float | None:
        """When its service began."""

    @property
    def ended(self) -> float | None:
        """When it was answered, failed, or was cancelled."""


def makespan(spans: Iterable[Span]) -> float:
    """Time from the first call asked for to the last end; 0 if no call ended."""
    log = list(spans)
    ends = [span.ended for span in log if span.ended is not None]
    return max(ends) - min(span.queued for span in log) if ends else 0.0


def peak_in_flight(spans: Iterable[Span]) -> int:
    """Largest number of calls served at one instant, each from started up to but without ended.

    A call that ends when another starts does not overlap it, and one of zero length is never in
    flight. A call that started and never ended stays in flight.
    """
    changes: list[tuple[float, int]] = []
    for span in spans:
        if span.started is None or span.started == span.ended:
            continue
        changes.append((span.started, 1))
        if span.ended is not None:
            changes.append((span.ended, -1))
    peak = in_flight = 0
    # Sorted by time, and ends before starts at the same instant.
    for _, change in sorted(changes):
        in_flight += change
        peak = max(peak, in_flight)
    return peak


def service_seconds(spans: Iterable[Span]) -> float:
    """Sum of the service times of all calls: the work, as if done one call after the other."""
    return math.fsum(_service(span) for span in spans)


def queue_seconds(spans: Iterable[Span]) -> float:
    """Sum of the times calls waited for service, up to their end if they were never started."""
    return math.fsum(_waiting(span) for span in spans)


def critical_path(spans: Iterable[Span]) -> float:
    """Shortest makespan that the log's dependencies allow, with no queueing and full overlap.

    For one group, the sum over its stages of the longest service time in the stage; for several,
    the largest of these sums. A call never started or never ended counts 0.
    """
    longest: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for span in spans:
        stages = longest[span.group]
        stages[span.stage] = max(stages[span.stage], _service(span))
    return max((math.fsum(stages.values()) for stages in longest.values()), default=0.0)


def efficiency(critical: float, makespan: float) -> float:
    """Critical path over makespan: 1 is perfect overlap.

    It is above 1 if stages overlapped each other, and 0 if the makespan is 0: where nothing took
    time, nothing was shown to overlap.
    """
    return critical / makespan if makespan else 0.0


def _service(span: Span) -> float:
    if span.started is None or span.ended is None:
        return 0.0
    return span.ended - span.started


def _waiting(span: Span) -> float:
    left = span.started if span.started is not None else span.ended
    return 0.0 if left is None else left - span.queued
