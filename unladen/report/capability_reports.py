"""Which capabilities have a part in reports."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from unladen.report.capability_parts import capability_parts
from unladen.report.wording import CapabilityReport


@cache
def capability_reports() -> Sequence[CapabilityReport]:
    """The ``REPORT`` of each capability's ``report``, by the capabilities' names."""
    found = []
    for _, part in capability_parts("report"):
        report: CapabilityReport = part.REPORT
        found.append(report)
    return found
