"""Executing one statement on a connection: its price, its wait for locks, its count."""

import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mocks.sqlite.queues import Waiter, Wants
from mocks.sqlite.refusals import has_statements_in_progress, is_waited_for
from mocks.sqlite.statements import ENDS, WRITES, Statement, statement

if TYPE_CHECKING:
    from mocks.sqlite.databases import Databases

T = TypeVar("T")

_BUSY_TIMEOUT = re.compile(r"\s*pragma\s+(\w+\.)?busy_timeout\b", re.IGNORECASE)
_TAKES_LOCK = re.compile(r"\s*begin\s+(immediate|exclusive)\b", re.IGNORECASE)


class ConnectionState:
    """What is known of one connection. Holds no reference to it, so that it dies when dropped."""

    def __init__(self, databases: "Databases", busy_s: float) -> None:
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

    def quietly(self, connection: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
        """Execute a statement of ours, unseen."""
        self.is_quiet = True
        try:
            return sqlite3.Cursor(connection).execute(sql).fetchall()
        finally:
            self.is_quiet = False

    def freed(self) -> None:
        """Something that others may wait for is free."""
        self.databases.queues.freed(self.paths)

    def was_read(self, connection: sqlite3.Connection) -> None:
        """All rows of a SELECT may have been read, which frees its lock outside transactions."""
        if not connection.in_transaction:
            self.freed()


def perform(
    state: ConnectionState, connection: sqlite3.Connection, sql: str, call: Callable[[], T]
) -> T:
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
            result = _waiting(state, connection, sql, call)
        _pay(databases, len(state.traced) - 1)
        _count(state, does)
        state.noted(connection, does, wants)
        if does.verb in ("ATTACH", "DETACH"):
            state.paths = paths_of(state, connection)
    except BaseException as error:
        if isinstance(error, sqlite3.IntegrityError):  # It has the lock all the same.
            state.noted(connection, does, wants)
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


def within(databases: "Databases", call: Callable[[], T]) -> T:
    """Call SQLite, which never waits for long here, whatever its thread may seem to do."""
    me = databases.threads.current()
    if me is None:
        return call()
    me.in_database = True
    try:
        return call()
    finally:
        me.in_database = False


def _pay(databases: "Databases", statements: int) -> None:
    if databases.statement_s and statements > 0:
        databases.threads.sleep(statements * databases.statement_s)


def _waiting(
    state: ConnectionState, connection: sqlite3.Connection, sql: str, call: Callable[[], T]
) -> T:
    databases, queues = state.databases, state.databases.queues
    does = statement(sql)
    wants = state.wants(does, sql)
    if not (state.busy_s and _would_overtake(state, connection, wants)):
        try:
            return within(databases, call)
        except sqlite3.OperationalError as error:
            if not state.busy_s or not is_waited_for(state, connection, error, wants, sql):
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
                return within(databases, call)
            except sqlite3.OperationalError as error:
                if not was_freed or not is_waited_for(state, connection, error, wants, sql):
                    raise
    finally:
        databases.waited_s += databases.threads.loop.time() - began
        queues.leave(waiter)


def _would_overtake(state: ConnectionState, connection: sqlite3.Connection, wants: Wants) -> bool:
    """Whether others wait for what a statement wants, which it neither has nor is refused."""
    return (
        wants is Wants.WRITE
        and not state.has_read
        and state.databases.queues.is_awaited(state.paths, wants)
        and not has_statements_in_progress(connection)
    )


def _with_own_timeout(
    state: ConnectionState, connection: sqlite3.Connection, call: Callable[[], T]
) -> T:
    """Let SQLite wait by itself for a call, or see and set its time-out."""
    state.quietly(connection, f"PRAGMA busy_timeout={round(state.busy_s * 1000)}")
    try:
        return call()
    finally:
        ((milliseconds,),) = state.quietly(connection, "PRAGMA busy_timeout")
        state.busy_s = milliseconds / 1000
        state.quietly(connection, "PRAGMA busy_timeout=0")


def _count(state: ConnectionState, does: Statement) -> None:
    for text in state.traced:
        verb = _verb_of(text, does)
        state.databases.statements.add(does if verb == does.verb else Statement(verb, ""))


def _verb_of(text: str, does: Statement) -> str:
    """The verb of a statement that SQLite tells of while it executes the one that `does` this.

    It is that one, or the BEGIN that the module puts before it.
    """
    return "BEGIN" if text[:5].upper() == "BEGIN" else does.verb


def paths_of(state: ConnectionState, connection: sqlite3.Connection) -> tuple[str, ...]:
    rows = state.quietly(connection, "PRAGMA database_list")
    return tuple(str(Path(os.fsdecode(path)).resolve()) for _, _, path in rows if path)
