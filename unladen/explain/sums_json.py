"""A difference that is a sum of causes, as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from unladen.explain.code import Key
from unladen.explain.sums import P, SumCause, SumOfCauses


def sum_json(
    found: SumOfCauses[P], part_json: Callable[[P, SumCause[P]], dict[str, Any]]
) -> dict[str, Any]:
    """All of it; docs/explain.md describes it."""
    return {
        "before": found.before,
        "after": found.after,
        "causes": [
            {
                **key_json(one.key),
                "why": one.why,
                "change": one.change,
                "parts": [part_json(part, one) for part in one.parts],
            }
            for one in found.causes
        ],
        "left_over": found.left_over,
    }


def key_json(key: Key | None) -> dict[str, str | None]:
    """A function; nulls for none."""
    return {
        "file": None if key is None else key.file,
        "function": None if key is None else key.name,
    }
