"""Rows that SQLite inserts, updates and deletes.

Kind: exact. Unit: rows.
Cost: none on statements; a class of connections of its own.
Blind spots: connections that were opened before the block, or with a class of their own; one that
is dropped without being closed. As SQLite counts (``sqlite3_total_changes``): rows that a foreign
key's action or a trigger changes are counted; those that REPLACE takes away to put its own in their
place are not.
"""

import sqlite3
import weakref
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self


class SqliteRows:
    """Context manager: ``count`` is the number of rows changed by all connections opened in its
    block, by ``sqlite3.connect`` as it is when the block begins. It may be read at any moment."""

    def __init__(self) -> None:
        self._closed = 0
        self._open: weakref.WeakSet[sqlite3.Connection] = weakref.WeakSet()
        self._connect: Callable[..., sqlite3.Connection] = sqlite3.connect

    @property
    def count(self) -> int:
        """Rows changed so far."""
        return self._closed + sum(each.total_changes for each in self._open)

    def __enter__(self) -> Self:
        self._connect = plain = sqlite3.connect
        counted = self._class()

        def connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            theirs = kwargs.pop("factory", None)
            connection: sqlite3.Connection = plain(*args, **kwargs, factory=theirs or counted)
            if theirs is None:
                self._open.add(connection)
            return connection

        sqlite3.connect = connect  # type: ignore[assignment]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sqlite3.connect = self._connect  # type: ignore[assignment]

    def _class(self) -> type[sqlite3.Connection]:
        meter = self

        class Counted(sqlite3.Connection):
            """A connection whose changes are counted when it is closed, too."""

            def close(self) -> None:
                if self in meter._open:
                    meter._open.discard(self)
                    meter._closed += self.total_changes
                super().close()

        return Counted
