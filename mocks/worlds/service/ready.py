"""Whether a service in another process is ready."""

from __future__ import annotations

import http.client

from mocks.worlds.service.endpoints import Endpoint
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import User

PATIENCE_S = 5.0
"""What it gets to answer, in real seconds."""


def answers(endpoint: Endpoint, port: int) -> bool:
    """Whether the service at this port of this machine answers this as it must."""
    ask = ask_of(User(1), 0)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    headers = {"Content-Type": "application/json", **endpoint.headers(ask)}
    try:
        path, body = endpoint.path_of(ask), endpoint.content(ask)
        connection.request(endpoint.method, path, body, headers)
        response = connection.getresponse()
        response.read()
        return response.status == endpoint.status
    except (OSError, http.client.HTTPException):
        return False  # it does not listen yet
    finally:
        connection.close()
