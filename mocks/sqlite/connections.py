"""The classes of connections and cursors that a program gets in the place of sqlite3's."""

import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from mocks.sqlite.execution import ConnectionState, paths_of, perform, within
from mocks.sqlite.statements import statement

if TYPE_CHECKING:
    from mocks.sqlite.databases import Databases

T = TypeVar("T")

# Those of `sqlite3.Connection` after the time-out; by position they are deprecated in 3.13.
_CONNECTION_PARAMETERS = (
    "detect_types",
    "isolation_level",
    "check_same_thread",
    "factory",
    "cached_statements",
    "uri",
)


class _Rows:
    """Rows to insert, from the one on that met a lock."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._rows = iter(rows)
        self._last: list[Any] = []

    def again(self) -> Iterator[Any]:
        """The last row that was given before, and those after it."""
        yield from self._last
        for row in self._rows:
            self._last = [row]
            yield row


def _statements_of(script: str) -> list[str]:
    found, rest = [], ""
    for piece in script.split(";"):
        rest += piece + ";"
        if sqlite3.complete_statement(rest):
            found.append(rest)
            rest = ""
    rest = rest.removesuffix(";")
    return [each for each in (*found, rest) if statement(each).verb]


@lru_cache(maxsize=64)
def cursor_class(theirs: type[sqlite3.Cursor]) -> type[sqlite3.Cursor]:
    class Cursor(theirs):  # type: ignore[misc, valid-type]
        """A cursor whose statements are counted, and wait."""

        def _perform(self, sql: str, call: Callable[[], T]) -> T:
            connection = self.connection
            return perform(connection._state, connection, sql, call)

        def execute(self, sql: str, *args: Any) -> Any:
            return self._perform(sql, lambda: super(Cursor, self).execute(sql, *args))

        def executemany(self, sql: str, rows: Any, /) -> Any:
            left = _Rows(rows)
            return self._perform(sql, lambda: super(Cursor, self).executemany(sql, left.again()))

        def executescript(self, script: str, /) -> Any:
            connection = self.connection
            if connection.in_transaction and getattr(connection, "autocommit", -1) == -1:
                connection.commit()
            level, connection.isolation_level = connection.isolation_level, None
            try:
                for each in _statements_of(script):
                    self.execute(each).fetchall()
            finally:
                connection.isolation_level = level
            return self

        def fetchone(self) -> Any:
            row = super().fetchone()
            if row is None:
                self.connection._state.was_read(self.connection)
            return row

        def fetchmany(self, *args: Any, **kwargs: Any) -> Any:
            rows = super().fetchmany(*args, **kwargs)
            self.connection._state.was_read(self.connection)
            return rows

        def fetchall(self) -> Any:
            rows = super().fetchall()
            self.connection._state.was_read(self.connection)
            return rows

        def __next__(self) -> Any:
            try:
                return super().__next__()
            except StopIteration:
                self.connection._state.was_read(self.connection)
                raise

        def close(self) -> None:
            super().close()
            self.connection._state.was_read(self.connection)

    return Cursor


def connection_class(
    databases: "Databases", theirs: type[sqlite3.Connection]
) -> type[sqlite3.Connection]:
    class Connection(theirs):  # type: ignore[misc, valid-type]
        """A connection whose statements are counted, and wait."""

        def __init__(self, database: Any, timeout: float = 5.0, *args: Any, **kwargs: Any) -> None:
            self._state = ConnectionState(databases, timeout)
            kwargs.update(zip(_CONNECTION_PARAMETERS, args, strict=False))
            within(
                databases, lambda: super(Connection, self).__init__(database, timeout=0.0, **kwargs)
            )
            self._state.paths = paths_of(self._state, self)
            super().set_trace_callback(self._state.on_statement)
            # Dropped without a close, its locks are free when it is gone, a moment later.
            weakref.finalize(self, databases.threads.later, self._state.freed).atexit = False

        def set_trace_callback(self, callback: Any) -> None:
            self._state.trace = callback

        def cursor(self, factory: Any = None) -> Any:
            factory = sqlite3.Cursor if factory is None else factory
            if isinstance(factory, type):
                factory = cursor_class(factory)
            return super().cursor(factory)

        # The interpreter's own go past `cursor`.
        def execute(self, *args: Any) -> Any:
            return self.cursor().execute(*args)

        def executemany(self, *args: Any) -> Any:
            return self.cursor().executemany(*args)

        def executescript(self, *args: Any) -> Any:
            return self.cursor().executescript(*args)

        def commit(self) -> None:
            if self.in_transaction:
                perform(self._state, self, "COMMIT", super().commit)
            else:
                super().commit()

        def rollback(self) -> None:
            if self.in_transaction:
                perform(self._state, self, "ROLLBACK", super().rollback)
            else:
                super().rollback()

        def close(self) -> None:
            within(databases, super().close)
            self._state.freed()

        def __exit__(self, exc_type: Any, exc: Any, traceback: Any) -> Any:
            (self.rollback if exc_type else self.commit)()
            return False

    return Connection
