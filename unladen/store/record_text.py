"""How a record lies in its file: what is said of many cells is written once, with their names.

A commit without a capability has hundreds of cells that are n/a for one reason. The objects here
are JSON's; what they mean is in ``unladen.store.records``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

VERSION = 2
FLAT_VERSION = 1
"""Of records in which each cell has an entry: they are read as well."""

SAID: Mapping[str, Sequence[str]] = {
    "failed": ("reason", "stderr"),
    "not_applicable": ("reason",),
    "notes": ("text",),
    "wrong": ("reason",),
    "carried": ("commit",),
}
"""The lists of entries, each with the fields that tell what is said of a cell."""

MOST_ENTRIES = 1_000_000
"""A file of few bytes may name many cells; more are not read."""

Entry: TypeAlias = Mapping[str, Any]


def flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """The object of a file with an entry for each cell: ``series``, ``params`` and what is said.

    Raises ``KeyError``, ``TypeError``, ``ValueError`` or ``AttributeError`` for what is none.
    """
    if data["version"] == FLAT_VERSION:
        return dict(data)
    lists = {key: _entries(data[key]) for key in SAID if key in data}
    return {**data, **lists, "version": FLAT_VERSION}


def text(data: Mapping[str, Any]) -> str:
    """The text of a file from an object with an entry for each cell."""
    lists = {key: list(_groups(data[key], said)) for key, said in SAID.items() if key in data}
    parts = [
        f' "{key}": {_lines(value) if key in SAID else json.dumps(value, sort_keys=True)}'
        for key, value in sorted({**data, **lists, "version": VERSION}.items())
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(groups: Sequence[Entry]) -> str:
    if not groups:
        return "[]"
    return "[\n" + ",\n".join(f"  {json.dumps(one, sort_keys=True)}" for one in groups) + "\n ]"


def _groups(entries: Iterable[Entry], said: Sequence[str]) -> Iterator[dict[str, Any]]:
    """One for all entries of which the same is said. Its ``cells``: series of which it is said at
    the same parameters, with these."""
    found: dict[tuple[str, ...], dict[str, list[tuple[str, ...]]]] = {}
    for entry in entries:
        by_series = found.setdefault(tuple(entry[field] for field in said), {})
        by_series.setdefault(entry["series"], []).append(tuple(entry["params"]))
    for what, by_series in found.items():
        by_params: dict[tuple[tuple[str, ...], ...], list[str]] = {}
        for series, params in by_series.items():
            by_params.setdefault(tuple(params), []).append(series)
        cells = [{"series": series, "params": params} for params, series in by_params.items()]
        yield {**dict(zip(said, what, strict=True)), "cells": cells}


def _entries(groups: Iterable[Entry]) -> list[dict[str, Any]]:
    """Those of which groups say something, by series and parameters."""
    for group in groups:
        for cells in group["cells"]:
            if not isinstance(cells["series"], list) or not isinstance(cells["params"], list):
                raise TypeError("its cells are no lists")
    counts = (len(c["series"]) * len(c["params"]) for group in groups for c in group["cells"])
    if sum(counts) > MOST_ENTRIES:
        raise ValueError("it names too many cells")
    found = [
        {**{key: one for key, one in group.items() if key != "cells"}, "series": s, "params": p}
        for group in groups
        for cells in group["cells"]
        for s in cells["series"]
        for p in cells["params"]
    ]
    return sorted(found, key=lambda entry: (entry["series"], entry["params"]))
