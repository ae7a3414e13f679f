"""What a report says of rules."""

from __future__ import annotations

from unladen.capabilities.rules.report import sections
from unladen.capabilities.rules.report.wording import WORDING
from unladen.report.wording import CapabilityReport

REPORT = CapabilityReport(
    wording=WORDING,
    checked="the marks of a file's rules are looked for among the constraints, and those of rules "
    "that stand in it no more must not be there",
    sections=(sections.write_files, sections.write_changes),
)
