"""Conversations of google-adk: its session services keep them, in memory or in SQLite."""

from __future__ import annotations

from importlib import import_module as module
from pathlib import Path
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.google_adk.driver import APP, KEY, TARGET, US, _done
from targets.protocol import Unavailable
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores


class _InSession:
    def __init__(self, runner: Any, name: str, message: Any) -> None:
        self._runner, self._message = runner, message
        self._on = {**US, "session_id": name}

    async def say(self, asked: str) -> Ended:
        run = self._runner.run_async(**self._on, new_message=self._message(asked))
        events = [event async for event in run]
        return Ended(events[-1].actions.state_delta[KEY], None, events)

    async def end(self) -> None:
        if hasattr(self._runner.session_service, "close"):
            await _done(self._runner.session_service.close())


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        if keeping is Keeping.HANDED:
            raise Unavailable("what was said is always its session service's")
        about = {"name": spec.name, "model": self._agents._model, "output_key": KEY}
        agent = self._agents._agent(**about, instruction=spec.instructions)
        service = _service(keeping, folder)
        runner = module("google.adk.runners").Runner(agent=agent, session_service=service, **APP)
        on = {**APP, **US, "session_id": name}
        if await _done(service.get_session(**on)) is None:
            await _done(service.create_session(**on))
        return _InSession(runner, name, self._agents._types.UserContent)


def _service(keeping: Keeping, folder: Path) -> Any:
    if keeping is Keeping.MEMORY:
        return module("google.adk.sessions").InMemorySessionService()
    try:
        services = module("google.adk.sessions.sqlite_session_service")
    except ImportError as error:
        raise Unavailable(f"its store in SQLite needs what it does not bring: {error}") from error
    return services.SqliteSessionService(str(folder / "sessions.db"))


OFFERED = Stores(open=_Sdk)
