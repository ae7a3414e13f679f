"""Requests over HTTP, answered by a model in the protocol in which each is asked."""

from __future__ import annotations

import hmac
import json
import math
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from mocks.clock.schedules import actor, own_clock
from mocks.faults import Runaway
from mocks.faults.calls import forever
from mocks.http.server import Answering, Received, Refused
from mocks.model import Disconnected, Model, ModelError, RateLimited, Request
from mocks.openai import embeddings
from mocks.openai.answers import Calls, ToClients, Turn, of_replies, turn
from mocks.openai.api import Api, Content
from mocks.openai.asked import Asked, BadRequest
from mocks.openai.behaviour import Fault
from mocks.openai.chat import Chat
from mocks.openai.dialect import Dialect
from mocks.openai.imposed import Overloaded
from mocks.openai.messages import Messages
from mocks.openai.responses import Responses
from mocks.openai.said import NOTHING, Numbers, Said, said
from mocks.world import Body, Codec, Trouble

MODEL = "unladen-mock"
"""The model that is listed. Any other name is served as well."""

ROLE_HEADER = "X-Unladen-Role"
AGENT_HEADER = "X-Unladen-Agent"

_MODELS = "/models"
_CHAT = Chat()
_APIS: tuple[Api, ...] = (_CHAT, Responses(), Messages())

_JSON = "application/json"
_SERVER = {"Server": "unladen-mock-model"}
_STREAM = {**_SERVER, "Content-Type": "text/event-stream", "Cache-Control": "no-cache"}

_CODEC = Codec(read=lambda body: body, write=lambda _, body: body)


