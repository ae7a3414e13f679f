"""A tiny runtime in which users take turns: ``turns.py`` drives it until yours is in its place."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_S = 30.0
"""What a turn may take."""

REMEMBERED = 3
"""How many turns of a session the model is told again."""

_TABLES = """
CREATE TABLE IF NOT EXISTS sessions (key INTEGER PRIMARY KEY, user TEXT);
CREATE TABLE IF NOT EXISTS turns (session INTEGER, said TEXT, answer TEXT);
CREATE INDEX IF NOT EXISTS of_session ON turns (session);
"""


@dataclass(frozen=True)
class Done:
    """A turn that has ended. ``status``: done, failed, timed out, cancelled."""

    status: str
    answer: str = ""
    error: str = ""


class Runtime:
    """Takes turns of any number of sessions, at most ``allowed`` at once.

    ``ask``: the model, which answers a prompt. ``file``: of SQLite, for what is kept.
    """

    def __init__(self, ask: Callable[[str], Awaitable[str]], file: Path, allowed: int) -> None:
        self._ask = ask
        self._room = asyncio.Semaphore(allowed)
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.executescript(_TABLES)
        self._going_on: dict[str, asyncio.Task[str]] = {}

    def begin(self, user: str) -> int:
        """A new session; gives its key."""
        made = self._database.execute("INSERT INTO sessions (user) VALUES (?)", (user,))
        assert made.lastrowid is not None
        return made.lastrowid

    async def turn(self, session: int, name: str, said: str, timeout_s: float | None) -> Done:
        """Take a turn, which is known by its name until it has ended."""
        work = self._answered(session, said, timeout_s or TIMEOUT_S)
        task = self._going_on[name] = asyncio.create_task(work)
        try:
            return Done("done", await task)
        except TimeoutError:
            return Done("timed out", error="the model took too long")
        except asyncio.CancelledError:
            if not task.cancelled():
                raise
            return Done("cancelled", error="it was given up")
        except Exception as error:  # noqa: BLE001 - whatever the model's client raises
            return Done("failed", error=str(error))
        finally:
            del self._going_on[name]

    def cancel(self, name: str) -> bool:
        """Give a turn up; whether it had not ended."""
        task = self._going_on.get(name)
        return task is not None and task.cancel()

    def answers(self, session: int) -> list[str]:
        """All that is kept of a session, in its order."""
        select = "SELECT answer FROM turns WHERE session = ? ORDER BY rowid"
        return [answer for (answer,) in self._database.execute(select, (session,))]

    async def batch(self, prompts: Sequence[str]) -> list[str]:
        """Answers to prompts that belong to no session, asked for all at once."""
        return list(await asyncio.gather(*map(self._ask, prompts)))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    async def _answered(self, session: int, said: str, timeout_s: float) -> str:
        async with self._room, asyncio.timeout(timeout_s):
            answer = await self._ask("\n".join([*self._last(session), said]))
        row = (session, said, answer)
        self._database.execute("INSERT INTO turns VALUES (?, ?, ?)", row)
        return answer

    def _last(self, session: int) -> list[str]:
        select = "SELECT said, answer FROM turns WHERE session = ? ORDER BY rowid DESC LIMIT ?"
        found = self._database.execute(select, (session, REMEMBERED)).fetchall()
        return [f"{said} {answer}" for said, answer in reversed(found)]
