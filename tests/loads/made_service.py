"""A small OpenAI-compatible service, of the standard library: it streams, and can be told to stall,
to refuse and to break off."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Behaviour:
    """``words`` of a reply, ``word_s`` between two in a stream; the ``n``-th request (1, 2, ...)
    gets the status that ``refuse`` has for it, breaks off if it is in ``cut``, or waits for
    ``stall_s``. ``asked``: the bodies that came; ``headers``: those of the last request;
    ``idle_s``: after which it closes a connection."""

    words: tuple[str, ...] = ("well", " ", "then")
    word_s: float = 0.01
    refuse: dict[int, int] = field(default_factory=dict)
    cut: tuple[int, ...] = ()
    stall_s: dict[int, float] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    idle_s: float | None = None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviour: Behaviour
    lock: threading.Lock
    disable_nagle_algorithm = True

    def setup(self) -> None:
        self.timeout = self.behaviour.idle_s
        super().setup()
        with self.lock:
            self.behaviour.connections += 1

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._whole(200, {"status": "ok"})

    def do_POST(self) -> None:
        told = self.behaviour
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.lock:
            told.asked.append(body)
            told.headers = dict(self.headers.items())
            number = len(told.asked)
        time.sleep(told.stall_s.get(number, 0))
        if number in told.refuse:
            self._whole(told.refuse[number], {"error": "refused"})
        elif body["stream"]:
            self._stream(number in told.cut)
        else:
            message = {"role": "assistant", "content": "".join(told.words)}
            self._whole(200, {"choices": [{"message": message}]}, number in told.cut)

    def _whole(self, status: int, content: object, cut: bool = False) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:5] if cut else data)
        self.close_connection = cut

    def _stream(self, cut: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number, word in enumerate(self.behaviour.words):
            if cut and number:
                self.close_connection = True
                return
            time.sleep(self.behaviour.word_s)
            self._chunk(json.dumps({"choices": [{"delta": {"content": word}}]}))
        self._chunk("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, data: str) -> None:
        event = f"data: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Users hang up."""


@contextmanager
def served(behaviour: Behaviour) -> Iterator[str]:
    """The base URL of the service, on a free port of this machine."""
    handler = type("Handler", (_Handler,), {"behaviour": behaviour, "lock": threading.Lock()})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
