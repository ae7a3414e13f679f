"""Connections to SQLite whose statements are counted, and wait for locks in virtual time."""

import os
import re
import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from mocks.inside.replacing import Replacements
from mocks.inside.threads import Threads
from mocks.sqlite.queues import Queues, Waiter, Wants
from mocks.sqlite.statements import ENDS, WRITES, Statement, Statements, statement

T = TypeVar("T")

_real_connect = sqlite3.connect
_Execute = Callable[..., sqlite3.Cursor]

# SQLite asks its busy handler about these only: not if a snapshot is too old, nor shared caches.
_WAITED_FOR = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY})
_BUSY_TIMEOUT = re.compile(r"\s*pragma\s+(\w+\.)?busy_timeout\b", re.IGNORECASE)
_TAKES_LOCK = re.compile(r"\s*begin\s+(immediate|exclusive)\b", re.IGNORECASE)


# Those of `sqlite3.Connection` after the time-out; by position they are deprecated in 3.13.
_CONNECTION_PARAMETERS = (
    "detect_types",
    "isolation_level",
    "check_same_thread",
    "factory",
    "cached_statements",
    "uri",
)


class Databases:
    """The SQLite connections that a program opens, by whatever library.

    A statement that meets a lock waits in virtual time, up to the connection's own busy time-out,
    in the order in which statements came, and tries again when the lock is freed by a commit, a
    rollback, a close, or the last row of a SELECT. In the loop's own thread that blocks the loop.
    Where SQLite does not wait (a transaction that has read and wants to write while another
    writes; a snapshot that is too old) neither does this.

    Blind spots: `sqlite3.Connection` called by hand; an unfinished SELECT outside a transaction,
    whose connection then wants to write, waits for a lock where SQLite would refuse at once; a
    connection that the program's own function gives as a cursor's factory.

    Attributes:
        statements: those executed.
        lock_waits: statements that had to wait for a lock.
        waited_s: virtual seconds for which they did, together.
    """

    def __init__(self, threads: Threads, *, statement_s: float = 0.0) -> None:
        self.threads = threads
        self.statement_s = statement_s
        self.statements = Statements()
        self.queues = Queues(threads)
        self.lock_waits = 0
        self.waited_s = 0.0

    def install(self, put: Replacements) -> None:
        """Have `sqlite3.connect` open connections of this, until `put` is undone."""

        classes: dict[type[sqlite3.Connection], type[sqlite3.Connection]] = {}

        def connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            theirs = kwargs.pop("factory", None) or sqlite3.Connection
            if theirs not in classes:
                classes[theirs] = _connection_class(self, theirs)
            return _real_connect(*args, **kwargs, factory=classes[theirs])

        put.everywhere(_real_connect, connect)


class _State:
    """What is known of one connection. Holds no reference to it, so that it dies when dropped."""

    def __init__(self, databases: Databases, busy_s: float) -> None:
        self.databases = databases
        self.busy_s = busy_s
        self.paths: tuple[str, ...] = ()
        self.has_read = False
        self.has_written = False
        self.traced: list[str] = []
        self.trace: Callable[[str], object] | None = None
        self.is_quiet = False

    def on_statement(self, text: str) -> None:
        """Called by SQLite when a statement begins."""
        if self.is_quiet:
            return
        if not text.startswith("--"):  # else one of a trigger
            self.traced.append(text)
        if self.trace is not None:
            self.trace(text)

    def forget_attempt(self, does: Statement) -> None:
        """Forget the statement that failed, but not those that were executed before it."""
        if self.traced and does.verb in ("BEGIN", _verb_of(self.traced[-1], does)):
            self.traced.pop()

    def wants(self, does: Statement, sql: str) -> Wants:
        """What a statement wants of the lock."""
        if does.verb in ENDS:
            return Wants.COMMIT
        if does.verb in WRITES or _TAKES_LOCK.match(sql):
            return Wants.WRITE
        return Wants.READ

    def noted(self, connection: sqlite3.Connection, does: Statement, wants: Wants) -> None:
        """Note what a statement that succeeded took or freed."""
        if not connection.in_transaction or self.is_over(connection, does):
            self.has_read = self.has_written = False
        elif wants is Wants.WRITE:
            self.has_read = self.has_written = True
        elif does.verb not in ("BEGIN", "SAVEPOINT"):
            self.has_read = True

    def is_over(self, connection: sqlite3.Connection, does: Statement) -> bool:
        """Whether the statement ended a transaction where the next begins at once (PEP 249)."""
        return does.verb in ("COMMIT", "ROLLBACK") and not getattr(connection, "autocommit", -1)

    def may_wait(self, error: sqlite3.OperationalError, wants: Wants) -> bool:
        """Whether SQLite would wait, or knows that it would be in vain."""
        code = getattr(error, "sqlite_errorcode", 0)
        return code in _WAITED_FOR and (wants is Wants.COMMIT or not self.has_read)

    def freed(self) -> None:
        """Something that others may wait for is free."""
        self.databases.queues.freed(self.paths)

    def was_read(self, connection: sqlite3.Connection) -> None:
        """All rows of a SELECT may have been read, which frees its lock outside transactions."""
        if not connection.in_transaction:
            self.freed()


