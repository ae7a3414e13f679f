"""A service in plain Starlette: the least that any service in front of a model has to do.

One pool of connections to the model, one call a request, answered whole or passed on as it comes;
a list of what it refuses by itself; what was said goes into a table. No users' accounts, no limits,
no retries, no caches.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

PATIENCE_S = 30.0
"""Seconds between two pieces of the model's answer, at most."""

_REFUSED = re.compile(r"whole homework|complete solution|previous instructions|essay .* for me")


class _Failed(Exception):
    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


class Service:
    """``model_url``: the base of an OpenAI-compatible model; ``database``: a file."""

    def __init__(self, model_url: str, database: str) -> None:
        self._model_url = model_url
        self._database = database
        self.app = Starlette(
            routes=[
                Route("/health", self._health),
                Route("/chat", self._chat, methods=["POST"]),
                Route("/stream", self._stream, methods=["POST"]),
            ],
            exception_handlers={_Failed: _say_failed},
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        self._table = sqlite3.connect(self._database, isolation_level=None)
        self._table.execute("CREATE TABLE IF NOT EXISTS said (user TEXT, prompt TEXT, reply TEXT)")
        async with httpx.AsyncClient(
            base_url=self._model_url, timeout=PATIENCE_S, limits=limits
        ) as self._model:
            yield
        self._table.close()

    async def _health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _chat(self, request: Request) -> Response:
        asked = await _asked(request)
        reply = await self._ask(asked, stream=False)
        try:
            await reply.aread()
            text = reply.json()["choices"][0]["message"]["content"]
            if not isinstance(text, str) or not text:
                raise _Failed(502, "the model said nothing")
        except httpx.HTTPError as error:
            raise _broken(error) from error
        except (LookupError, TypeError, ValueError) as error:
            raise _Failed(502, _reason(error)) from error
        finally:
            await reply.aclose()
        self._keep(request, asked, text)
        return Response(reply.content, media_type="application/json")

    async def _stream(self, request: Request) -> Response:
        asked = await _asked(request)
        reply = await self._ask(asked, stream=True)

        async def passed_on() -> AsyncIterator[bytes]:
            said: list[str] = []
            try:
                async for line in reply.aiter_lines():
                    if line:
                        said.append(_text_in(line))
                        yield f"{line}\n\n".encode()
            except (httpx.HTTPError, LookupError, TypeError, ValueError) as error:
                yield f"event: error\ndata: {json.dumps({'error': _reason(error)})}\n\n".encode()
                return
            finally:
                await reply.aclose()
            self._keep(request, asked, "".join(said))

        return StreamingResponse(passed_on(), media_type="text/event-stream")

    async def _ask(self, asked: dict[str, Any], *, stream: bool) -> httpx.Response:
        """The model's answer, its head only."""
        content = {**asked, "stream": stream}
        request = self._model.build_request(
            "POST", "chat/completions", json=content, headers={"Authorization": "Bearer floor"}
        )
        try:
            reply = await self._model.send(request, stream=True)
        except httpx.HTTPError as error:
            raise _broken(error) from error
        if reply.status_code != 200:
            await reply.aclose()
            status = 429 if reply.status_code == 429 else 502
            raise _Failed(status, f"the model answers {reply.status_code}")
        return reply

    def _keep(self, request: Request, asked: dict[str, Any], reply: str) -> None:
        row = request.headers.get("x-user", ""), asked["messages"][-1]["content"], reply
        self._table.execute("INSERT INTO said VALUES (?, ?, ?)", row)


async def _asked(request: Request) -> dict[str, Any]:
    try:
        asked = await request.json()
        last = asked["messages"][-1]["content"]
    except (LookupError, TypeError, ValueError) as error:
        raise _Failed(400, "this is no chat completion") from error
    if _REFUSED.search(last):
        raise _Failed(403, "this is against the rules")
    return dict(asked)


def _text_in(line: str) -> str:
    data = line.removeprefix("data:").strip()
    if not line.startswith("data:") or data == "[DONE]":
        return ""
    choices = json.loads(data)["choices"]
    return choices[0]["delta"].get("content") or "" if choices else ""


def _broken(error: httpx.HTTPError) -> _Failed:
    return _Failed(504 if isinstance(error, httpx.TimeoutException) else 502, _reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "the model does not answer"
    if isinstance(error, httpx.HTTPError):
        return "the connection to the model broke"
    return "the model's answer is none"


async def _say_failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, _Failed)
    return JSONResponse({"error": str(error)}, error.status)
