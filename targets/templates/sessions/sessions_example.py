"""A tiny SDK that keeps sessions: ``sessions.py`` drives it until yours stands in its place."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Session:
    """What was said about something, by whoever keeps it."""

    key: int
    title: str
    notes: list[str] = field(default_factory=list)


class Store:
    """Sessions in a SQLite file, each in a row."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS sessions (key INTEGER PRIMARY KEY, title TEXT, notes TEXT)"
        )

    def create(self, title: str) -> Session:
        """A new session, stored."""
        insert = "INSERT INTO sessions (title, notes) VALUES (?, '[]')"
        key = self._database.execute(insert, (title,)).lastrowid
        assert key is not None
        return Session(key, title)

    def save(self, session: Session) -> None:
        """Store it as it is now."""
        update = "UPDATE sessions SET title = ?, notes = ? WHERE key = ?"
        self._database.execute(update, (session.title, json.dumps(session.notes), session.key))

    def load(self, key: int) -> Session | None:
        """The session as it is stored, ``None`` if there is none of the key."""
        select = "SELECT title, notes FROM sessions WHERE key = ?"
        row = self._database.execute(select, (key,)).fetchone()
        return None if row is None else Session(key, row[0], json.loads(row[1]))

    def close(self) -> None:
        """Close the file."""
        self._database.close()
