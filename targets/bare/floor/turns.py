"""A runtime of turns in plain asyncio and sqlite3: a task and a row for each turn."""

from __future__ import annotations

import asyncio
import heapq
import sqlite3
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence

REMEMBERED = 3
"""How many of a session's turns its next prompt has."""

TIMEOUT_S = 30.0
"""What a turn may take if nothing is said."""


class NotDone(Exception):
    """A turn that another one waits for was not done."""


class Gate:
    """Lets so many in at once; of those who wait, the most urgent first, then the first."""

    def __init__(self, allowed: int) -> None:
        self._free = allowed
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._came = 0

    async def enter(self, priority: int) -> None:
        """Wait until there is room."""
        if self._free:
            self._free -= 1
            return
        room = asyncio.get_running_loop().create_future()
        self._came += 1
        heapq.heappush(self._waiting, (-priority, self._came, room))
        try:
            await room
        except asyncio.CancelledError:
            if room.done() and not room.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Make room for the next one."""
        while self._waiting:
            room = heapq.heappop(self._waiting)[2]
            if not room.done():
                room.set_result(None)
                return
        self._free += 1


class Turns:
    """Turns of any number of sessions, at most ``allowed`` of which are worked on at once.

    ``ask``: gives the model's answer to a prompt; ``file``: of the database.
    """

    def __init__(self, ask: Callable[[str], Awaitable[str]], file: str, allowed: int) -> None:
        self._ask = ask
        self._gate = Gate(allowed)
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("CREATE TABLE sessions (key INTEGER PRIMARY KEY, user TEXT)")
        self._database.execute(
            "CREATE TABLE turns (session INTEGER, number INTEGER, said TEXT, answer TEXT,"
            " PRIMARY KEY (session, number)) WITHOUT ROWID"
        )
        self._last: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
        self._taken: defaultdict[str, int] = defaultdict(int)
        self._tasks: dict[str, asyncio.Task[str]] = {}

    def begin(self, user: str) -> str:
        """A new session, stored; gives its key."""
        made = self._database.execute("INSERT INTO sessions (user) VALUES (?)", (user,))
        return str(made.lastrowid)

    def submit(
        self,
        session: str,
        turn: str,
        said: str,
        *,
        priority: int = 0,
        after: Sequence[str] = (),
        timeout_s: float | None = None,
    ) -> asyncio.Task[str]:
        """Take turn ``turn``; the task gives the answer. It raises what the model raises,
        ``TimeoutError``, and ``NotDone``."""
        before = [self._tasks[each] for each in after]
        work = self._work(session, said, priority, before, timeout_s or TIMEOUT_S)
        task = self._tasks[turn] = asyncio.get_running_loop().create_task(work)
        return task

    def cancel(self, turn: str) -> bool:
        """Give a turn up; whether it had not ended."""
        return self._tasks[turn].cancel()

    def kept(self, session: str) -> list[str]:
        """The answers that are stored."""
        asked = "SELECT answer FROM turns WHERE session = ? ORDER BY number"
        return [answer for (answer,) in self._database.execute(asked, (int(session),))]

    async def say(self, prompts: Sequence[str]) -> list[str]:
        """The model's answers, asked for at the same time."""
        return list(await asyncio.gather(*map(self._ask, prompts)))

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    async def _work(
        self,
        session: str,
        said: str,
        priority: int,
        before: Sequence[asyncio.Task[str]],
        timeout_s: float,
    ) -> str:
        for one in before:
            await asyncio.wait([one])
            if one.cancelled() or one.exception() is not None:
                raise NotDone("a turn that it has to come after was not done")
        await self._gate.enter(priority)
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._ask("\n".join([*self._last[session], said]))
        finally:
            self._gate.leave()
        self._keep(session, said, answer)
        return answer

    def _keep(self, session: str, said: str, answer: str) -> None:
        self._taken[session] += 1
        row = int(session), self._taken[session], said, answer
        self._database.execute("INSERT INTO turns VALUES (?, ?, ?, ?)", row)
        self._last[session].append(f"{said} {answer}")
