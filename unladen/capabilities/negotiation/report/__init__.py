"""What a report says of negotiations."""

from __future__ import annotations

from functools import partial

from unladen.capabilities.negotiation.report import one_run, recommended, scale
from unladen.capabilities.negotiation.report.wording import WORDING
from unladen.report.questions import (
    bottlenecks,
    concurrency,
    endurance,
    faults,
    latency,
    limits,
    scaling,
)
from unladen.report.wording import CapabilityReport

REPORT = CapabilityReport(
    wording=WORDING,
    checked="one plan for each demand, built from one offer of every agent, nothing of another "
    "negotiation in it",
    sections=(
        one_run.write,
        one_run.write_phases,
        partial(scaling.write, words=WORDING),
        scale.write,
        partial(concurrency.write, words=WORDING),
        partial(latency.write, words=WORDING),
        partial(limits.write, words=WORDING, further=recommended.time_outs),
        partial(faults.write, words=WORDING),
        partial(endurance.write_cancellation, words=WORDING),
        partial(endurance.write_memory, words=WORDING, further=recommended.waiting),
        partial(bottlenecks.write, words=WORDING),
    ),
)
