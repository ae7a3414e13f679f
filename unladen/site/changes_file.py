"""``changes.json``: the JSON of ``unladen changes`` for programs that read the published site."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from unladen.changes.as_json import as_json, changes_as_json
from unladen.changes.by_commit import HistoryChanges
from unladen.site.files import write_text

NAME = "changes.json"
BUDGET = 200_000
"""Bytes of changes that are written, about: the file is a part of a site that should stay small."""


def write_changes(folder: Path, history_changes: HistoryChanges) -> None:
    """Write it into a target's published folder: the changes of whole commits, the newest first,
    as many as ``BUDGET`` holds and of one at least; ``left_out`` is the number of older commits
    that changed something too."""
    chosen, kept = _newest(changes_as_json(history_changes))
    data = as_json(history_changes, chosen)
    data["left_out"] = len(history_changes.commits) - kept
    write_text(folder / NAME, _text(data) + "\n")


def _newest(changes: Iterable[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """The changes of the newest commits within the budget, and the number of these commits."""
    chosen: list[dict[str, Any]] = []
    size = 0
    kept = 0
    for _, group in groupby(changes, key=lambda change: change["commit"]):
        members = list(group)
        size += sum(len(_text(change)) for change in members)
        if kept and size > BUDGET:
            break
        chosen += members
        kept += 1
    return chosen, kept


def _text(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"), allow_nan=False)
