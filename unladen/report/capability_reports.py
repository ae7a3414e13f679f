"""Which capabilities have a part in reports: the folders below ``unladen.capabilities``.

They are above the report in the layers, for they are written in its words; so they are found by
name, and a new one needs no line here.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Sequence
from functools import cache

from unladen.report.wording import CapabilityReport

CAPABILITIES = "unladen.capabilities"


@cache
def capability_reports() -> Sequence[CapabilityReport]:
    """The ``REPORT`` of each capability's ``report``, by the capabilities' names."""
    package = importlib.import_module(CAPABILITIES)
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    found = []
    for name in names:
        if importlib.util.find_spec(f"{CAPABILITIES}.{name}.report") is not None:
            report: CapabilityReport = importlib.import_module(
                f"{CAPABILITIES}.{name}.report"
            ).REPORT
            found.append(report)
    return found
