"""Lines of made-up loads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from unladen.load.report import Collector, LoadReport
from unladen.load.rows import FORMAT, VERSION, read_lines


def plan(**changed: Any) -> dict[str, Any]:
    """A plan of ten users for a minute."""
    return {
        "t": "plan",
        "format": FORMAT,
        "version": VERSION,
        "engine": "virtual",
        "subject": "toy",
        "profile": "crowd",
        "arrivals": "closed",
        "users": 10,
        "duration_s": 60.0,
        "think_s": [1, 5],
        "mix": {"chat": 70, "stream": 20, "blocked": 10},
        "timeout_s": 60.0,
        "seed": 1,
        **changed,
    }


def row(due: float, latency: float, **changed: Any) -> dict[str, Any]:
    """A right answer, sent when it was due."""
    return {
        "t": "row",
        "user": 1,
        "kind": "chat",
        "prompt": "question",
        "due": due,
        "started": due,
        "ended": due + latency,
        "status": 200,
        "received": 100,
        **changed,
    }


def failed(due: float, latency: float, error: str, **changed: Any) -> dict[str, Any]:
    """A request that was not answered rightly."""
    return row(due, latency, error=error, **{"status": 500, "reason": f"it was {error}", **changed})


def users(at: float, number: int) -> dict[str, Any]:
    """So many users are there from then on."""
    return {"t": "users", "at": at, "users": number}


def end(seconds: float = 60.0, **facts: float) -> dict[str, Any]:
    """The load ends as planned."""
    return {"t": "end", "seconds": seconds, "facts": facts}


def texts(lines: Iterable[dict[str, Any]]) -> list[str]:
    """The lines as they are printed."""
    return [json.dumps(line) for line in lines]


def report(lines: Sequence[dict[str, Any]]) -> LoadReport:
    """The report of some lines; a plan is put before, if there is none."""
    if not lines or lines[0]["t"] != "plan":
        lines = [plan(), *lines]
    collector = Collector()
    for line in read_lines(texts(lines)):
        collector.add(line)
    return collector.report()
