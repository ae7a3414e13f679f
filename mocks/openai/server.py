"""A model's endpoint, on any loop or in a thread of its own.

``POST`` of chat completions, responses, embeddings and Anthropic's messages, ``GET`` of models. It
writes no log of requests, so no key can be in one.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mocks.http.server import HttpServer
from mocks.model import Model
from mocks.openai.answers import Calls
from mocks.openai.behaviour import Behaviour
from mocks.openai.dialect import Dialect
from mocks.openai.handler import ModelHandler
from mocks.openai.imposed import model_of
from mocks.world import Trouble

MOST_BYTES = 4_000_000
"""A longer request is refused (413)."""


class ModelServer(HttpServer):
    """An HTTP server before ``model``: see ``ModelHandler`` for its parameters.

    ``async with ModelServer(model, dialect) as server: await server.listen(host, port)``.
    """

    def __init__(
        self,
        model: Model,
        dialect: Dialect,
        *,
        calls: Calls | None = None,
        trouble: Trouble | None = None,
        key: str = "",
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.model = ModelHandler(model, dialect, calls=calls, trouble=trouble, key=key)
        super().__init__(self.model, refusal=self.model.refusal, most_bytes=most_bytes)


def mock_server(behaviour: Behaviour) -> ModelServer:
    """A server of a model that behaves so."""
    return ModelServer(model_of(behaviour), behaviour.dialect, key=behaviour.key)


def base_url(host: str, port: int) -> str:
    """The URL that OpenAI's clients are given. Anthropic's want it without ``/v1``."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/v1"


@dataclass(frozen=True, slots=True)
class Served:
    """A server in another thread."""

    server: ModelServer

    @property
    def port(self) -> int:
        """Where it listens on the loopback interface."""
        return self.server.port

    @property
    def url(self) -> str:
        """For clients."""
        return base_url("127.0.0.1", self.port)

    @property
    def asked(self) -> int:
        """Requests to the model that were admitted so far."""
        return self.server.model.asked

    @property
    def refused(self) -> int:
        """Requests to the model that were one too many (429)."""
        return self.server.model.refused

    @property
    def opened(self) -> int:
        """Connections so far."""
        return self.server.opened

    @property
    def open_now(self) -> int:
        """Connections that are open."""
        return len(self.server.connections)


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[Served]:
    """A server that behaves so, on a free port of the loopback interface, in a thread."""
    with in_thread(mock_server(behaviour)) as served:
        yield served


@contextmanager
def in_thread(server: ModelServer) -> Iterator[Served]:
    """``server`` on a free port of the loopback interface, in a thread that ends with the block."""
    loop = asyncio.new_event_loop()
    loop.run_until_complete(server.listen())
    thread = threading.Thread(target=loop.run_forever, name="mock model", daemon=True)
    thread.start()
    try:
        yield Served(server)
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _closed(server: ModelServer) -> None:
    server.close()
    await server.wait_closed()
