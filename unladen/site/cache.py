"""Keeping what was parsed, so that publishing again after one more commit parses one file more.

A cache file holds the rows (``unladen.site.rows``) of one machine and environment. A row counts as
long as its results file and record have the size and time of modification that they had, and
``benchmarks.json`` has the content. Whatever is wrong with a cache file, it is made anew.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unladen.site.files import replacing
from unladen.site.rows import Layout, Row
from unladen.store.damage import STATISTICS
from unladen.store.records import record_path

FORMAT = 2

Stamp = tuple[int, ...]
"""Size and time of modification of a results file and of its record, -1 without one."""

DAMAGED = (OSError, EOFError, ValueError, TypeError, KeyError, zipfile.BadZipFile)
"""What reading a cache file raises if it is none, or is damaged: its parts have checksums."""

_ARRAYS = ("values", "statuses", "stats", "started")


@dataclass(frozen=True)
class Kept:
    """A row, of which commit it is, and of which state of its files."""

    commit: str
    stamp: Stamp
    row: Row


def stamp_of(results_file: Path) -> Stamp:
    """The stamp of a results file as it is now."""
    stamp: list[int] = []
    for file in (results_file, record_path(results_file)):
        try:
            found = file.stat()
        except FileNotFoundError:
            stamp += [-1, -1]
        else:
            stamp += [found.st_size, found.st_mtime_ns]
    return tuple(stamp)


def save_rows(file: Path, rows: Mapping[str, Kept], fingerprint: str) -> None:
    """Write a cache file. ``rows``: by the names of their results files; ``fingerprint``: what
    must be the same when they are used. Raises ``OSError``."""
    members = [kept.row for kept in rows.values()]
    index = {
        "format": FORMAT,
        "fingerprint": fingerprint,
        "files": [[name, kept.commit, list(kept.stamp)] for name, kept in rows.items()],
        "reasons": [list(row.reasons.items()) for row in members],
        "samples": [list(row.samples.items()) for row in members],
    }
    arrays = {name: np.array([getattr(row, name) for row in members]) for name in _ARRAYS}
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as stream:
        np.savez(
            stream,
            index=np.frombuffer(json.dumps(index).encode(), dtype=np.uint8),
            values=arrays["values"],
            statuses=arrays["statuses"],
            stats=arrays["stats"],
            started=arrays["started"],
        )


def load_rows(file: Path, layout: Layout, fingerprint: str) -> dict[str, Kept]:
    """The rows in a cache file; none if there is no such file, or it is damaged or outdated."""
    try:
        with np.load(file, allow_pickle=False) as archive:
            index = json.loads(archive["index"].tobytes())
            if (index["format"], index["fingerprint"]) != (FORMAT, fingerprint):
                return {}
            return _rows(index, {name: archive[name] for name in _ARRAYS}, layout)
    except DAMAGED:
        # No cache, or a damaged one: it is made anew from the results.
        return {}


def _rows(
    index: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], layout: Layout
) -> dict[str, Kept]:
    count = len(index["files"])
    shapes = {
        "values": (count, layout.width),
        "statuses": (count, layout.width),
        "stats": (count, len(STATISTICS), layout.sampled_width),
        "started": (count, len(layout.series)),
    }
    if any(arrays[name].shape != shape for name, shape in shapes.items()):
        raise ValueError("the arrays do not fit the series")
    rows = {}
    for n, (name, commit, stamp) in enumerate(index["files"]):
        reasons = {int(at): str(text) for at, text in index["reasons"][n]}
        samples = {int(at): list(values) for at, values in index["samples"][n]}
        values, statuses, stats, started = (arrays[array][n] for array in _ARRAYS)
        row = Row(values, statuses, stats, started, reasons, samples)
        rows[str(name)] = Kept(str(commit), tuple(map(int, stamp)), row)
    return rows
