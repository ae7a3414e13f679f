"""Sessions in plain sqlite3: a row for each session, a row for each note, written once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

_TABLES = (
    "CREATE TABLE sessions (key INTEGER PRIMARY KEY, title TEXT NOT NULL)",
    "CREATE TABLE notes (session INTEGER, number INTEGER, text TEXT NOT NULL,"
    " PRIMARY KEY (session, number)) WITHOUT ROWID",
)


@dataclass(slots=True)
class Session:
    """An open session. ``saved``: how many of its notes are stored."""

    title: str
    notes: list[str] = field(default_factory=list)
    saved: int = 0


class Sessions:
    """Sessions in the database of a file. Each is open from its creation, or its load, on."""

    def __init__(self, file: str) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        for table in _TABLES:
            self._database.execute(table)
        self._open: dict[str, Session] = {}

    def create(self, title: str) -> str:
        """A new session, stored; gives its key."""
        made = self._database.execute("INSERT INTO sessions (title) VALUES (?)", (title,))
        key = str(made.lastrowid)
        self._open[key] = Session(title)
        return key

    def note(self, key: str, notes: Sequence[str]) -> None:
        """Add notes to an open session."""
        self._open[key].notes.extend(notes)

    def save(self, key: str) -> None:
        """Store the notes that are new."""
        session = self._open[key]
        if session.saved == len(session.notes):
            return
        new = enumerate(session.notes[session.saved :], session.saved)
        rows = [(int(key), number, text) for number, text in new]
        self._database.execute("BEGIN")
        self._database.executemany("INSERT INTO notes VALUES (?, ?, ?)", rows)
        self._database.execute("COMMIT")
        session.saved = len(session.notes)

    def load(self, key: str) -> Session | None:
        """The session as it is stored, ``None`` if there is none."""
        found = self._database.execute("SELECT title FROM sessions WHERE key = ?", (int(key),))
        row = found.fetchone()
        if row is None:
            return None
        asked = "SELECT text FROM notes WHERE session = ? ORDER BY number"
        notes = [text for (text,) in self._database.execute(asked, (int(key),))]
        session = self._open[key] = Session(row[0], notes, len(notes))
        return session

    def close(self) -> None:
        """Close the database."""
        self._database.close()
