"""What LOOM's capabilities share: its modules, its dates, and its database."""

from __future__ import annotations

import importlib
import time
from datetime import datetime, tzinfo
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from targets.quiet import drop_records


class _Now(datetime):
    """``datetime`` whose ``now`` is on the clock that everything else is on: the interpreter's own
    reads the real one, so that how long a turn took would depend on the machine."""

    __slots__ = ()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime.fromtimestamp(time.time(), tz)


def loom(module: str) -> ModuleType:
    """A module of LOOM's, its dates on the virtual clock. Its log records go nowhere."""
    found = importlib.import_module(f"loom.{module}")
    vars(found)["datetime"] = _Now
    drop_records()
    return found


def time_retries() -> None:
    """Have backoff, by which LOOM tries again, give up by the virtual clock too."""
    vars(importlib.import_module("backoff._async"))["datetime"] = SimpleNamespace(datetime=_Now)


class Database:
    """LOOM's ``SQLitePersistence`` over a file, with its default pool."""

    def __init__(self, file: Path) -> None:
        self.engine: Any = loom("core.persistence_engine").SQLitePersistence(str(file))

    async def prepare(self) -> None:
        """Make its tables. Raises what LOOM raises, and leaves no connection open then."""
        try:
            await self.engine.initialize()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close the connections of its pool: it has no way of its own at most commits, and each
        connection is a thread that keeps its process from ending."""
        pool = self.engine._connection_pool
        while pool:
            await pool.pop().close()
