"""Ports of this machine."""

from __future__ import annotations

import socket


def free_port() -> int:
    """One that nobody listens at, as far as can be known."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
