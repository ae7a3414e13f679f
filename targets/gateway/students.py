"""The gateway's tables, with the world's users as its students."""

from __future__ import annotations

import hashlib
import importlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from mocks.worlds.service.users import User
from mocks.worlds.service.world import ServiceWorld
from targets.sources import source

FILE = "teachproxy.db"
"""The database of the commits that have theirs in the working directory, and of the virtual
machine."""

_KEPT = "SELECT prompt_text FROM conversations"

_QUOTA = 10**9
_ENROLLED = datetime(2026, 1, 1, tzinfo=UTC)


def prepare(world: ServiceWorld) -> None:
    """Make the tables of the commit at hand in the world's database server, or where it has none or
    the commit wants none in a file, and a row for each user."""
    try:
        base = importlib.import_module("gateway.app.db.base").Base
        importlib.import_module("gateway.app.db.models")
    except ModuleNotFoundError as error:
        if error.name not in ("gateway.app.db", "gateway.app.db.base", "gateway.app.db.models"):
            raise
        return
    engine = _engine(world)
    try:
        if wants_server() and engine.dialect.name == "sqlite":
            _let_readers_go_on(engine)
        base.metadata.create_all(engine)
        students = base.metadata.tables["students"]
        with engine.begin() as connection:
            connection.execute(students.insert(), [_row(students, user) for user in world.users])
    finally:
        engine.dispose()


def prompts_kept(world: ServiceWorld) -> list[str]:
    """What the gateway has been asked, as far as it has stored it."""
    if not (wants_server() and world.database_url):
        with closing(sqlite3.connect(world.folder / FILE)) as connection:
            return [text for (text,) in connection.execute(_KEPT)]
    engine = _engine(world)
    try:
        with engine.connect() as connection:
            return [text for (text,) in connection.exec_driver_sql(_KEPT)]
    finally:
        engine.dispose()


def wants_server() -> bool:
    """Whether the commit at hand asks for Postgres."""
    return "db_host" in source("gateway", "app/core/config.py")


def _engine(world: ServiceWorld) -> Any:
    return importlib.import_module("sqlalchemy").create_engine(_url(world))


def _url(world: ServiceWorld) -> str:
    if wants_server() and world.database_url:
        _, _, rest = world.database_url.partition("://")
        return f"postgresql+psycopg2://{rest}"
    return f"sqlite+pysqlite:///{world.folder / FILE}"


def _let_readers_go_on(engine: Any) -> None:
    """As in Postgres, who reads is not kept waiting by who writes."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def _row(students: Any, user: User) -> dict[str, object]:
    """A student with every column that this commit has and does not fill by itself."""
    known = {
        "id": user.name,
        "name": user.name,
        "email": f"{user.name}@example.org",
        "api_key_hash": hashlib.sha256(user.key.encode()).hexdigest(),
        "created_at": _ENROLLED,
        "current_week_quota": _QUOTA,
        "used_quota": 0,
    }
    return {name: value for name, value in known.items() if name in students.columns}
