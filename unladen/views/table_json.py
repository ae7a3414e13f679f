"""The values of one commit as JSON for other programs."""

from __future__ import annotations

from typing import Any

from unladen.changes.host import score
from unladen.history.commit_values import Values
from unladen.text.units import word

VERSION = 1


def as_json(values: Values) -> dict[str, Any]:
    """One object with the commit's facts and ``rows``, one for each series and parameters.

    A row's ``value`` is null unless its ``status`` is ``measured`` or ``wrong outcome``;
    ``params`` are written as asv writes them (their ``repr``). ``word``: what a value that is a
    code means, else null; ``note``: what the benchmark said of the value, perhaps in several lines,
    else ""; ``lender``: the machine and environment that an exact value is from, if it is another
    one's, else ""; ``carried``: the commit, if it is another one's that runs the same code, else
    "". ``host``: null if nothing is recorded; its ``calibration``, CPU seconds of a fixed piece of
    work, and ``load_before`` are null if they are not. In docs/changes.md it stands for users.
    """
    return {
        "version": VERSION,
        "target": values.target,
        "commit": values.commit,
        "date": values.date,
        "machine": values.machine,
        "python": values.python,
        "host": _host(values),
        "rows": [
            {
                "series": series.name,
                "params": dict(zip(series.axes, cell.params, strict=True)),
                "value": cell.value,
                "word": word(cell.value, series.codes),
                "unit": series.unit,
                "kind": series.kind,
                "status": cell.status.value,
                "reason": cell.reason,
                "note": cell.note,
                "lender": cell.lender,
                "carried": cell.carried,
            }
            for series in values.series
            for cell in series.cells
        ],
    }


def _host(values: Values) -> dict[str, Any] | None:
    if values.host is None:
        return None
    session = values.session
    load = session.load_before[:1] if session else ()
    return {
        "cpu": values.host.cpu,
        "cores": values.host.cores,
        "memory": values.host.memory,
        "kernel": values.host.kernel,
        "load_before": load[0] if load else None,
        "calibration": score(session) if session else None,
    }
