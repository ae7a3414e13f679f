"""Series of one results file of asv's put into another one, and taken out again."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from asv.results import Results

_BY_SERIES = (
    *("_results", "_samples", "_stats", "_benchmark_params", "_profiles"),
    *("_started_at", "_duration", "_benchmark_version"),
)
"""What asv keeps of each series, by its name."""


def merge(
    delivered: Path, stored: Path, names: Collection[str], machine: Mapping[str, Any]
) -> None:
    """Put the series of these names that ``delivered`` has into the results file ``stored``, which
    is made if it is not there; both are of one commit and environment.

    ``machine``: how the machine describes itself in whose folder ``stored`` is: asv takes results
    that differ in this for those of several machines.
    """
    new = Results.load(str(delivered))
    merged = Results.load(str(stored)) if stored.is_file() else new
    if merged is new:
        _drop(merged, set(new._results) - set(names))
        merged._params = {**merged._params, **machine}
        merged._filename = str(Path(stored.parent.name, stored.name))
    else:
        for kept in _BY_SERIES:
            entries = getattr(new, kept)
            getattr(merged, kept).update({name: entries[name] for name in names if name in entries})
    _save(merged, stored.parent.parent)


def take_out(stored: Path, names: Collection[str]) -> bool:
    """Take the series of these names out of a results file; false, and nothing is changed, if none
    would be left."""
    results = Results.load(str(stored))
    if not set(results._results) - set(names):
        return False
    _drop(results, names)
    _save(results, stored.parent.parent)
    return True


def _drop(results: Any, names: Collection[str]) -> None:
    for kept in _BY_SERIES:
        for name in names:
            getattr(results, kept).pop(name, None)


def _save(results: Any, folder: Path) -> None:
    # Without what is done where this process has measured: asv's own function.
    save: Callable[[Any, str], None] = inspect.unwrap(Results.save)
    save(results, str(folder))
