"""Agents with a mistake of one's choice each: the floor's, but for that."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.bare.agent import _Sdk
from targets.protocol import Target
from targets.protocols.agent import Agent, Ended, Failed

Choose = Callable[[str], None]


async def _let_go() -> None:
    raise GeneratorExit


def _class(mistake: str) -> type:
    from floor.agent import Agent as Floor
    from floor.agent import Call

    class Made(Floor):
        async def run(self, said: str, before: Sequence[Any] = ()) -> Any:
            if mistake == "confuses runs":
                said = self._last = getattr(self, "_last", said)
            try:
                return await super().run(said, before)
            except ConnectionError:
                if mistake != "asks again":
                    raise
            return await super().run(said, before)

        async def stream(self, said: str) -> AsyncGenerator[str, None]:
            if mistake == "streams at the end":
                words = [word async for word in super().stream(said)]
                yield "".join(words)
                return
            if mistake == "reads on":
                queue: asyncio.Queue[str | None] = asyncio.Queue()
                self._reader = asyncio.ensure_future(self._read(said, queue))
                while (word := await queue.get()) is not None:
                    yield word
                return
            if mistake == "forgets its stream":
                self._stream = super().stream(said)
                while True:
                    yield await anext(self._stream)
            try:
                async for word in super().stream(said):
                    yield word
            finally:
                if mistake == "raises when closed":
                    await asyncio.ensure_future(_let_go())

        async def _read(self, said: str, queue: asyncio.Queue[str | None]) -> None:
            async for word in super().stream(said):
                queue.put_nowait(word)
            queue.put_nowait(None)

        async def _called(self, calls: Sequence[Any]) -> list[str]:
            if mistake == "serial tools":
                return [await self._call(call) for call in calls]
            if mistake == "leaves tools":
                return list(await asyncio.gather(*map(self._call, calls)))
            if mistake == "calls twice":
                await super()._called(calls)
            if mistake == "drops a call":
                return [*await super()._called(calls[:-1]), ""]
            return list(await super()._called(calls))

        async def _call(self, call: Any) -> str:
            if mistake == "asks for ever" and call.name not in self._tools:
                return "there is no such tool, try again"
            tool = self._tools[call.name]
            if mistake == "blocks the loop" and not inspect.iscoroutinefunction(tool):
                return str(tool(**call.arguments))
            if mistake == "loses the context":
                work = super()._call(call)
                loop = asyncio.get_running_loop()
                return str(await loop.create_task(work, context=contextvars.Context()))
            try:
                return str(await super()._call(Call(*call)))
            except Exception as error:
                if mistake == "hides the error":
                    raise KeyError("no result") from None
                if mistake == "tells the model":
                    return f"it failed: {error}"
                raise

    return Made


class MadeSdk(_Sdk):
    """The floor's SDK with that mistake."""

    mistake = ""

    def make(self, spec: AgentSpec) -> Any:
        agent = super().make(spec)
        agent.__class__ = _class(self.mistake)
        if self.mistake == "forgets its instructions":
            agent._instructions = ""
        return agent

    async def run(self, agent: Any, asked: str) -> Ended:
        try:
            ended = await super().run(agent, asked)
        except ConnectionError as error:
            if self.mistake == "raises nothing":
                return Failed(str(error), None, error)
            raise
        if self.mistake == "cuts the answer":
            return Ended(ended.text[:-1], ended.output, ended.native)
        return ended


def made_target(mistake: str) -> Target:
    """A target whose agents have this mistake; "" is none."""

    def opened(world: AgentWorld) -> MadeSdk:
        sdk = MadeSdk(world)
        sdk.mistake = mistake
        return sdk

    return Target(name="made", imports=("floor",), capabilities=[Agent(open=opened)])
