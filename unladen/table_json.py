"""The values of one commit as JSON for other programs."""

from __future__ import annotations

from typing import Any

from unladen.measured import Values

VERSION = 1


def as_json(values: Values) -> dict[str, Any]:
    """One object with the commit's facts and ``rows``, one for each series and parameters.

    A row's ``value`` is null unless its ``status`` is ``measured``; ``params`` are written as asv
    writes them (their ``repr``).
    """
    return {
        "version": VERSION,
        "target": values.target,
        "commit": values.commit,
        "date": values.date,
        "machine": values.machine,
        "python": values.python,
        "rows": [
            {
                "series": series.name,
                "params": dict(zip(series.axes, cell.params, strict=True)),
                "value": cell.value,
                "unit": series.unit,
                "kind": series.kind,
                "status": cell.status.value,
                "reason": cell.reason,
            }
            for series in values.series
            for cell in series.cells
        ],
    }
