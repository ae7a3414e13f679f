"""Parley's turns for the benchmarks."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from mocks.model import Model, ModelError, RateLimited, Request
from mocks.worlds.turns.asks import Ask, mark_in
from mocks.worlds.turns.script import ROLE
from mocks.worlds.turns.world import TurnsWorld
from targets.parley.runtime import runtime
from targets.protocol import Unavailable
from targets.protocols.turns import NO_WISH, Status, Taken, Turns, Wish

_STATUS = {
    "done": Status.DONE,
    "failed": Status.FAILED,
    "late": Status.TIMED_OUT,
    "cancelled": Status.CANCELLED,
}


class _Answers:
    """A model as parley's runtime asks it: the mock one."""

    def __init__(self, model: Model) -> None:
        self._call = model.call
        self._error = importlib.import_module("parley").ProviderError

    async def answer(self, messages: Sequence[Mapping[str, str]]) -> str:
        prompt = "\n".join(message["content"] for message in messages)
        try:
            reply = await self._call(Request(ROLE, "", mark_in(prompt), prompt))
        except ModelError as error:
            pause = error.retry_after if isinstance(error, RateLimited) else None
            raise self._error(str(error), pause) from error
        return reply.text


class _Runtime:
    def __init__(self, world: TurnsWorld) -> None:
        path, answers = str(world.folder / "parley.db"), _Answers(world.model)
        self._runtime = runtime("turns").Runtime(path, answers, limit=world.allowed)
        self._sessions: dict[str, Any] = {}
        self._jobs: dict[str, Any] = {}

    async def begin(self, user: int) -> str:
        session = self._runtime.sessions.create(f"user {user}")
        key = str(session.id)
        self._sessions[key] = session
        return key

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        wanted: dict[str, Any] = {} if wish.timeout_s is None else {"timeout": wish.timeout_s}
        after = [self._jobs[one.mark] for one in wish.after]
        job = self._jobs[ask.mark] = self._runtime.submit(
            self._sessions[session], ask.text, priority=wish.priority, after=after, **wanted
        )
        status = await self._runtime.wait(job)
        return Taken(_STATUS[status.value], job.text, "", job)

    async def cancel(self, ask: Ask) -> bool:
        return bool(self._runtime.cancel(self._jobs[ask.mark]))

    async def save(self, session: str) -> None:
        self._runtime.sessions.save(self._sessions[session])

    async def kept(self, session: str) -> Sequence[str]:
        loaded = self._runtime.sessions.load(int(session), again=True)
        return [line.text for line in loaded.lines if line.role == "assistant"]

    async def say(self, asks: Sequence[Ask]) -> Sequence[str]:
        raise Unavailable("parley asks for one reply at a time")

    def tokens(self) -> int | None:
        """Parley counts none."""
        return None

    async def close(self) -> None:
        await self._runtime.close()


TURNS = Turns(open=_Runtime)
