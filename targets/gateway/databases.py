"""SQLite in the place of the database that the gateway names.

On the virtual machine there is no Postgres. The gateway goes on to believe that it speaks to one:
its URL, the size and the time-outs of its pool, and what it does where its URL is not SQLite's are
as they are. Only what SQLAlchemy looks up by the name of the dialect is another one, which opens a
file.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

_SYNCHRONOUS = ("sqlite", "sqlite.pysqlite", "postgresql", "postgresql.psycopg2")
_ASYNCHRONOUS = ("sqlite.aiosqlite", "postgresql.asyncpg")


def use_file(file: Path) -> Callable[[], None]:
    """Let every engine that is made from now on connect to ``file``; gives what takes that back."""
    # Its base class finds out about plugins before ours are there.
    registry = importlib.import_module("sqlalchemy.dialects").registry
    pools = importlib.import_module("sqlalchemy.pool")
    before = dict(registry.impls)
    for names, module, pool in (
        (_SYNCHRONOUS, "pysqlite", pools.QueuePool),
        (_ASYNCHRONOUS, "aiosqlite", pools.AsyncAdaptedQueuePool),
    ):
        own = importlib.import_module(f"sqlalchemy.dialects.sqlite.{module}").dialect
        replaced = _dialect(own, file, pool)
        for name in names:
            registry.impls[name] = lambda replaced=replaced: replaced

    def take_back() -> None:
        registry.impls.clear()
        registry.impls.update(before)

    return take_back


def _dialect(own: Any, file: Path, pool: Any) -> Any:
    """The dialect ``own`` of SQLite, for one file, with a pool that has a size."""

    def create_connect_args(self: Any, url: Any) -> tuple[list[str], dict[str, Any]]:
        return [str(file)], {"check_same_thread": False}

    def connect(self: Any, *arguments: Any, **options: Any) -> Any:
        # The others are those of Postgres' driver.
        known = {name: value for name, value in options.items() if name in _OPTIONS}
        return own.connect(self, *arguments, **known)

    members = {
        "create_connect_args": create_connect_args,
        "connect": connect,
        "get_pool_class": classmethod(lambda cls, url: pool),
        "supports_statement_cache": True,
    }
    return type("FileDialect", (own,), members)


_OPTIONS = {"check_same_thread", "timeout", "isolation_level", "detect_types", "cached_statements"}
