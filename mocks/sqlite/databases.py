"""The SQLite databases of a program, inside a virtual clock."""

import sqlite3
from typing import Any

from mocks.inside.replacing import Replacements
from mocks.inside.threads import Threads
from mocks.sqlite.connections import connection_class
from mocks.sqlite.queues import Queues
from mocks.sqlite.statements import Statements

_real_connect = sqlite3.connect


class Databases:
    """The SQLite connections that a program opens, by whatever library.

    A statement that meets a lock waits in virtual time, up to the connection's own busy time-out,
    in the order in which statements came, and tries again when the lock is freed by a commit, a
    rollback, a close, or the last row of a SELECT. In the loop's own thread that blocks the loop.
    Where SQLite does not wait (see `refusals`) neither does this.

    Blind spots: `sqlite3.Connection` called by hand; a connection that the program's own function
    gives as a cursor's factory; what has read one database counts as a reader of those attached
    too, a SELECT that began before an explicit BEGIN and ended after it as none; a lock that the
    last row of an INSERT ... RETURNING meets outside a transaction, and `PRAGMA wal_checkpoint`, do
    not wait where SQLite would.

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
                classes[theirs] = connection_class(self, theirs)
            return _real_connect(*args, **kwargs, factory=classes[theirs])

        put.everywhere(_real_connect, connect)
