"""A tiny service in front of a model: ``service.py`` drives it until yours stands in its place."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import h11  # uvicorn brings it

PATIENCE_S = 30.0
"""Seconds that the model has for its answer."""

RULES = re.compile(r"whole homework|complete solution|previous instructions|my essay")

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Application:
    """An ASGI application. ``POST /chat`` answers whole, ``POST /stream`` word by word, and both
    refuse what is against the rules; ``GET /health``.

    ``model_url``: the base of an OpenAI-compatible model.
    """

    def __init__(self, model_url: str) -> None:
        self._model = urlsplit(model_url)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["path"] == "/health":
            await _say(send, 200, {"status": "ok"})
        elif scope["path"] in ("/chat", "/stream"):
            try:
                asked = json.loads(await _body(receive))
                refused = RULES.search(asked["messages"][-1]["content"])
            except (LookupError, TypeError, ValueError):
                await _say(send, 400, {"error": "this is no chat completion"})
                return
            if refused:
                await _say(send, 403, {"error": "this is against the rules"})
                return
            asked["stream"] = scope["path"] == "/stream"
            async with asyncio.timeout(PATIENCE_S):
                await self._pass_on(json.dumps(asked).encode(), send)
        else:
            await _say(send, 404, {"error": "there is no such path"})

    async def _pass_on(self, asked: bytes, send: Send) -> None:
        """Ask the model, over a connection of its own, and send what it says as it comes."""
        url = self._model
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        try:
            model = h11.Connection(h11.CLIENT)
            headers = [
                ("Host", url.netloc),
                ("Authorization", "Bearer example"),
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(asked))),
            ]
            head = h11.Request(
                method="POST", target=f"{url.path}/chat/completions", headers=headers
            )
            for part in (head, h11.Data(data=asked), h11.EndOfMessage()):
                writer.write(model.send(part) or b"")
            while not isinstance(event := model.next_event(), h11.EndOfMessage):
                if event is h11.NEED_DATA:
                    model.receive_data(await reader.read(65536))
                elif isinstance(event, h11.Response):
                    kind = [one for one in event.headers if one[0] == b"content-type"]
                    await _begin(send, event.status_code, kind)
                elif isinstance(event, h11.Data):
                    body = {"body": bytes(event.data), "more_body": True}
                    await send({"type": "http.response.body", **body})
            await send({"type": "http.response.body", "body": b""})
        finally:
            writer.close()


def application() -> Application:
    """The application, with the model that the environment names."""
    return Application(os.environ["OPENAI_BASE_URL"])


async def _live(receive: Receive, send: Send) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _begin(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _say(send: Send, status: int, said: Mapping[str, str]) -> None:
    await _begin(send, status, [(b"content-type", b"application/json")])
    await send({"type": "http.response.body", "body": json.dumps(said).encode()})
