"""What series were called before they were renamed, so that old names lead on to the new ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from unladen.text.counts import count_text
from unladen.text.terminal import printable

FILE = "former_names.json"
"""In the folder of a capability: the new names of its series by their old ones."""


@cache
def new_names() -> Mapping[str, str]:
    """The new names of all renamed series, by their old ones. Read as data: nothing of a
    capability is imported."""
    found: dict[str, str] = {}
    for folder in sorted((files("unladen") / "capabilities").iterdir(), key=lambda one: one.name):
        table = folder / FILE
        if table.is_file():
            found |= json.loads(table.read_text("utf-8"))
    return found


def former_names(name: str) -> tuple[str, ...]:
    """What the series of this name was called, whole; usually nothing."""
    return tuple(old for old, new in new_names().items() if new == name)


def former_names_remark(folder: Path, stored: Iterable[str]) -> list[str]:
    """A line, if some of the names that a folder's results have were given up."""
    former = sorted(new_names().keys() & {*stored})
    if not former:
        return []
    count = count_text(len(former), "series", "series")
    where = printable(str(folder))
    return [f"{where} has {count} under former names, such as {former[0]}: run unladen migrate"]
