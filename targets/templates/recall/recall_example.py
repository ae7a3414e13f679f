"""A tiny SDK that remembers: what ``recall.py`` drives until yours stands in its place."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS entities (
    key INTEGER PRIMARY KEY, session INTEGER, text TEXT, vector BLOB
);
CREATE INDEX IF NOT EXISTS of_session ON entities (session);
CREATE TABLE IF NOT EXISTS relations (one INTEGER, other INTEGER, PRIMARY KEY (one, other));
"""


class Memory:
    """Texts of sessions in a SQLite file; ``embed`` gives the vector of a text."""

    def __init__(self, file: Path, embed: Callable[[str], Sequence[float]]) -> None:
        self._embed = embed
        self._database = sqlite3.connect(file)
        self._database.executescript(_TABLES)

    def store(self, texts: Sequence[tuple[int, str]]) -> list[int]:
        """Store texts, each of a session, in one piece; gives their keys."""
        newest = self._database.execute("SELECT ifnull(max(key), 0) FROM entities").fetchone()[0]
        keys = list(range(newest + 1, newest + 1 + len(texts)))
        rows = [
            (key, session, text, array("d", self._embed(text)).tobytes())
            for key, (session, text) in zip(keys, texts, strict=True)
        ]
        with self._database:
            self._database.executemany("INSERT INTO entities VALUES (?, ?, ?, ?)", rows)
        return keys

    def get(self, session: int, key: int) -> str | None:
        """The text of a key, ``None`` if the session has none of it."""
        select = "SELECT text FROM entities WHERE session = ? AND key = ?"
        row = self._database.execute(select, (session, key)).fetchone()
        return None if row is None else row[0]

    def with_words(self, session: int, words: str, limit: int) -> list[str]:
        """The session's texts in which the words stand."""
        select = "SELECT text FROM entities WHERE session = ? AND instr(text, ?) LIMIT ?"
        return [text for (text,) in self._database.execute(select, (session, words, limit))]

    def like(self, session: int, text: str, limit: int) -> list[str]:
        """The session's texts that mean about the same, the nearest first."""
        wanted = self._embed(text)
        select = "SELECT text, vector FROM entities WHERE session = ?"
        found = [
            (-sum(a * b for a, b in zip(wanted, array("d", vector), strict=True)), text)
            for text, vector in self._database.execute(select, (session,))
        ]
        return [text for _, text in sorted(found)[:limit]]

    def relate(self, session: int, one: int, other: int) -> bool:
        """Relate two texts; whether the session has both."""
        if self.get(session, one) is None or self.get(session, other) is None:
            return False
        with self._database:
            self._database.execute("INSERT OR IGNORE INTO relations VALUES (?, ?)", (one, other))
        return True

    def related(self, session: int, key: int) -> list[str]:
        """The session's texts that are related to one."""
        select = (
            "SELECT text FROM entities WHERE session = ? AND key IN (SELECT other FROM relations"
            " WHERE one = ? UNION SELECT one FROM relations WHERE other = ?)"
        )
        return [text for (text,) in self._database.execute(select, (session, key, key))]

    def close(self) -> None:
        """Close the file."""
        self._database.close()
