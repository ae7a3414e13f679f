"""A client of Postgres for tests."""

from __future__ import annotations

import socket
import struct


class Client:
    """The least of a client, for no driver is installed: version 3 of the protocol, no password."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        names = b"user\0postgres\0database\0postgres\0\0"
        self._socket.sendall(struct.pack("!ii", len(names) + 8, 196608) + names)
        self._until_ready()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()

    def execute(self, statement: str) -> None:
        """Execute it, and take what comes."""
        text = statement.encode() + b"\0"
        self._socket.sendall(b"Q" + struct.pack("!i", len(text) + 4) + text)
        self._until_ready()

    def _until_ready(self) -> None:
        kind = b""
        while kind != b"Z":
            kind, size = self._exactly(1), struct.unpack("!i", self._exactly(4))[0]
            self._exactly(size - 4)
            assert kind != b"E", "the server reports an error"

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = self._socket.recv(count - len(data))
            assert piece, "the server hung up"
            data += piece
        return data
