"""What a report says of agents."""

from __future__ import annotations

from unladen.capabilities.agent.report import one_run, tools
from unladen.capabilities.agent.report.wording import WORDING
from unladen.report.wording import CapabilityReport

REPORT = CapabilityReport(
    wording=WORDING,
    checked="each was answered with what the model said to it, after each tool call was made once, "
    "with its own arguments, in the context of its own run",
    sections=(
        one_run.write,
        tools.write,
        tools.write_kinds,
        tools.write_leftovers,
    ),
)
