"""``python serve.py --model URL --database FILE --port N``: the floor's service as a real process.

It remembers conversations too, in the least way: in the process. With ``--workers N`` there are N
processes behind one port, of which each knows only what it has been told itself.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

import httpx
import uvicorn
from floor.service import Service
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CONVERSATIONS = 1000
"""How many are remembered; the oldest is forgotten first."""

_MODEL, _DATABASE = "FLOOR_MODEL", "FLOOR_DATABASE"


class Conversations:
    """Chats of which a user sends the new message only. ``chat``: the application that answers at
    ``/chat``."""

    def __init__(self, chat: Any) -> None:
        self._known: dict[str, list[dict[str, str]]] = {}
        self._chat = httpx.AsyncClient(
            transport=httpx.ASGITransport(chat), base_url="http://floor", trust_env=False
        )
        self.routes = [
            Route("/conversation", self._converse, methods=["POST"]),
            Route("/conversations", self._count),
        ]

    async def _converse(self, request: Request) -> Response:
        asked = await request.json()
        name = asked.pop("conversation")
        asked["messages"] = [*self._known.get(name, []), *asked["messages"]]
        headers = {"x-user": request.headers["x-user"]}
        reply = await self._chat.post("/chat", json=asked, headers=headers)
        if reply.is_success:
            text = reply.json()["choices"][0]["message"]["content"]
            self._remember(name, [*asked["messages"], {"role": "assistant", "content": text}])
        return Response(reply.content, reply.status_code, media_type="application/json")

    def _remember(self, name: str, messages: list[dict[str, str]]) -> None:
        self._known.pop(name, None)
        self._known[name] = messages
        if len(self._known) > CONVERSATIONS:
            del self._known[next(iter(self._known))]

    async def _count(self, request: Request) -> Response:
        return JSONResponse({"kept": len(self._known)})


def application() -> Any:
    """The service of one process, of what ``main`` has left in the environment."""
    app = Service(os.environ[_MODEL], os.environ[_DATABASE]).app
    app.routes.extend(Conversations(app).routes)
    return app


def main() -> None:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="base URL of the model")
    parser.add_argument("--database", required=True, help="file of what was said")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    os.environ.update({_MODEL: options.model, _DATABASE: options.database})
    uvicorn.run(
        "serve:application",
        factory=True,
        host="127.0.0.1",
        port=options.port,
        workers=options.workers,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
