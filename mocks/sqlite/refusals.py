"""Which of its errors SQLite waited for in vain, and which it gives at once, without waiting.

SQLite asks its busy handler about locks of the file only, and of those not where it would be in
vain. Its code for both is SQLITE_BUSY; what tells them apart is the state of the connection.
"""

import re
import sqlite3
from typing import TYPE_CHECKING

from mocks.sqlite.queues import Wants

if TYPE_CHECKING:
    from mocks.sqlite.execution import ConnectionState

# Not those of snapshots that are too old, nor of shared caches.
_WAITED_FOR = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY})
# SQLite's text for the code itself, given where nothing but the lock is the reason. Where its own
# statements are ("cannot commit transaction - SQL statements in progress") it has a text for it.
_LOCKED = "database is locked"
_JOURNAL_MODE = re.compile(r"\s*(pragma\s+(?:\w+\.)?journal_mode)\b", re.IGNORECASE)
_COLLATION = "unladen_statements_in_progress"


def is_waited_for(
    state: "ConnectionState",
    connection: sqlite3.Connection,
    error: sqlite3.OperationalError,
    wants: Wants,
    sql: str,
) -> bool:
    """Whether SQLite waits for its busy time-out before it gives the error for `sql`."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code not in _WAITED_FOR or str(error) != _LOCKED:
        return False
    if wants is Wants.COMMIT:
        return True
    if state.has_read:
        return False
    if change := _JOURNAL_MODE.match(sql):
        return _changes_mode_after_a_wait(state, connection, change[1])
    if wants is Wants.WRITE and has_statements_in_progress(connection):
        # What they read stays locked in a transaction, whenever they end. Outside it may wait if it
        # got the lock, and only its commit met others who read.
        state.has_read = connection.in_transaction
        return not state.has_read and _can_write(state, connection)
    return True


def has_statements_in_progress(connection: sqlite3.Connection) -> bool:
    """Whether a statement has more rows to give: collations can't be changed then.

    The cursors can't tell: a statement ends when its last row is taken, not when a fetch says so.
    """
    try:
        for compare in (_compare, None):
            sqlite3.Connection.create_collation(connection, _COLLATION, compare)
    except sqlite3.OperationalError:
        return True
    return False


def _compare(one: str, other: str) -> int:
    return (one > other) - (one < other)


def _changes_mode_after_a_wait(
    state: "ConnectionState", connection: sqlite3.Connection, pragma: str
) -> bool:
    """Whether another journal mode waits: not from WAL, nor to WAL while another writes."""
    try:
        ((mode,),) = state.quietly(connection, pragma)
        state.quietly(connection, "PRAGMA schema_version")
    except sqlite3.OperationalError:
        return True  # Even reading waits.
    return bool(mode != "wal") and _can_write(state, connection)


def _can_write(state: "ConnectionState", connection: sqlite3.Connection) -> bool:
    try:
        state.quietly(connection, "BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    state.quietly(connection, "ROLLBACK")  # A COMMIT would need those who read to end.
    return True
