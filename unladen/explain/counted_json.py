"""What a difference of a number of things is made of, as JSON."""

from __future__ import annotations

from typing import Any

from unladen.explain.counted import CountedThings, ThingPart
from unladen.explain.run import CommitPair
from unladen.explain.sums import SumCause
from unladen.explain.sums_json import sum_json


def counted_json(counted: CountedThings, pair: CommitPair) -> dict[str, Any]:
    """All of it; docs/explain.md describes it."""

    def told(part: ThingPart, cause: SumCause[ThingPart]) -> dict[str, Any]:
        hunk = None if cause.key is None else pair.touched.at(cause.key.file, part.line)
        return {
            "text": part.place.text,
            "where": part.place.where,
            "line": part.line or None,
            "at": part.place.via,
            "times": list(part.times),
            "change": part.change,
            "hunk": None if hunk is None else str(hunk),
        }

    return {
        **sum_json(counted, told),
        "texts": [{"text": one.text, "times": list(one.times)} for one in counted.texts],
        "moved": counted.moved,
    }
