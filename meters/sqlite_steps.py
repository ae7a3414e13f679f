"""Steps of SQLite's virtual machine: the work that statements do inside SQLite.

Kind: exact. Unit: steps (instructions of the programs that statements are compiled to).
Cost: a call of Python for each step, some 0.2 microseconds.
Blind spots: connections that were opened before the block; what is no such instruction (reading
pages, comparing texts, parsing SQL); a connection whose program sets a progress handler of its own
is not counted from then on. The numbers depend on SQLite's version, and are comparable within one
only.

A statement that looks at every row of a table counts as one statement and runs no bytecodes; here
it is seen, and so is what an index saves.
"""

import sqlite3
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self


class SqliteSteps:
    """Context manager: ``count`` is the number of steps of all connections opened in its block, by
    ``sqlite3.connect`` as it is when the block begins. It may be read at any moment."""

    def __init__(self) -> None:
        self.count = 0
        self._connect: Callable[..., sqlite3.Connection] = sqlite3.connect

    def __enter__(self) -> Self:
        self._connect = plain = sqlite3.connect

        def connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = plain(*args, **kwargs)
            connection.set_progress_handler(self._step, 1)
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

    def _step(self) -> int:
        self.count += 1
        return 0
