"""Continuous benchmarking for LLM-agent SDKs.

``open_results`` gives what is stored of a target as typed objects (docs/api.md). The rest of the
package is the command line (``cli``) and what ``asv.conf.json`` loads (``plugin``).

It never imports benchmarks, mocks, targets, meters or an SDK; nothing is loaded before it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unladen.changes.model import Change, ChangeKind, Direction, State
    from unladen.errors import UserError
    from unladen.repo.commits import Commit
    from unladen.results.model import Results, Value
    from unladen.results.open import open_results
    from unladen.store.readings import Reading
    from unladen.store.series import SeriesInfo, Status

__version__ = "0.1.0"

__all__ = [
    "Change",
    "ChangeKind",
    "Commit",
    "Direction",
    "Reading",
    "Results",
    "SeriesInfo",
    "State",
    "Status",
    "UserError",
    "Value",
    "open_results",
]

_PLACES = {
    "Change": "changes.model",
    "ChangeKind": "changes.model",
    "Commit": "repo.commits",
    "Direction": "changes.model",
    "Reading": "store.readings",
    "Results": "results.model",
    "SeriesInfo": "store.series",
    "State": "changes.model",
    "Status": "store.series",
    "UserError": "errors",
    "Value": "results.model",
    "open_results": "results.open",
}


def __getattr__(name: str) -> Any:
    """What the package offers, loaded when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = found
    return found
