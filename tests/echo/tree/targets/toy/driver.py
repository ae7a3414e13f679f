"""Driver of toy: its parrot connected to the mock world."""

from __future__ import annotations

import importlib
from typing import Any

from mocks.model import Model, ModelError, RateLimited, Request
from mocks.world import Body, Codec, World
from mocks.worlds.echo.faults import LISTENER
from mocks.worlds.echo.phrases import Phrase, mark_in
from mocks.worlds.echo.script import ROLE
from targets.protocol import Target
from targets.protocols.echo import Echo, Echoed


class _Client:
    """What toy takes as its model."""

    def __init__(self, model: Model, busy: type[Exception]) -> None:
        self._call = model.call
        self._busy = busy

    async def complete(self, phrase: str) -> str:
        try:
            reply = await self._call(Request(ROLE, "", mark_in(phrase), phrase))
        except ModelError as error:
            hint = error.retry_after if isinstance(error, RateLimited) else None
            raise self._busy(hint or 1.0) from error
        return reply.text


_TEXT = Codec(read=lambda text: Body(text), write=lambda _, body: body.text)


class _Echoer:
    def __init__(self, world: World) -> None:
        toy = importlib.import_module("toy")
        client = _Client(world.model, toy.Busy)
        world.client(client, "complete", _TEXT)

        def heard(said: Any) -> None:
            world.note("said", mark_in(said.phrase), said.text)

        self._parrot = toy.Parrot(client.complete, world.at(LISTENER, heard))

    async def echo(self, phrase: Phrase) -> Echoed:
        said = await self._parrot.say(phrase.text)
        return Echoed(said.text, said)

    async def close(self) -> None:
        """The parrot holds nothing."""


TARGET = Target(name="toy", imports=("toy",), capabilities=[Echo(open=_Echoer)])