class _Declined(Exception):
    """The answer is an error."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        *,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after


@dataclass(eq=False, slots=True)
class _Exchange:
    """A request that was understood, and the way back."""

    api: Api
    asked: Asked
    request: Request
    answering: Answering


class ModelHandler:
    """Asks ``model`` as a request says, and answers in its protocol: OpenAI's chat completions,
    responses and embeddings, Anthropic's messages; whole, or streamed as the model streams.

    The model's log, slots, limit, latency and faults are those of ``mocks.model.Model``: a call
    whose client leaves is ``cancelled``, an error is a status, a broken connection breaks the
    client's. ``dialect`` finds out who asks; ``calls`` may answer before the model's own replies;
    ``trouble`` spoils what replies carry; ``key`` is the only one accepted (empty: any).

    ``asked``: completions and embeddings that were admitted so far; ``refused``: those that were
    not, since there were too many (429); ``runaway``: what stopped clients that would ask for ever;
    from then on nobody is answered.
    """

    def __init__(
        self,
        model: Model,
        dialect: Dialect,
        *,
        calls: Calls | None = None,
        trouble: Trouble | None = None,
        key: str = "",
    ) -> None:
        self.model = model
        self.asked = 0
        self.refused = 0
        self.runaway: BaseException | None = None
        self._dialect = dialect
        self._key = key
        self._numbers = Numbers()
        self._ask = self._body if trouble is None else trouble.between(self._body, _CODEC)
        if not isinstance(model.replies, ToClients):
            model.replies = ToClients(of_replies(model.replies, calls), model.replies)

    async def __call__(self, received: Received, answering: Answering) -> None:
        """See ``mocks.http.server.Handler``."""
        path = received.path.partition("?")[0].rstrip("/")
        api = next((api for api in _APIS if path.endswith(api.path)), None)
        try:
            self._authorise(received)
            if api is not None and received.method == "POST":
                await self._complete(api, received, answering)
            else:
                await self._other(path, api, received, answering)
        except _Declined as declined:
            content = (api or _CHAT).refusal(declined.status, str(declined), declined.code)
            hint = declined.retry_after
            headers = {} if hint is None else {"Retry-After": str(math.ceil(hint))}
            await _send(answering, declined.status, content, headers)

    def refusal(self, refused: Refused) -> tuple[Mapping[str, str], bytes]:
        """What the server refuses by itself, in OpenAI's form."""
        content = _CHAT.refusal(refused.status, str(refused))
        return {**_SERVER, "Content-Type": _JSON}, json.dumps(content).encode()

    def _authorise(self, received: Received) -> None:
        scheme, _, key = received.headers.get("Authorization").partition(" ")
        given = key.strip() if scheme.lower() == "bearer" else ""
        given = given or received.headers.get("x-api-key")
        if not given:
            message = "You didn't provide an API key: send the header Authorization: Bearer KEY"
            raise _Declined(HTTPStatus.UNAUTHORIZED, message, "missing_api_key")
        if self._key and not hmac.compare_digest(given.encode(), self._key.encode()):
            raise _Declined(HTTPStatus.UNAUTHORIZED, "Incorrect API key", "invalid_api_key")

    async def _other(
        self, path: str, api: Api | None, received: Received, answering: Answering
    ) -> None:
        """What is no completion."""
        if path.endswith(embeddings.PATH):
            expected = "POST"
        elif path.endswith(_MODELS):
            expected = "GET"
        elif api is None:
            known = ", ".join([*(each.path for each in _APIS), embeddings.PATH, _MODELS])
            raise _Declined(HTTPStatus.NOT_FOUND, f"there are {known}")
        else:
            expected = "POST"
        if received.method != expected:
            raise _Declined(HTTPStatus.METHOD_NOT_ALLOWED, f"use {expected}")
        if expected == "GET":
            model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "unladen"}
            await _send(answering, HTTPStatus.OK, {"object": "list", "data": [model]})
        else:
            await self._embed(received, answering)

    async def _complete(self, api: Api, received: Received, answering: Answering) -> None:
        try:
            asked = api.read(received.body)
        except BadRequest as error:
            raise _Declined(HTTPStatus.BAD_REQUEST, str(error)) from None
        exchange = _Exchange(api, asked, self._request(asked, received), answering)
        now = Turn(asked)
        turn.set(now)
        own_clock.set(exchange)
        if mark := exchange.request.mark:
            actor.set(f"the answer to {mark}")
        if asked.stream:
            await self._stream(exchange, now)
        else:
            await self._whole(exchange, now)

    def _request(self, asked: Asked, received: Received) -> Request:
        role = received.headers.get(ROLE_HEADER)
        if role and role not in self._dialect.briefs:
            roles = ", ".join(self._dialect.briefs)
            raise _Declined(HTTPStatus.BAD_REQUEST, f"{ROLE_HEADER} is one of {roles}")
        return self._dialect.as_request(asked, role, received.headers.get(AGENT_HEADER))

    async def _embed(self, received: Received, answering: Answering) -> None:
        try:
            texts = embeddings.read(received.body)
        except BadRequest as error:
            raise _Declined(HTTPStatus.BAD_REQUEST, str(error)) from None
        asked = texts.asked()
        request = self._request(asked, received)._replace(role="embedding")
        turn.set(Turn(asked, said=NOTHING))
        try:
            await self._outcome(request, None)
        except (Disconnected, ConnectionError):
            return
        await _send(answering, HTTPStatus.OK, embeddings.answer(texts))

    async def _whole(self, exchange: _Exchange, now: Turn) -> None:
        answering = exchange.answering
        try:
            answer = await self._outcome(exchange.request, None)
        except Disconnected:
            now.fault, answer = Fault.CUT, NOTHING
        except ConnectionError:
            return  # without an answer, the connection ends
        if now.fault is Fault.MALFORMED:
            headers = {**_SERVER, "Content-Type": "text/html"}
            await answering.send(HTTPStatus.OK, b"<html>this is not JSON", headers)
        else:
            content = exchange.api.whole(exchange.asked, answer, self._numbers)
            await _send(answering, HTTPStatus.OK, content, cut=now.fault is Fault.CUT)

    async def _stream(self, exchange: _Exchange, now: Turn) -> None:
        answering = exchange.answering
        telling = exchange.api.telling(exchange.asked, self._numbers)
        words_of_model = cast(AsyncGenerator[str], self.model.stream(exchange.request))
        async with aclosing(words_of_model) as stream:
            try:
                answer = await self._outcome(exchange.request, stream)
            except Disconnected:
                now.fault, answer = Fault.CUT, NOTHING
            except ConnectionError:
                return
            if now.fault is Fault.MALFORMED:
                headers = {**_SERVER, "Content-Type": "text/html"}
                await answering.send(HTTPStatus.OK, b"<html>this is not JSON", headers)
                return
            await answering.begin(HTTPStatus.OK, _STREAM)
            words = _words(answer.text)
            await answering.write(telling.opening() + b"".join(map(telling.word, words[:1])))
            if now.fault is Fault.CUT:
                return
            index = 1
            try:
                async for _ in stream:
                    if index < len(words):
                        await answering.write(telling.word(words[index]))
                    index += 1
            except (ModelError, ConnectionError):
                return  # in the middle of the answer, the connection ends
        if index < len(words):
            await answering.write(telling.word("".join(words[index:])))
        await answering.write(telling.closing(answer))
        await answering.end()

    async def _outcome(self, request: Request, stream: AsyncIterator[str] | None) -> Said:
        """The answer, or of a stream the whole of what it is going to be. Raises ``_Declined``,
        ``Disconnected``, ``ConnectionError``."""
        self.asked += 1
        try:
            if self.runaway is not None:
                await forever()
            body = await self._ask(request, stream)
        except Runaway as error:
            # No exception reaches a client over HTTP, so it is kept waiting for ever.
            self.runaway = error
            await forever()
            raise
        except RateLimited as error:
            self.asked -= 1
            self.refused += 1
            message = "Rate limit reached"
            hint = error.retry_after
            raise _Declined(
                error.status, message, "rate_limit_exceeded", retry_after=hint
            ) from None
        except Disconnected:
            raise
        except ModelError as error:
            hint = error.retry_after if isinstance(error, Overloaded) else None
            message = str(error).removeprefix(f"{error.status} ")
            raise _Declined(error.status, message, retry_after=hint) from None
        now = turn.get()
        whole = None if now is None else now.said
        return whole if whole is not None and whole.body is body else said(body)

    async def _body(self, request: Request, stream: AsyncIterator[str] | None) -> Body:
        """What the model says; of a stream, as soon as its first word is there."""
        if stream is None:
            await self.model.call(request)
        else:
            await anext(stream)
        now = turn.get()
        if now is None or now.said is None:
            raise RuntimeError("the model has answered without being asked for its reply")
        return now.said.body


def _words(text: str) -> list[str]:
    """A text as it is streamed; its words together are the text."""
    first, *others = text.split(" ")
    return [word for word in (first, *(f" {other}" for other in others)) if word]


async def _send(
    answering: Answering,
    status: int,
    content: Content,
    headers: Mapping[str, str] | None = None,
    *,
    cut: bool = False,
) -> None:
    body = json.dumps(content).encode()
    head: dict[str, Any] = {**_SERVER, "Content-Type": _JSON, **(headers or {})}
    await answering.send(status, body, head, cut=cut)
