"""A live model: what ``mocks.model.Model`` is to an SDK, answered by a real endpoint."""

from __future__ import annotations

import json
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import AsyncGenerator, AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from http import HTTPStatus
from typing import Any

from mocks.model import Call, Model, Reply, Request
from mocks.openai.completions import Completion, Usage, read_completion, read_stream
from mocks.openai.dialect import Dialect
from mocks.openai.endpoint import Endpoint
from mocks.openai.errors import EndpointError, malformed
from mocks.openai.exchange import Exchange
from mocks.openai.tools import function_schemas

MOST_CALLS = 60
"""Calls that one model makes before it refuses: an SDK that retries for ever must not cost more."""

_MOST_THREADS = 64


class LiveModel(Model):
    """Asks ``endpoint``. Needs a loop in real time.

    ``slots``: calls in flight at once (``None``: no limit but 64 threads); ``offered``: the tools
    that the model may be offered, of those its SDK offers (``None``: all of the dialect's).
    ``calls`` is the log; ``used`` holds what each charged call cost, None where the endpoint did
    not say; ``calls_in_text`` counts the answers that are a text where a tool should have been
    called.

    Calls raise ``ModelError`` as a mock's do: refusals, time-outs, lost connections and answers
    that are no chat completion. Nothing is repeated: that is for the SDK to do.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        dialect: Dialect,
        *,
        slots: int | None = None,
        offered: frozenset[str] | None = None,
        most_calls: int = MOST_CALLS,
    ) -> None:
        super().__init__(_no_script, slots=slots)
        self._plain = False
        self.used: list[Usage | None] = []
        self.calls_in_text = 0
        self._endpoint = endpoint
        self._dialect = dialect
        self._offered = frozenset(dialect.tools) if offered is None else offered
        self._left = most_calls
        self._threads = ThreadPoolExecutor(slots or _MOST_THREADS, "live-model")

    async def stream(self, request: Request) -> AsyncIterator[str]:
        """The reply's text, piece by piece as it comes."""
        loop = get_running_loop()
        call = Call(request.role, request.agent, request.mark, loop.time())
        self.calls.append(call)
        try:
            async with self._slots:
                call.started = loop.time()
                async with aclosing(self._pieces(request)) as pieces:
                    async for text in pieces:
                        if call.first_token is None:
                            call.first_token = loop.time()
                        yield text
        except GeneratorExit:
            call.error = "cancelled"
            raise
        except BaseException as error:
            call.error = type(error).__name__
            raise
        finally:
            call.ended = loop.time()

    def close(self) -> None:
        """Let the threads go. Those that are still busy end when their connection does."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _answer(self, request: Request, loop: AbstractEventLoop) -> Reply:
        async with Exchange(self._endpoint, self._ask(request), self._threads) as exchange:
            body = await exchange.read()
        self.used.append(None)  # charged, even if nothing in it can be read
        completion = read_completion(body, self._dialect.tools)
        self.used[-1] = completion.usage
        return self._reply(completion, request)

    async def _pieces(self, request: Request) -> AsyncGenerator[str, None]:
        usage: Usage | None = None
        finish, empty = "", True
        async with Exchange(
            self._endpoint, self._ask(request, stream=True), self._threads
        ) as exchange:
            try:
                async for piece in read_stream(exchange.line):
                    usage, finish = piece.usage or usage, piece.finish or finish
                    if piece.text:
                        empty = False
                        yield piece.text
            finally:
                self.used.append(usage)
        if empty:
            raise _nothing_said(finish)

    def _ask(self, request: Request, *, stream: bool = False) -> bytes:
        if self._left <= 0:
            raise EndpointError(HTTPStatus.PAYMENT_REQUIRED, "not sent: too many calls were made")
        self._left -= 1
        body: dict[str, Any] = {
            "model": self._endpoint.model,
            "messages": [
                {"role": "system", "content": self._dialect.system_prompt(request)},
                {"role": "user", "content": request.prompt},
            ],
        }
        if tools := self._tools(request):
            only = {"type": "function", "function": {"name": tools[0]}}
            body["tools"] = function_schemas(self._dialect.tools, tools)
            body["tool_choice"] = only if len(tools) == 1 else "required"
        if stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return json.dumps(body).encode()

    def _tools(self, request: Request) -> list[str]:
        return [name for name in request.tools if name in self._offered]

    def _reply(self, completion: Completion, request: Request) -> Reply:
        offered = self._tools(request)
        unknown = [call.name for call in completion.tools if call.name not in offered]
        if unknown:
            raise malformed(f"it calls {unknown[0]}, which it was not offered")
        text = completion.text.strip()
        if not text and not completion.tools:
            raise _nothing_said(completion.finish)
        if not completion.tools and (meant := self._dialect.call_in(text, offered)) is not None:
            self.calls_in_text += 1
            return Reply("", (meant,))
        return Reply(text, completion.tools)


def _no_script(request: Request, /) -> Reply:
    raise LookupError(f"a live model has no script, not even for {request.role}")


def _nothing_said(finish: str) -> EndpointError:
    return malformed(f"it says nothing (finish_reason {finish or 'unknown'})")
