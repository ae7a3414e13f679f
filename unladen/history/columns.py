"""What the results files of one source say, in columns: a row for each file.

Columns are arrays in Fortran's order, so that a series lies in one piece. What few files have,
such as reasons and samples, is kept beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from unladen.history.conditions import Conditions
from unladen.history.file_row import FileRow
from unladen.history.layout import Layout
from unladen.history.series_history import CODES
from unladen.store.caches import Arrays
from unladen.store.packed import packed, unpacked
from unladen.store.records import Session
from unladen.store.series import Status

Samples = list[float | int]


class FileEntry(Struct, array_like=True):
    """One results file. ``digest``: of it and of its record, "" if one could not be read.
    ``complaint``: why it cannot be used, "" if it can; then ``commit`` is its commit, with its
    author's ``date``, milliseconds since 1970. ``problems``: a line for what is odd in it. The
    numbers of its series' ``names`` and of its ``conditions`` are indices in ``Columns``.
    ``record``: encoded, None without one; ``has_carried``: whether it says of values that they are
    another commit's."""

    name: str
    digest: str
    complaint: str = ""
    commit: str = ""
    date: int = 0
    problems: list[str] = []
    names: int = 0
    conditions: int = 0
    sessions: tuple[Session, ...] = ()
    record: bytes | None = None
    has_carried: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether there is anything in its row."""
        return not self.complaint


class _Index(Struct, array_like=True):
    """What is no array."""

    entries: list[FileEntry]
    names: list[list[str]]
    conditions: list[Conditions | None]
    texts: list[str]
    samples: list[tuple[int, int, Samples]]


@dataclass
class Columns:
    """``entries``: one for each row. ``values``, ``statuses``: by row and cell; ``statistics`` as
    ``Layout`` has them; ``started``: by row and series. ``names``: sets of series' names, each
    once; ``conditions`` likewise. ``reasons``, ``samples``: by row and cell.
    """

    layout: Layout
    entries: list[FileEntry]
    values: NDArray[np.float64]
    statuses: NDArray[np.uint8]
    statistics: NDArray[np.float64]
    started: NDArray[np.float64]
    names: list[list[str]] = field(default_factory=list)
    conditions: list[Conditions | None] = field(default_factory=list)
    reasons: dict[tuple[int, int], str] = field(default_factory=dict)
    samples: dict[tuple[int, int], Sequence[float]] = field(default_factory=dict)
    _known: dict[object, int] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls, layout: Layout, rows: int) -> Columns:
        """So many rows with nothing in them."""
        return cls(
            layout,
            [FileEntry("", "") for _ in range(rows)],
            np.full((rows, layout.width), np.nan, order="F"),
            np.full((rows, layout.width), CODES[Status.MISSING], dtype=np.uint8, order="F"),
            np.full((rows, layout.statistics_width), np.nan, order="F"),
            np.full((rows, len(layout.series)), np.nan, order="F"),
        )

    @classmethod
    def decoded(cls, arrays: Arrays, layout: Layout) -> Columns:
        """What was ``encoded``. Raises ``ValueError`` or ``KeyError`` if it is of another layout,
        or none."""
        index = unpacked(arrays["index"].tobytes(), _Index)
        rows = len(index.entries)
        shapes = {
            "values": (rows, layout.width),
            "statuses": (rows, layout.width),
            "statistics": (rows, layout.statistics_width),
            "started": (rows, len(layout.series)),
        }
        if any(arrays[name].shape != shape for name, shape in shapes.items()):
            raise ValueError("its arrays do not fit the series")
        said = zip(*(arrays[f"reason_{part}"].tolist() for part in _PARTS), strict=True)
        return cls(
            layout,
            index.entries,
            arrays["values"],
            arrays["statuses"],
            arrays["statistics"],
            arrays["started"],
            index.names,
            index.conditions,
            {(row, cell): index.texts[text] for row, cell, text in said},
            {(row, cell): found for row, cell, found in index.samples},
        )

    def encoded(self) -> dict[str, NDArray[Any]]:
        """All of it as arrays."""
        texts = {text: n for n, text in enumerate(dict.fromkeys(self.reasons.values()))}
        said = [(row, cell, texts[text]) for (row, cell), text in self.reasons.items()]
        samples = [(row, cell, [*found]) for (row, cell), found in self.samples.items()]
        index = _Index(self.entries, self.names, self.conditions, [*texts], samples)
        by_part = np.array(said, dtype=np.int32).reshape(-1, len(_PARTS))
        return {
            "index": np.frombuffer(packed(index), dtype=np.uint8),
            "values": self.values,
            "statuses": self.statuses,
            "statistics": self.statistics,
            "started": self.started,
            **{f"reason_{part}": by_part[:, n] for n, part in enumerate(_PARTS)},
        }

    def put(self, at: int, entry: FileEntry, row: FileRow | None) -> None:
        """Take over a file as row ``at``; ``row``: what it says, None for one that cannot be
        used."""
        self.entries[at] = entry
        if row is None:
            return
        self.values[at], self.statuses[at] = row.values, row.statuses
        self.statistics[at], self.started[at] = row.statistics, row.started
        for cell, text in row.reasons.items():
            self.reasons[at, cell] = self._texts.setdefault(text, text)
        for cell, found in row.samples.items():
            self.samples[at, cell] = found

    def names_number(self, names: Sequence[str]) -> int:
        """The number of a set of series' names, which is added if it is new."""
        return self._number(tuple(names), self.names, [*names])

    def conditions_number(self, conditions: Conditions | None) -> int:
        """The number of conditions, which are added if they are new."""
        return self._number(conditions, self.conditions, conditions)

    def take(self, other: Columns, rows: Mapping[int, int]) -> None:
        """Take over rows of other columns of this layout; ``rows``: by their number here that
        there."""
        here, there = [*rows], [*rows.values()]
        self.values[here] = other.values[there]
        self.statuses[here] = other.statuses[there]
        self.statistics[here] = other.statistics[there]
        self.started[here] = other.started[there]
        moved = dict(zip(there, here, strict=True))
        # In the order of the rows, as if all had been read now.
        self.reasons = dict(sorted([*self.reasons.items(), *_moved(other.reasons, moved)]))
        samples = [*self.samples.items(), *_moved(other.samples, moved)]
        self.samples = dict(sorted(samples, key=lambda one: one[0]))
        for at, row in rows.items():
            entry = other.entries[row]
            if entry.is_usable:
                names = self.names_number(other.names[entry.names])
                conditions = self.conditions_number(other.conditions[entry.conditions])
                entry = msgspec.structs.replace(entry, names=names, conditions=conditions)
            self.entries[at] = entry

    def by_series(self, found: Mapping[tuple[int, int], Any]) -> list[dict[tuple[int, int], Any]]:
        """``reasons`` or ``samples``: for each series by row and its own cell."""
        split: list[dict[tuple[int, int], Any]] = [{} for _ in self.layout.series]
        starts = np.array([place.start for place in self.layout.places], dtype=np.intp)
        cells = np.array([cell for _, cell in found], dtype=np.intp)
        numbers = (np.searchsorted(starts, cells, side="right") - 1).tolist()
        for ((row, cell), one), number in zip(found.items(), numbers, strict=True):
            split[number][row, cell - self.layout.places[number].start] = one
        return split

    def _number(self, key: object, kept: list[Any], one: object) -> int:
        found = self._known.setdefault(key, len(kept))
        if found == len(kept):
            kept.append(one)
        return found


_PARTS = ("row", "cell", "text")


def _moved(
    found: Mapping[tuple[int, int], Any], rows: Mapping[int, int]
) -> Iterator[tuple[tuple[int, int], Any]]:
    """What is said of some rows, with other numbers for these."""
    for (row, cell), one in found.items():
        if row in rows:
            yield (rows[row], cell), one
