"""What people said of changes, beside the results: accepted because, noise, reported as.

``triage.json`` lies in a target's folder of results, and is committed with them. It is written
whole, by one command at a time.
"""

from __future__ import annotations

import enum
import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from unladen.errors import UserError
from unladen.store.bounds import Date, Finite, set_fields
from unladen.store.json_files import as_declared, read_json, replacing
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo
from unladen.text.terminal import head, printable

FILE = "triage.json"
VERSION = 1

WHY_LIMIT = 300
"""Characters of a reason, and of a name."""


class TriageWord(enum.Enum):
    """What was said."""

    ACCEPTED = "accepted"
    """It is worse, and may stay so."""
    NOISE = "noise"
    """It is no change of the commit's."""
    REPORTED = "reported"
    """Those who can repair it know; it is open."""


@dataclass(frozen=True)
class JudgedSeries:
    """What is judged of a series, of this ``version``: the parameter combinations ``cells``, and
    that they are worse by ``up_to``, a fraction as the gate counts it, None for however much."""

    version: str
    cells: tuple[Params, ...]
    up_to: Finite | None


class AuthoredCommit(Protocol):
    """A commit, of which ``unladen.repo.commits`` says what each of these is."""

    @property
    def hash(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def date(self) -> int: ...
    @property
    def subject(self) -> str: ...


@dataclass(frozen=True)
class Authored:
    """What a rebase leaves of a commit. ``date``: the author's, milliseconds since 1970."""

    author: str
    date: Date
    subject: str

    @classmethod
    def of(cls, commit: AuthoredCommit) -> Authored:
        """That of a commit."""
        return cls(commit.author, commit.date, commit.subject)


@dataclass(frozen=True)
class TriageEntry:
    """What somebody said of what a ``commit`` did, a whole hash. ``why``: the reason, or as what it
    is reported; ``by``: who; ``date``: when, milliseconds since 1970. ``series``: by name.
    ``authored``: by what the commit is known again, None if that was not written down."""

    commit: str
    said: TriageWord
    why: str
    by: str
    date: Date
    series: Mapping[str, JudgedSeries]
    authored: Authored | None = None

    def __post_init__(self) -> None:
        """Make its texts printable, and short."""
        set_fields(self, why=head(printable(self.why), WHY_LIMIT))
        set_fields(self, by=head(printable(self.by), WHY_LIMIT))

    @property
    def text(self) -> str:
        """``accepted: the check costs it``, ``reported #12``."""
        between = " " if self.said is TriageWord.REPORTED else ": "
        return f"{self.said.value}{between}{self.why}"

    def covers(self, series: SeriesInfo, cell: Params) -> bool:
        """Whether it is about this cell, of the same version of the series."""
        judged = self.series.get(series.name)
        return judged is not None and judged.version == series.version and cell in judged.cells

    def is_of(self, commit: AuthoredCommit) -> bool:
        """Whether it was said of this commit, or of what it was before a rebase; and not of one
        that came to a line as a part of it."""
        return self.authored in (None, Authored.of(commit))


@dataclass(frozen=True)
class TriageFile:
    """All that was said of a target. ``remarks``: a line if the file could not be read.
    ``brought``: by the hash of a commit of which something is said, and which does not stand on a
    line, that of the one which brought this to the line, as a squash merge does."""

    entries: Sequence[TriageEntry] = ()
    remarks: Sequence[str] = ()
    brought: Mapping[str, str] = field(default_factory=dict)

    def find(self, series: SeriesInfo, cell: Params, commit: str) -> TriageEntry | None:
        """What was said of the change of a cell at a commit, by its hash."""
        found = (one for one in self.entries if one.commit == commit and one.covers(series, cell))
        return next(found, None)

    def on(self, commits: Sequence[AuthoredCommit]) -> TriageFile:
        """The same, what was said of a commit that is none of these as said of the one that has its
        author, author's date and subject, as after a rebase, unless several have; else of the one
        that ``brought`` it.

        What was said of a commit itself comes before that.
        """
        moved = self.moved(commits)
        own = [one for one in self.entries if one.commit not in moved]
        others = [
            replace(one, commit=moved[one.commit]) for one in self.entries if one.commit in moved
        ]
        return replace(self, entries=[*own, *others])

    def moved(self, commits: Sequence[AuthoredCommit]) -> dict[str, str]:
        """The hashes of commits of which something is said and which are none of these, with those
        of the ones in their place (``on``)."""
        there = {commit.hash for commit in commits}
        alike: dict[Authored | None, list[str]] = {}
        for commit in commits:
            alike.setdefault(Authored.of(commit), []).append(commit.hash)
        found: dict[str, list[str]] = {}
        for one in self.entries:
            if one.commit in there:
                continue
            found[one.commit] = alike.get(one.authored, [])
            joint = self.brought.get(one.commit)
            if not found[one.commit] and one.authored is not None and joint in there:
                found[one.commit] = [joint]
        return {old: new[0] for old, new in found.items() if len(new) == 1}

    def without(self, commit: str, names: Sequence[str]) -> TriageFile:
        """Without what was said of these series at a commit."""
        left = []
        for one in self.entries:
            series = {name: found for name, found in one.series.items() if name not in names}
            kept = one if one.commit != commit else replace(one, series=series)
            left += [kept] if kept.series else []
        return replace(self, entries=left)

    def having(self, new: TriageEntry) -> TriageFile:
        """With a new entry, which replaces what was said of the same series at its commit."""
        left = self.without(new.commit, [*new.series])
        return replace(self, entries=[*left.entries, new])


def load_triage(folder: Path) -> TriageFile:
    """What lies in a target's folder of results. What is not readable is left out, with a
    remark."""
    if not (folder / FILE).exists():
        return TriageFile()
    try:
        return TriageFile(_read(folder / FILE))
    except UserError as error:
        return TriageFile(remarks=[f"{error}; skipped"])


@contextmanager
def changing(folder: Path) -> Iterator[list[TriageFile]]:
    """The file, read while nobody else writes it, in a list: what is last in it when the block ends
    is written. Raises ``UserError`` if the file is unreadable, which is never written over, or
    cannot be written."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise UserError(f"there are no results in {printable(str(folder))}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = TriageFile(_read(folder / FILE) if (folder / FILE).exists() else ())
        versions = [before]
        yield versions
        if versions[-1] is not before:
            _write(folder / FILE, versions[-1])
    except OSError as error:
        raise UserError(f"cannot write {folder / FILE}: {error.strerror}") from error
    finally:
        os.close(lock)


def commits_said_of(path: Path, content: bytes) -> set[str]:
    """The hashes of the commits of which a file with this content says something. Raises
    ``UserError``, which names the file ``path``."""
    return {one.commit for one in _read(path, content)}


def _read(path: Path, content: bytes | None = None) -> tuple[TriageEntry, ...]:
    entries = read_json(path, VERSION, content=content).get("entries")
    return as_declared(path, entries, tuple[TriageEntry, ...], "a list of what was said of changes")


def _write(path: Path, file: TriageFile) -> None:
    entries = ",\n".join(map(_lines, sorted(file.entries, key=lambda one: one.date)))
    text = f'{{"version": {VERSION}, "entries": [\n{entries}\n]}}\n'
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="replace")


def _lines(entry: TriageEntry) -> str:
    """JSON with a line for each series, so that a difference is read, and merged, line by line."""
    fields = entry_as_json(entry)
    series = fields.pop("series").items()
    lines = [f" {json.dumps(name)}: {json.dumps(one, allow_nan=False)}" for name, one in series]
    head_line = json.dumps(fields, allow_nan=False).removesuffix("}")
    return f'{head_line}, "series": {{\n' + ",\n".join(lines) + "\n}}"


def entry_as_json(entry: TriageEntry) -> dict[str, Any]:
    """As it stands in the file."""
    series = {name: asdict(one) for name, one in sorted(entry.series.items())}
    return {**asdict(entry), "said": entry.said.value, "series": series}
