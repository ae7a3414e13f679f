"""What goes wrong with the model of turns: calls for some asks fail, or are never answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection

from mocks.model import Fault, Reply, Request, Unserved
from mocks.worlds.turns.asks import Ask


class _Fails:
    """The provider cannot serve it (503)."""

    async def apply(self, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        """See ``mocks.model.Fault``."""
        raise Unserved("503, the model cannot serve this now")


class _Hangs:
    """It is never answered."""

    async def apply(self, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        """See ``mocks.model.Fault``."""
        await asyncio.get_running_loop().create_future()
        raise AssertionError("nobody resolves this future")


class Trouble:
    """``mocks.model.Faults``: calls for ``failing`` asks fail, each time; those for ``hanging``
    ones are never answered."""

    def __init__(self, *, failing: Collection[Ask] = (), hanging: Collection[Ask] = ()) -> None:
        fails, hangs = _Fails(), _Hangs()
        self._faults: dict[str, Fault] = {
            **{ask.mark: fails for ask in failing},
            **{ask.mark: hangs for ask in hanging},
        }

    def strike(self, request: Request) -> Fault | None:
        """See ``mocks.model.Faults``."""
        return self._faults.get(request.mark)
