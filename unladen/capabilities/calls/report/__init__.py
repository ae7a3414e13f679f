"""What a report says of calls."""

from __future__ import annotations

from functools import partial

from unladen.capabilities.calls.report import cancelled, ends, one_call
from unladen.capabilities.calls.report.wording import WORDING
from unladen.report.questions import bottlenecks, concurrency, endurance, faults, scaling
from unladen.report.wording import CapabilityReport

REPORT = CapabilityReport(
    wording=WORDING,
    checked="each found its own target and kept all messages up to it, in order and none of "
    "another call, and its stream was let go",
    sections=(
        one_call.write,
        partial(scaling.write, words=WORDING),
        one_call.write_messages,
        partial(concurrency.write, words=WORDING),
        cancelled.write,
        partial(endurance.write_cancellation, words=WORDING),
        ends.write,
        partial(faults.write, words=WORDING),
        one_call.write_scope,
        partial(endurance.write_memory, words=WORDING),
        partial(bottlenecks.write, words=WORDING),
    ),
)
