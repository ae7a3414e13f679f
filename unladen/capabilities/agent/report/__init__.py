"""What a report says of agents."""

from __future__ import annotations

from functools import partial

from unladen.capabilities.agent.report import (
    approval,
    conversations,
    guardrails,
    one_run,
    streaming,
    teams,
    time_limits,
    tools,
    tracing,
)
from unladen.capabilities.agent.report.wording import WORDING
from unladen.report.questions import bottlenecks, concurrency, endurance, faults, tokens
from unladen.report.wording import CapabilityReport

REPORT = CapabilityReport(
    wording=WORDING,
    checked="each was answered with what the model said to it, after each tool call was made once, "
    "with its own arguments, in the context of its own run",
    sections=(
        one_run.write,
        one_run.write_adapter,
        tools.write,
        tools.write_kinds,
        streaming.write,
        conversations.write,
        teams.write,
        approval.write,
        guardrails.write,
        time_limits.write,
        tracing.write,
        partial(concurrency.write, words=WORDING),
        tools.write_leftovers,
        partial(endurance.write_cancellation, words=WORDING),
        partial(faults.write, words=WORDING),
        partial(endurance.write_memory, words=WORDING),
        partial(tokens.write, words=WORDING),
        partial(bottlenecks.write, words=WORDING),
    ),
)
