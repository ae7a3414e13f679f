"""Where a difference between releases leads into other code, as JSON."""

from __future__ import annotations

from typing import Any

from unladen.explain.contexts import RunFunction
from unladen.explain.sums_json import key_json
from unladen.explain.work.entries import Entries, EntryCall


def entries_json(found: Entries) -> dict[str, Any]:
    """All of it; docs/explain.md describes it."""
    return {
        "entries": [_entry(one) for one in found.entries],
        "below_no_entry": [
            {"name": one.name, "before": one.amounts[0], "after": one.amounts[1]}
            for one in found.stayed
        ],
    }


def _entry(one: EntryCall) -> dict[str, Any]:
    return {
        "caller": None if one.caller is None else _function(one.caller),
        "callee": _function(one.callee),
        "why": one.why,
        "calls": list(one.calls),
        "before": one.amounts[0],
        "after": one.amounts[1],
        "saved_by_one_call": one.saved_by_one_call,
    }


def _function(function: RunFunction) -> dict[str, str | None]:
    return {"origin": function.origin, **key_json(function.key)}
