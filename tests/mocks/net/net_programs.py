"""What tests of the network share: running on one, and an application that stands for a model."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import uvicorn

from mocks.clock import VirtualClock
from mocks.net import Network

T = TypeVar("T")
HERE = ("127.0.0.1", 8000)
WORDS = ("one", "two", "three")


def run(program: Callable[[Network], Coroutine[Any, Any, T]], **options: Any) -> T:
    """What `program` gives on a network and a clock of its own."""
    with VirtualClock() as clock, Network(clock.loop, **options) as network:
        return clock.run(program(network))


def now() -> float:
    """Virtual seconds."""
    return asyncio.get_running_loop().time()


@asynccontextmanager
async def uvicorn_at(application: Any, **options: Any) -> AsyncIterator[None]:
    """While it is open, uvicorn serves `application`, on `HERE` unless told otherwise."""
    options = {"host": HERE[0], "port": HERE[1], **options}
    config = uvicorn.Config(application, log_level="critical", ws="websockets-sansio", **options)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.125)
    yield
    server.should_exit = True
    await serving


async def model(scope: Any, receive: Any, send: Any) -> None:
    """A chat of OpenAI or Anthropic that takes a second, a stream with four words a second, and a
    websocket that repeats everything after a second."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "websocket":
        await _repeat(receive, send)
    else:
        asked = json.loads(await _body(receive))
        if asked.get("stream"):
            await _stream(send)
        else:
            await _answer(send, scope["path"])


async def _live(receive: Any, send: Any) -> None:
    for phase in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{phase}.complete"})


async def _repeat(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await asyncio.sleep(1.0)
        await send({"type": "websocket.send", "text": message["text"].upper()})


async def _body(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def _start(send: Any, kind: bytes) -> None:
    headers = [(b"content-type", kind)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _stream(send: Any) -> None:
    await _start(send, b"text/event-stream")
    for word in WORDS:
        await asyncio.sleep(0.25)
        choice = {"index": 0, "delta": {"content": word}}
        data = {**_ABOUT, "object": "chat.completion.chunk", "choices": [choice]}
        body = b"data: %s\n\n" % json.dumps(data).encode()
        await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})


async def _answer(send: Any, path: str) -> None:
    await asyncio.sleep(1.0)
    await _start(send, b"application/json")
    answer = _MESSAGE if path == "/v1/messages" else _COMPLETION
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


_ABOUT = {"id": "1", "created": 0, "model": "mock"}
_COMPLETION = {
    **_ABOUT,
    "object": "chat.completion",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "well"},
            "finish_reason": "stop",
        }
    ],
}
_MESSAGE = {
    **_ABOUT,
    "type": "message",
    "role": "assistant",
    "content": [{"type": "text", "text": "well"}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 1, "output_tokens": 1},
}
