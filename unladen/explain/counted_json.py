"""What a difference of a number of things is made of, as JSON."""

from __future__ import annotations

from typing import Any

from unladen.explain.counted import CountedThings, ThingCause, ThingPart
from unladen.explain.run import CommitPair


def counted_json(counted: CountedThings, pair: CommitPair) -> dict[str, Any]:
    """All of it; docs/explain.md describes it."""
    return {
        "before": counted.before,
        "after": counted.after,
        "causes": [
            {
                "file": None if one.key is None else one.key.file,
                "function": None if one.key is None else one.key.name,
                "why": one.why,
                "change": one.change,
                "parts": [_part(part, one, pair) for part in one.parts],
            }
            for one in counted.causes
        ],
        "texts": [{"text": one.text, "times": list(one.times)} for one in counted.texts],
        "left_over": counted.left_over,
        "moved": counted.moved,
    }


def _part(part: ThingPart, cause: ThingCause, pair: CommitPair) -> dict[str, Any]:
    line = range(part.line, part.line + 1)
    hunk = None if cause.key is None else pair.touched.hunk(cause.key.file, line)
    return {
        "text": part.place.text,
        "where": part.place.where,
        "line": part.line or None,
        "at": part.place.via,
        "times": list(part.times),
        "change": part.change,
        "hunk": None if hunk is None else str(hunk),
    }
