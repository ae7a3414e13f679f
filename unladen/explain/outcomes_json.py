"""Where two commits part that end otherwise, as JSON."""

from __future__ import annotations

from typing import Any

from unladen.explain.outcomes import CallMade, Outcomes, TraceLine
from unladen.explain.outcomes_text import is_line_touched
from unladen.explain.run import CommitPair


def outcomes_json(outcomes: Outcomes, pair: CommitPair) -> dict[str, Any]:
    """All of it; docs/explain.md describes it."""
    parting, call = outcomes.parting, outcomes.call
    return {
        "wrong": list(outcomes.wrong),
        "traces_part": None
        if parting is None
        else {
            "common": parting.common,
            "last": _line(parting.last, pair),
            "before": _line(parting.before, None),
            "after": _line(parting.after, pair),
        },
        "first_call": None
        if call is None
        else {"number": call.number, "before": _made(call.before), "after": _made(call.after)},
        "raised": [
            {"error": one.name, "times": list(one.times), "where": _line(one.where, pair)}
            for one in outcomes.raised
        ],
        "suspects": [
            {
                "file": one.key.file,
                "function": one.key.name,
                "why": one.why,
                "does_otherwise": one.is_otherwise,
                "line": one.line or None,
                "text": one.text,
            }
            for one in outcomes.suspects
        ],
    }


def _line(line: TraceLine | None, pair: CommitPair | None) -> dict[str, Any] | None:
    """``pair``: None of a line as it is before the commit, whose numbers no hunk has."""
    if line is None:
        return None
    return {
        "file": line.key.file,
        "function": line.key.name,
        "line": line.line,
        "text": line.text,
        "cause": None if line.cause is None else [line.cause.file, line.cause.name],
        "is_touched": pair is not None and is_line_touched(line, pair),
    }


def _made(made: CallMade | None) -> dict[str, Any] | None:
    if made is None:
        return None
    call = made.call
    return {
        "role": call.role,
        "agent": call.agent,
        "outcome": call.outcome,
        "by": [[one.key.file, one.key.name, one.line] for one in call.frames],
        "cause": None if made.cause is None else [made.cause.file, made.cause.name],
    }
