"""Reading all results files of a source, or taking what they say from a cache.

Every file is opened and its content compared, by its digest, with what the cache was made of; only
what is new is parsed. So the cache is right whatever is done to the results, and whoever did it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from unladen.errors import UserError
from unladen.history.columns import Columns, FileEntry
from unladen.history.conditions import conditions_of
from unladen.history.file_row import file_row
from unladen.history.layout import Layout
from unladen.history.source import Source
from unladen.store import caches
from unladen.store.benchmarks_file import load_series
from unladen.store.json_files import read_content
from unladen.store.no_collection import no_collection
from unladen.store.packed import packed
from unladen.store.records import Record, record_path
from unladen.store.results_file import environment_files, read_results
from unladen.store.series import SeriesInfo
from unladen.text.former_names import former_names_remark

_CODE = ("store", "history", "text")
"""What is read depends on the code of these packages."""


@dataclass(frozen=True)
class SourceReadings:
    """What all results files of a source say of series."""

    source: Source
    columns: Columns

    @property
    def dates(self) -> dict[str, int]:
        """The dates of their commits, milliseconds since 1970."""
        return {entry.commit: entry.date for entry in self.columns.entries if entry.is_usable}

    def files_of(self, commit: str) -> list[Path]:
        """The results files of a commit: one, or none."""
        entries = self.columns.entries
        names = [entry.name for entry in entries if entry.is_usable and entry.commit == commit]
        return [self.source.folder / name for name in names]

    @property
    def problems(self) -> list[str]:
        """A line for each file that is not readable, and one if there are series under former
        names."""
        entries, names = self.columns.entries, self.columns.names
        complaints = [entry.complaint for entry in entries if not entry.is_usable]
        used = {entry.names for entry in entries if entry.is_usable}
        stored = {name for number in used for name in names[number]}
        return [*complaints, *former_names_remark(self.source.folder, stored)]


def read_source(
    source: Source, series: Mapping[str, SeriesInfo], *, is_kept: bool = True
) -> SourceReadings:
    """Read a source. ``series``: those of its results folder, by name, in order; of any others
    nothing is to be kept (``is_kept``)."""
    layout = Layout([*series.values()])
    if not is_kept:
        files = environment_files(source.folder, source.environment)
        return SourceReadings(source, _read(files, layout, Columns.empty(layout, 0)))
    folder = str(source.folder)
    file = caches.cache_file("readings", folder, source.environment)
    fingerprint = f"{caches.code_digest(*_CODE)} {folder} {source.environment} {layout}"
    fingerprint = hashlib.sha256(fingerprint.encode("utf-8", "surrogateescape")).hexdigest()
    kept = caches.load(file, fingerprint, lambda arrays: Columns.decoded(arrays, layout))
    kept = kept or Columns.empty(layout, 0)
    with no_collection():
        columns = _read(environment_files(source.folder, source.environment), layout, kept)
    if _readable(columns) != _readable(kept):
        caches.save(file, fingerprint, columns.encoded())
    return SourceReadings(source, columns)


def read_sources(results: Path, sources: Sequence[Source]) -> dict[Source, SourceReadings]:
    """Read sources of a results folder. Raises ``UserError`` if it does not describe its series."""
    series = load_series(results)
    return {source: read_source(source, series) for source in sources}


def measured_dates(readings: Mapping[Source, SourceReadings]) -> dict[str, int]:
    """The commits that these measured, by hash, with their authors' dates."""
    return {commit: date for one in readings.values() for commit, date in one.dates.items()}


def _readable(columns: Columns) -> set[tuple[str, str]]:
    """The files whose contents are known, each with its digest."""
    return {(entry.name, entry.digest) for entry in columns.entries if entry.digest}


def _read(paths: Sequence[Path], layout: Layout, kept: Columns) -> Columns:
    """What is in the files, in their order; ``kept`` as it is if that is just this."""
    known = {(entry.name, entry.digest): row for row, entry in enumerate(kept.entries)}
    found: dict[int, int] = {}
    columns: Columns | None = None
    for at, path in enumerate(paths):
        contents = _contents(path)
        row = known.get((path.name, contents.digest)) if contents.digest else None
        if row is not None:
            found[at] = row
            continue
        columns = columns or Columns.empty(layout, len(paths))
        _parse(path, contents, columns, at)
    if columns is None and [*found.values()] == [*range(len(kept.entries))]:
        return kept
    columns = columns or Columns.empty(layout, len(paths))
    columns.take(kept, found)
    return columns


@dataclass(frozen=True)
class _Contents:
    """What is in a results file and in its record; None for what is not there, or not readable.
    ``digest``: "" if one is not readable."""

    results: bytes | None = None
    record: bytes | None = None
    digest: str = ""


def _contents(path: Path) -> _Contents:
    beside = record_path(path)
    try:
        results = read_content(path)
        record = read_content(beside) if beside.exists() else None
    except UserError:
        return _Contents()  # whoever parses it says why
    digest = hashlib.sha256(results)
    if record is not None:
        digest.update(b"\0%d\0" % len(results))
        digest.update(record)
    return _Contents(results, record, digest.hexdigest())


def _parse(path: Path, contents: _Contents, columns: Columns, at: int) -> None:
    """Put what a file says into a row. A file that cannot be used leaves a complaint."""
    try:
        file = read_results(path, contents.results)
    except UserError as error:
        complaint = f"{error}; skipped"
        columns.put(at, FileEntry(path.name, contents.digest, complaint=complaint), None)
        return

    def load() -> Record | None:
        if not contents.digest:
            return file.record()
        if contents.record is None:
            return None
        return Record.load(record_path(path), contents.record)

    record, problems = file.usable_record(load)
    entry = FileEntry(
        name=path.name,
        digest=contents.digest,
        commit=file.commit,
        date=file.date,
        problems=problems,
        names=columns.names_number([*file.series]),
        conditions=columns.conditions_number(conditions_of(record, file.variables)),
        sessions=record.sessions if record else (),
        record=None if record is None else packed(record),
        has_carried=bool(record and record.carried),
    )
    columns.put(at, entry, file_row(columns.layout, file, record))
