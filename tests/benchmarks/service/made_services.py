"""Small services in front of a model, each with one mistake."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from mocks.worlds.service.endpoints import Ask, Endpoint, Kind, openai_body
from mocks.worlds.service.world import ServiceWorld
from targets.protocol import Target
from targets.protocols.service import Served, Service

ENDPOINTS = (
    Endpoint(kind=Kind.CHAT, path="/chat", body=openai_body),
    Endpoint(kind=Kind.STREAM, path="/stream", body=openai_body),
    Endpoint(kind=Kind.BLOCKED, path="/chat", body=openai_body, status=403),
    Endpoint(kind=Kind.HEALTH, path="/health", method="GET"),
)

Choose = Callable[..., None]
"""Puts the service with a mistake under test; "" is none."""

_RULES = re.compile(r"whole homework|complete solution|previous instructions|essay .* for me")


class Made:
    """A service that is right, but for its ``mistake``."""

    def __init__(self, world: ServiceWorld, mistake: str) -> None:
        self.mistake = mistake
        self.said: dict[str, str] = {}
        self.sessions: list[object] = []
        self._url = world.model_url
        self._last: dict[str, Any] = {}
        self._swept: httpx.Response | None = None
        self._lock = asyncio.Lock() if mistake == "a lock across the call" else nullcontext()
        self.app = Starlette(
            routes=[
                Route("/health", self._health),
                Route("/chat", self._chat, methods=["POST"]),
                Route("/stream", self._stream, methods=["POST"]),
            ],
            lifespan=self._lifespan,
        )

    def missing(self, asks: Sequence[Ask]) -> int:
        """How many were answered and not stored."""
        return sum(ask.mark not in self.said for ask in asks)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        async with self._new_client() as self._client:
            if self.mistake == "it does not start":
                raise RuntimeError("the table of rules is missing")
            yield

    def _new_client(self) -> httpx.AsyncClient:
        small = self.mistake == "a small pool"
        limits = httpx.Limits(max_connections=5 if small else None)
        return httpx.AsyncClient(timeout=30.0, limits=limits, trust_env=False)

    async def _health(self, request: Request) -> Response:
        return Response("ok")

    async def _chat(self, request: Request) -> Response:
        asked = await request.json()
        if _RULES.search(asked["messages"][-1]["content"]):
            return Response("against the rules", 403)
        asked = self._mixed_up(asked)
        if self.mistake == "a blocked loop":
            time.sleep(0.5)
        if self.mistake == "two time-outs of one length" and (status := await self._timed(asked)):
            return JSONResponse({"error": "the model takes too long"}, status)
        async with self._lock:
            reply = await self._post(asked)
        while reply.status_code != 200 and self.mistake == "retries without end":
            await asyncio.sleep(0.7)
            reply = await self._post(asked)
        if self.mistake == "errors as successes":
            return JSONResponse(reply.json())
        if reply.status_code != 200:
            return JSONResponse({"error": "busy"}, 503)
        if self.mistake == "another user's question":
            reply = await self._post(self._last)
        if self.mistake.startswith("a sweep"):
            reply = await self._after_sweep(reply)
            if reply is None:
                return JSONResponse({"error": "busy"}, 503)
        self._keep(asked)
        return JSONResponse(reply.json())

    async def _after_sweep(self, reply: httpx.Response) -> httpx.Response | None:
        """Whoever is done sweeps up, and all that are done in the same pass of the loop with them.
        Who is done a little later meets the sweep, and what it is about."""
        if self.mistake == "a sweep in threads":
            return await asyncio.to_thread(self._sweep_in_thread, reply)
        if self._swept is not None:
            return None if self.mistake == "a sweep that refuses" else self._swept
        await asyncio.sleep(0)
        self._swept = reply
        for _ in range(3):
            await asyncio.sleep(0)
        self._swept = None
        return reply

    def _sweep_in_thread(self, reply: httpx.Response) -> httpx.Response:
        if self._swept is not None:
            return self._swept
        time.sleep(0)
        self._swept = reply
        time.sleep(0)
        self._swept = None
        return reply

    async def _timed(self, asked: dict[str, Any]) -> int:
        """The status that the first of two time-outs says; 0 if the model answers before."""
        loop = asyncio.get_running_loop()
        over: asyncio.Future[int] = loop.create_future()
        for status in (504, 500):
            loop.call_later(29.0, lambda status=status: over.done() or over.set_result(status))
        call = loop.create_task(self._post(asked))
        await asyncio.wait({call, over}, return_when=asyncio.FIRST_COMPLETED)
        return over.result() if over.done() else 0

    def _mixed_up(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._last = asked
        return asked

    async def _post(self, asked: dict[str, Any]) -> httpx.Response:
        if self.mistake == "a blocking client":
            with httpx.Client(timeout=30.0, trust_env=False) as blocking:
                return blocking.post(f"{self._url}/chat/completions", **_content(asked))
        if self.mistake != "a client for each request":
            return await self._client.post(f"{self._url}/chat/completions", **_content(asked))
        async with self._new_client() as client:
            return await client.post(f"{self._url}/chat/completions", **_content(asked))

    async def _stream(self, request: Request) -> Response:
        asked = {**(await request.json()), "stream": True}

        async def passed_on() -> AsyncIterator[bytes]:
            url = f"{self._url}/chat/completions"
            async with self._client.stream("POST", url, **_content(asked)) as reply:
                async for line in reply.aiter_lines():
                    if line:
                        yield f"{line}\n\n".encode()
            self._keep(asked)

        async def whole() -> AsyncIterator[bytes]:
            for piece in [piece async for piece in passed_on()]:
                yield piece

        async def heartbeats() -> AsyncIterator[bytes]:
            for _ in range(4):
                yield b": heartbeat\n\n"
                await asyncio.sleep(0.09)
            async for piece in passed_on():
                yield piece

        made = {"a buffer before the first token": whole, "heartbeats": heartbeats}
        pieces = made.get(self.mistake, passed_on)()
        if self.mistake == "a stream without data":
            return Response(b"\n\n", media_type="text/event-stream")
        receive = _spinning if self.mistake == "a receive that never waits" else None
        return _Stream(pieces, receive)

    def _keep(self, asked: dict[str, Any]) -> None:
        text = asked["messages"][-1]["content"]
        if self.mistake != "nothing is stored":
            self.said[text.rpartition("(")[2].rstrip(")")] = "" if self.mistake else text
        if self.mistake == "a session for each request":
            self.sessions.append({"asked": json.dumps(asked), "pages": [bytearray(4096)]})


class _Stream(StreamingResponse):
    def __init__(self, pieces: AsyncIterator[bytes], receive: Any) -> None:
        super().__init__(pieces, media_type="text/event-stream")
        self._receive = receive

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # As a server of an older version of ASGI, with which Starlette listens for the client.
        scope = {**scope, "asgi": {**scope["asgi"], "spec_version": "2.3"}}
        await super().__call__(scope, self._receive or receive, send)


async def _spinning() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def _content(asked: dict[str, Any]) -> dict[str, Any]:
    return {"json": asked, "headers": {"Authorization": "Bearer made"}}


def made_target(mistake: str = "", **settings: Any) -> Target:
    """A target whose service makes that mistake."""

    def opened(world: ServiceWorld) -> Served:
        made = Made(world, mistake)
        return Served(app=made.app, missing=made.missing, held=lambda: len(made.sessions))

    given = {"endpoints": ENDPOINTS, **settings}
    return Target(name="made", imports=("json",), capabilities=[Service(open=opened, **given)])
