"""The mock model itself: queue, latency, reply, log."""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mocks.model.latency import Constant, Latency
from mocks.model.limits import RateLimit
from mocks.model.log import Call
from mocks.model.messages import Reply, Request
from mocks.model.replies import Replies
from mocks.model.wakeups import Wakeups


class Fault(Protocol):
    """What goes wrong with one call.

    ``apply`` is awaited in place of the normal answer, in the call's provider slot; it may hang,
    raise, wait, or change what ``answer()`` gives.
    """

    async def apply(self, answer: Callable[[], Awaitable[Reply]]) -> Reply: ...


@runtime_checkable
class StreamingFault(Fault, Protocol):
    """A fault that also goes on while a reply is streamed."""

    async def before_word(self, index: int, words: int) -> None:
        """Awaited before word ``index`` of ``words``; may hang, raise or wait."""


class Faults(Protocol):
    """A schedule of faults: asked once a call, before it is answered."""

    def strike(self, request: Request) -> Fault | None: ...


@dataclass(frozen=True, slots=True)
class Streaming:
    """A streamed reply comes word by word: the first after ``first_token`` seconds, each further
    one ``per_token`` seconds later. The model's latency does not apply."""

    first_token: float = 0.4
    per_token: float = 0.02


class Model:
    """A model behind a provider.

    ``replies`` says what is answered; ``latency`` how long an answer takes (seconds or a
    ``Latency``); ``slots`` how many calls the provider serves at once, the others wait in a fair
    queue (``None``: no limit); ``limit`` refuses calls above a rate with ``RateLimited``;
    ``faults`` is a schedule of failures. ``calls`` is the log, in the order calls were made.
    ``slots`` can be read, for an SDK that is told what its provider can take; ``replies`` can be
    replaced, for clients that are answered in another way. ``wakeups``: in which order calls are
    answered that are due at the same instant; as asked, if nothing is said.

    Costs of the harness are published, so the path of an unlimited call is kept short.
    """

    def __init__(
        self,
        replies: Replies,
        *,
        latency: float | Latency = 1.0,
        slots: int | None = None,
        limit: RateLimit | None = None,
        faults: Faults | None = None,
        streaming: Streaming | None = None,
        wakeups: Wakeups | None = None,
    ) -> None:
        if slots is not None and slots < 1:
            raise ValueError(f"a provider has at least one slot, not {slots}")
        self.calls: list[Call] = []
        self.slots = slots
        self.replies = replies
        self._seconds = (latency if isinstance(latency, Latency) else Constant(latency)).seconds
        self._slots: AbstractAsyncContextManager[object] = (
            nullcontext() if slots is None else asyncio.Semaphore(slots)
        )
        self._plain = slots is None and limit is None and faults is None
        self._limit = limit
        self._faults = faults
        self._streaming = streaming or Streaming()
        self._wakeups = wakeups or Wakeups()

    async def call(self, request: Request) -> Reply:
        """The reply, after queue and latency. Raises what limit and faults raise."""
        loop = get_running_loop()
        now = loop.time()
        call = Call(request.role, request.agent, request.mark, now)
        self.calls.append(call)
        try:
            if self._plain:
                call.started = now
                await self._wakeups.at(now + self._seconds(request), loop)
                reply = self.replies(request)
            else:
                reply = await self._serve(call, request, loop)
        except BaseException as error:
            self._wakeups.prune()
            call.error = _name(error)
            call.ended = loop.time()
            raise
        call.ended = loop.time()
        return reply

    async def stream(self, request: Request) -> AsyncIterator[str]:
        """The reply's text, word by word. A consumer that stops early ends the call as
        ``cancelled``; a fault strikes before the first word, a ``StreamingFault`` before each."""
        loop = get_running_loop()
        call = Call(request.role, request.agent, request.mark, loop.time())
        self.calls.append(call)
        try:
            if self._limit is not None:
                self._limit.admit(call.queued)
            async with self._slots:
                call.started = loop.time()
                fault = None if self._faults is None else self._faults.strike(request)
                if fault is None:
                    reply = self.replies(request)
                else:
                    reply = await fault.apply(lambda: self._answer(request, loop))
                words = reply.text.split(" ")
                for index, word in enumerate(words):
                    if isinstance(fault, StreamingFault):
                        await fault.before_word(index, len(words))
                    if index:
                        await asyncio.sleep(self._streaming.per_token)
                    else:
                        await asyncio.sleep(self._streaming.first_token)
                        call.first_token = loop.time()
                    yield word if index == 0 else f" {word}"
        except BaseException as error:
            self._wakeups.prune()
            call.error = _name(error)
            raise
        finally:
            call.ended = loop.time()

    async def _serve(self, call: Call, request: Request, loop: AbstractEventLoop) -> Reply:
        if self._limit is not None:
            self._limit.admit(call.queued)
        async with self._slots:
            call.started = loop.time()
            return await (self._fault(request, loop) or self._answer(request, loop))

    def _fault(self, request: Request, loop: AbstractEventLoop) -> Awaitable[Reply] | None:
        fault = None if self._faults is None else self._faults.strike(request)
        return None if fault is None else fault.apply(lambda: self._answer(request, loop))

    async def _answer(self, request: Request, loop: AbstractEventLoop) -> Reply:
        await self._wakeups.at(loop.time() + self._seconds(request), loop)
        return self.replies(request)


def _name(error: BaseException) -> str:
    if isinstance(error, asyncio.CancelledError | GeneratorExit):
        return "cancelled"
    return type(error).__name__
