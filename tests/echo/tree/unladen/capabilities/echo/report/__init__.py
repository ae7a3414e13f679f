"""What a report says of echoes."""

from __future__ import annotations

from functools import partial

from unladen.capabilities.echo.report import one_run
from unladen.capabilities.echo.report.wording import WORDING
from unladen.report.questions import (
    bottlenecks,
    concurrency,
    endurance,
    faults,
    latency,
    limits,
    scaling,
    tokens,
)
from unladen.report.wording import CapabilityReport

REPORT = CapabilityReport(
    wording=WORDING,
    checked="every phrase came back word for word, by one call",
    sections=(
        one_run.write,
        partial(scaling.write, words=WORDING),
        partial(concurrency.write, words=WORDING),
        partial(latency.write, words=WORDING),
        partial(limits.write, words=WORDING),
        partial(faults.write, words=WORDING),
        partial(endurance.write_cancellation, words=WORDING),
        partial(endurance.write_memory, words=WORDING),
        partial(bottlenecks.write, words=WORDING),
        partial(tokens.write, words=WORDING),
    ),
)
