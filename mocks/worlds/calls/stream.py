"""A stream of messages, as an SDK reads it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from mocks.model import Call, Faults, Reply, Request, StreamingFault
from mocks.worlds.calls.messages import Message

ROLE = "stream"
"""The role in which the model is asked."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds to the first message, and from each to the next; where that is 0 all others are there
    with the first. After ``breaks_after`` messages the connection breaks, after ``hangs_after``
    nothing comes any more, not even the end."""

    first: float = 1.1
    next: float = 0.23
    breaks_after: int | None = None
    hangs_after: int | None = None


@dataclass(slots=True)
class Delivery:
    """What a stream has delivered: how many messages, and when the target."""

    mark: str
    count: int = 0
    target_at: float | None = None


@dataclass(eq=False, slots=True)
class Stream:
    """One call's messages, streamed at a pace. ``calls``: the model's log, in which each time that
    it is read is a call. ``watch``, if given, hears of each message before it is delivered."""

    messages: Sequence[Message]
    target: Message | None
    pace: Pace
    delivery: Delivery
    calls: list[Call]
    faults: Faults | None = None
    watch: Callable[[], object] | None = None

    async def read(self) -> AsyncIterator[Message]:
        """The messages. Whoever stops early ends the call as ``cancelled``."""
        loop = asyncio.get_running_loop()
        delivery, pace = self.delivery, self.pace
        call = Call(ROLE, "", delivery.mark, loop.time())
        self.calls.append(call)
        call.started = call.queued
        try:
            fault = None
            if self.faults is not None:
                request = Request(ROLE, "", delivery.mark, delivery.mark)
                fault = self.faults.strike(request)
            await (_first(pace) if fault is None else fault.apply(lambda: _first(pace)))
            breaks = fault if isinstance(fault, StreamingFault) else None
            call.first_token = loop.time()
            last = _fewest(pace.breaks_after, pace.hangs_after)
            streamed = self.messages if last is None else self.messages[:last]
            for place, message in enumerate(streamed):
                if place and pace.next:
                    await asyncio.sleep(pace.next)
                if breaks is not None:
                    await breaks.before_word(place, len(self.messages))
                delivery.count += 1
                if message is self.target:
                    delivery.target_at = loop.time()
                if self.watch is not None:
                    self.watch()
                yield message
            if last is not None:
                await asyncio.sleep(pace.next)
                if last == pace.breaks_after:
                    raise ConnectionResetError("the connection broke")
                await loop.create_future()
        except BaseException as error:
            is_left = isinstance(error, asyncio.CancelledError | GeneratorExit)
            call.error = "cancelled" if is_left else type(error).__name__
            raise
        finally:
            call.ended = loop.time()


def _fewest(*counts: int | None) -> int | None:
    return min((count for count in counts if count is not None), default=None)


async def _first(pace: Pace) -> Reply:
    await asyncio.sleep(pace.first)
    return Reply("")
