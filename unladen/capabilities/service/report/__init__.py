"""What a report says of services."""

from __future__ import annotations

from functools import partial

from unladen.capabilities.service.report import sections
from unladen.capabilities.service.report.process import write_process
from unladen.capabilities.service.report.races import write_races
from unladen.capabilities.service.report.wording import WORDING
from unladen.report.questions import faults
from unladen.report.wording import CapabilityReport

REPORT = CapabilityReport(
    wording=WORDING,
    checked="every reply carries the mark of its own request and nobody else's; a refusal is no "
    "success",
    sections=(
        sections.write_request,
        sections.write_burst,
        write_races,
        sections.write_load,
        sections.write_capacity,
        sections.write_health,
        write_process,
        partial(faults.write, words=WORDING),
    ),
)
