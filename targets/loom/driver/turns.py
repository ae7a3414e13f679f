"""LOOM's ``TurnScheduler`` over its database, its turns answered by its OpenAI provider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocks.worlds.turns.asks import Ask
from mocks.worlds.turns.world import TurnsWorld
from targets.exposition import Exposition
from targets.loom.driver.exposed import exposed
from targets.loom.driver.parts import Database, loom, time_retries
from targets.protocols.turns import NO_WISH, Status, Taken, Turns, Wish


class _Runtime:
    def __init__(self, world: TurnsWorld, database: Database) -> None:
        self._database = database
        self._sessions = loom("core.session_manager")
        self._manager: Any = self._sessions.SessionManager(database.engine)
        provider = loom("interpretation.llm_provider").OpenAIProvider
        time_retries()
        settings = {
            "name": "openai",
            "type": "openai",
            "model": "gpt-3.5-turbo",
            "api_key": "none",
            "base_url": world.model_url,
        }
        self._provider: Any = provider(settings)
        self._scheduler: Any = _scheduler(self._provider)(
            max_concurrent=world.allowed,
            session_manager=self._manager,
            persistence_engine=database.engine,
        )
        self._ids: dict[str, str] = {}
        self._taken: dict[str, int] = {}

    async def start(self) -> None:
        """Begin to work on turns."""
        await self._scheduler.start()

    async def begin(self, user: int) -> str:
        config = self._sessions.SessionConfig(name=f"user {user}", canon_path="canon")
        return str((await self._manager.create_session(config)).id)

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        number = self._taken[session] = self._taken.get(session, 0) + 1
        options: dict[str, Any] = {"priority": wish.priority}
        if wish.after:
            options["dependencies"] = [self._ids[one.mark] for one in wish.after]
        if wish.timeout_s is not None:
            options["timeout_seconds"] = wish.timeout_s
        turn = self._scheduler.create_turn(session, number, ask.text, **options)
        self._ids[ask.mark] = turn.id
        await self._scheduler.submit_turn(turn)
        return _taken(await self._scheduler.wait_for_turn(turn.id))

    async def cancel(self, ask: Ask) -> bool:
        return bool(await self._scheduler.cancel_turn(self._ids[ask.mark]))

    async def save(self, session: str) -> None:
        found = await self._manager.load_session(session)
        if not await self._manager.save_session(found, force=True):
            raise RuntimeError("LOOM says that it could not save the session")

    async def kept(self, session: str) -> Sequence[str]:
        await self._manager.load_session(session, force_reload=True)
        rows = await self._database.engine.load_turns(session, limit=10_000)
        rows.sort(key=lambda row: row["turn_number"])
        return [row["llm_response"] for row in rows if row["llm_response"]]

    async def say(self, asks: Sequence[Ask]) -> Sequence[str]:
        replies = await self._provider.generate_batch([ask.text for ask in asks])
        return [reply.content for reply in replies]

    def tokens(self) -> int | None:
        return int(self._provider.total_tokens)

    def expose(self) -> Exposition:
        return exposed()

    async def close(self) -> None:
        await self._scheduler.stop()
        await self._provider.close()
        await self._database.close()


def _scheduler(provider: Any) -> Any:
    """LOOM's scheduler, with its provider where it has a pause of 0.5 s and a made-up answer at
    every commit: ``_execute_turn`` is where its own tests put theirs."""

    class Scheduler(loom("core.turn_scheduler").TurnScheduler):  # type: ignore[misc]
        async def _execute_turn(self, turn: Any, session: Any) -> dict[str, Any]:
            reply = await provider.generate(turn.player_input)
            return {"response": reply.content}

    return Scheduler


_STATUS = {
    "completed": Status.DONE,
    "failed": Status.FAILED,
    "timeout": Status.TIMED_OUT,
    "cancelled": Status.CANCELLED,
}


def _taken(turn: Any) -> Taken:
    return Taken(_STATUS[turn.status.value], turn.llm_response or "", turn.error or "", turn)


async def _open(world: TurnsWorld) -> _Runtime:
    database = Database(world.folder / "loom.db")
    await database.prepare()
    runtime = _Runtime(world, database)
    await runtime.start()
    return runtime


TURNS = Turns(open=_open)
