"""What a report says of memories."""

from __future__ import annotations

from unladen.capabilities.recall.report import sections
from unladen.capabilities.recall.report.wording import WORDING
from unladen.report.wording import CapabilityReport

REPORT = CapabilityReport(
    wording=WORDING,
    checked="what is found carries the mark of the entity that was asked for, and nothing that is "
    "found carries another session's",
    sections=(
        sections.write_store,
        sections.write_find,
        sections.write_quality,
        sections.write_trouble,
    ),
)
