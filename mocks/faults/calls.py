"""What goes wrong with a model call, as ``mocks.model`` applies it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass

from mocks.faults.bodies import BODY_FAULTS
from mocks.faults.case import What
from mocks.model import (
    Disconnected,
    Fault,
    GatewayTimeout,
    RateLimited,
    Reply,
    Unserved,
)

# None of these is a time-out or a pause that an SDK is likely to have itself: what ends at the same
# instant as those would end so or otherwise by chance.

REFUSAL_S = 0.7
"""How long a refusal takes: an SDK that asks again at once, for ever, must use up virtual time."""

RETRY_AFTER_S = 21.0
GATEWAY_TIMEOUT_S = 61.0
LATE_S = 121.0
WORD_S = 31.0

Answer = Callable[[], Awaitable[Reply]]

to_spoil: ContextVar[What | None] = ContextVar("to_spoil", default=None)
"""What is to become of the reply that this task has just been given."""


def fault_of(what: What) -> Fault:
    """What ``Model`` does with a call that is struck by ``what``."""
    if what is What.STREAM_STOPS or what is What.STREAM_CRAWLS:
        return StreamFault(what)
    return CallFault(what)


@dataclass(frozen=True, slots=True)
class CallFault:
    """Strikes a call that is answered at once."""

    what: What

    async def apply(self, answer: Answer) -> Reply:
        if self.what in BODY_FAULTS:
            reply = await answer()
            to_spoil.set(self.what)
            return reply
        return await _APPLY[self.what](answer)


@dataclass(eq=False, slots=True)
class StreamFault:
    """Strikes a reply that is streamed; ``streamed`` says whether there was one."""

    what: What
    streamed: bool = False

    async def apply(self, answer: Answer) -> Reply:
        return await answer()

    async def before_word(self, index: int, words: int) -> None:
        """Awaited before each of the reply's ``words`` is given."""
        self.streamed = True
        if self.what is What.STREAM_CRAWLS:
            await asyncio.sleep(WORD_S)
        elif index == words // 2:
            await forever()


async def forever() -> None:
    """Wait for what never comes."""
    await asyncio.get_running_loop().create_future()


async def _hang(answer: Answer) -> Reply:
    await forever()
    raise AssertionError("what never comes has come")


async def _break(answer: Answer) -> Reply:
    await asyncio.sleep(REFUSAL_S)
    raise ConnectionError("connection reset by peer")


async def _disconnect(answer: Answer) -> Reply:
    await asyncio.sleep(REFUSAL_S)
    raise Disconnected("the connection broke before the reply was complete")


async def _time_out(answer: Answer) -> Reply:
    await asyncio.sleep(GATEWAY_TIMEOUT_S)
    raise GatewayTimeout("504 gateway timeout")


async def _limit(answer: Answer) -> Reply:
    await asyncio.sleep(REFUSAL_S)
    raise RateLimited(None)


async def _limit_with_hint(answer: Answer) -> Reply:
    await asyncio.sleep(REFUSAL_S)
    raise RateLimited(RETRY_AFTER_S)


async def _unavailable(answer: Answer) -> Reply:
    await asyncio.sleep(REFUSAL_S)
    raise Unserved("503 service unavailable")


async def _late(answer: Answer) -> Reply:
    await asyncio.sleep(LATE_S)
    return await answer()


_APPLY: dict[What, Callable[[Answer], Awaitable[Reply]]] = {
    What.HANGS: _hang,
    What.RAISES: _break,
    What.DISCONNECTS: _disconnect,
    What.TIMES_OUT: _time_out,
    What.LIMITED: _limit,
    What.LIMITED_HINT: _limit_with_hint,
    What.UNAVAILABLE: _unavailable,
    What.LATE: _late,
}