def _perform(state: _State, connection: sqlite3.Connection, sql: str, call: Callable[[], T]) -> T:
    """Execute a statement: pay for it, wait for locks, count it."""
    databases = state.databases
    does = statement(sql)
    wants = state.wants(does, sql)
    if not databases.threads.is_inside():
        return _with_own_timeout(state, connection, call)
    _pay(databases, 1)
    was_in_transaction = connection.in_transaction
    try:
        if _BUSY_TIMEOUT.match(sql):
            result = _with_own_timeout(state, connection, call)
        else:
            result = _waiting(state, does, wants, call)
        _pay(databases, len(state.traced) - 1)
        _count(state, does)
        state.noted(connection, does, wants)
        if does.verb in ("ATTACH", "DETACH"):
            state.paths = _paths(state, connection)
    except BaseException:
        state.forget_attempt(does)
        _count(state, does)
        raise
    finally:
        state.traced.clear()
        if was_in_transaction and not connection.in_transaction:
            state.has_read = state.has_written = False
            state.freed()
        elif state.is_over(connection, does):
            state.freed()
    return result


def _pay(databases: Databases, statements: int) -> None:
    if databases.statement_s and statements > 0:
        databases.threads.sleep(statements * databases.statement_s)


def _waiting(state: _State, does: Statement, wants: Wants, call: Callable[[], T]) -> T:
    databases, queues = state.databases, state.databases.queues
    fresh = wants is Wants.WRITE and not state.has_read
    if not (fresh and state.busy_s and queues.is_awaited(state.paths, wants)):
        try:
            return call()
        except sqlite3.OperationalError as error:
            if not state.busy_s or not state.may_wait(error, wants):
                raise
    began = databases.threads.loop.time()
    waiter = Waiter(wants, state.paths)
    queues.join(waiter)
    databases.lock_waits += 1
    try:
        while True:
            left = began + state.busy_s - databases.threads.loop.time()
            was_freed = left > 0 and queues.wait(waiter, left)
            state.forget_attempt(does)
            try:
                return call()
            except sqlite3.OperationalError as error:
                if not was_freed or not state.may_wait(error, wants):
                    raise
    finally:
        databases.waited_s += databases.threads.loop.time() - began
        queues.leave(waiter)


def _with_own_timeout(state: _State, connection: sqlite3.Connection, call: Callable[[], T]) -> T:
    """Let SQLite wait by itself for a call, or see and set its time-out."""
    _pragma(state, connection, f"PRAGMA busy_timeout={round(state.busy_s * 1000)}")
    try:
        return call()
    finally:
        ((milliseconds,),) = _pragma(state, connection, "PRAGMA busy_timeout")
        state.busy_s = milliseconds / 1000
        _pragma(state, connection, "PRAGMA busy_timeout=0")


def _pragma(state: _State, connection: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
    """Execute a statement of ours, unseen."""
    state.is_quiet = True
    try:
        return sqlite3.Cursor(connection).execute(sql).fetchall()
    finally:
        state.is_quiet = False


def _count(state: _State, does: Statement) -> None:
    for text in state.traced:
        verb = _verb_of(text, does)
        state.databases.statements.add(does if verb == does.verb else Statement(verb, ""))


def _verb_of(text: str, does: Statement) -> str:
    """The verb of a statement that SQLite tells of while it executes the one that `does` this.

    It is that one, or the BEGIN that the module puts before it.
    """
    return "BEGIN" if text[:5].upper() == "BEGIN" else does.verb


def _paths(state: _State, connection: sqlite3.Connection) -> tuple[str, ...]:
    rows = _pragma(state, connection, "PRAGMA database_list")
    return tuple(str(Path(os.fsdecode(path)).resolve()) for _, _, path in rows if path)


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
def _cursor_class(theirs: type[sqlite3.Cursor]) -> type[sqlite3.Cursor]:
    class Cursor(theirs):  # type: ignore[misc, valid-type]
        """A cursor whose statements are counted, and wait."""

        def _perform(self, sql: str, call: Callable[[], T]) -> T:
            connection = self.connection
            return _perform(connection._state, connection, sql, call)

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


def _connection_class(
    databases: Databases, theirs: type[sqlite3.Connection]
) -> type[sqlite3.Connection]:
    class Connection(theirs):  # type: ignore[misc, valid-type]
        """A connection whose statements are counted, and wait."""

        def __init__(self, database: Any, timeout: float = 5.0, *args: Any, **kwargs: Any) -> None:
            self._state = _State(databases, timeout)
            kwargs.update(zip(_CONNECTION_PARAMETERS, args, strict=False))
            super().__init__(database, timeout=0.0, **kwargs)
            self._state.paths = _paths(self._state, self)
            super().set_trace_callback(self._state.on_statement)
            # Dropped without a close, its locks are free when it is gone, a moment later.
            weakref.finalize(self, databases.threads.later, self._state.freed).atexit = False

        def set_trace_callback(self, callback: Any) -> None:
            self._state.trace = callback

        def cursor(self, factory: Any = None) -> Any:
            factory = sqlite3.Cursor if factory is None else factory
            if isinstance(factory, type):
                factory = _cursor_class(factory)
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
                _perform(self._state, self, "COMMIT", super().commit)
            else:
                super().commit()

        def rollback(self) -> None:
            if self.in_transaction:
                _perform(self._state, self, "ROLLBACK", super().rollback)
            else:
                super().rollback()

        def close(self) -> None:
            super().close()
            self._state.freed()

        def __exit__(self, exc_type: Any, exc: Any, traceback: Any) -> Any:
            (self.rollback if exc_type else self.commit)()
            return False

    return Connection
