"""A memory in plain sqlite3: the least that any SDK has to do.

One connection, one transaction a batch; an index by words (FTS5); vectors held in memory and
compared one by one, per session. No cache, no versions, no retries.
"""

import sqlite3
from array import array
from collections.abc import Callable, Sequence
from operator import mul

_TABLES = """
CREATE TABLE IF NOT EXISTS entities (
    key INTEGER PRIMARY KEY, session INTEGER, text TEXT, vector BLOB
);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(text, session UNINDEXED);
CREATE TABLE IF NOT EXISTS relations (one INTEGER, other INTEGER, PRIMARY KEY (one, other));
CREATE INDEX IF NOT EXISTS others ON relations (other);
"""


class Memory:
    """Entities of sessions in the SQLite file at ``path``; ``embed`` gives the vector of a text."""

    def __init__(self, path: str, embed: Callable[[str], Sequence[float]]) -> None:
        self._embed = embed
        self._db = sqlite3.connect(path)
        self._db.executescript(_TABLES)
        self._next = self._db.execute("SELECT ifnull(max(key), 0) + 1 FROM entities").fetchone()[0]
        self._vectors: dict[int, dict[int, array[float]]] = {}
        for key, session, vector in self._db.execute("SELECT key, session, vector FROM entities"):
            self._vectors.setdefault(session, {})[key] = array("d", vector)

    def store(self, entities: Sequence[tuple[int, str]]) -> list[int]:
        """Store (session, text) each: their keys."""
        keys = list(range(self._next, self._next + len(entities)))
        self._next += len(entities)
        vectors = [array("d", self._embed(text)) for _, text in entities]
        rows = [
            (key, session, text, vector.tobytes())
            for key, (session, text), vector in zip(keys, entities, vectors, strict=True)
        ]
        with self._db:
            self._db.executemany("INSERT INTO entities VALUES (?, ?, ?, ?)", rows)
            self._db.executemany(
                "INSERT INTO words (rowid, session, text) VALUES (?, ?, ?)",
                [row[:3] for row in rows],
            )
        for key, (session, _), vector in zip(keys, entities, vectors, strict=True):
            self._vectors.setdefault(session, {})[key] = vector
        return keys

    def get(self, session: int, key: int) -> str | None:
        """The text of an entity of a session."""
        row = self._db.execute(
            "SELECT text FROM entities WHERE key = ? AND session = ?", (key, session)
        ).fetchone()
        return None if row is None else row[0]

    def search(self, session: int, words: str, limit: int) -> list[str]:
        """The texts of a session in which the words stand next to each other."""
        found = self._db.execute(
            "SELECT text FROM words WHERE words MATCH ? AND session = ? LIMIT ?",
            (f'"{words}"', session, limit),
        )
        return [text for (text,) in found]

    def similar(self, session: int, text: str, limit: int) -> list[str]:
        """The texts of a session whose vectors are nearest to that of ``text``."""
        asked = self._embed(text)
        vectors = self._vectors.get(session, {})
        scores = [(-sum(map(mul, asked, vector)), key) for key, vector in vectors.items()]
        nearest = [self.get(session, key) for _, key in sorted(scores)[:limit]]
        return [found for found in nearest if found is not None]

    def relate(self, one: int, other: int) -> None:
        """Relate two entities."""
        with self._db:
            self._db.execute("INSERT OR IGNORE INTO relations VALUES (?, ?)", (one, other))

    def related(self, session: int, key: int) -> list[str]:
        """The texts of all of a session that are related to an entity, in either direction."""
        found = self._db.execute(
            "SELECT text FROM entities WHERE session = ? AND key IN (SELECT other FROM relations"
            " WHERE one = ? UNION SELECT one FROM relations WHERE other = ?)",
            (session, key, key),
        )
        return [text for (text,) in found]

    def close(self) -> None:
        """Close the file."""
        self._db.close()
