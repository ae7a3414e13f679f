"""What holds what is retained, and of which types it is, as JSON."""

from __future__ import annotations

from typing import Any

from unladen.explain.holders import HeldPart, HoldersOfRetained
from unladen.explain.sums import SumCause
from unladen.explain.sums_json import sum_json


def holders_json(holders: HoldersOfRetained) -> dict[str, Any]:
    """All of it; docs/explain.md describes it."""
    types = [
        {"type": one.type, "bytes": list(one.sizes), "objects": list(one.objects)}
        for one in holders.types
    ]
    return {**sum_json(holders, _part), "types": types}


def _part(part: HeldPart, cause: SumCause[HeldPart]) -> dict[str, Any]:
    place = part.place
    return {
        "holder": f"{place.module}.{place.holder}" if place.module else place.holder,
        "way": list(place.way),
        "change": part.change,
        "objects": list(part.objects),
    }
