"""Which connections of this machine are open, and whose end of them."""

from __future__ import annotations

import socket

from meters.sockets import connections_at, connections_to, free_port


def test_both_ends_of_a_connection_are_counted_until_they_are_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert (connections_at(port), connections_to(port)) == (0, 0)
        with socket.create_connection(("127.0.0.1", port)):
            served, _ = server.accept()
            assert (connections_at(port), connections_to(port)) == (1, 1)
        # The user has hung up; the server has not closed its end.
        assert (connections_at(port), connections_to(port)) == (1, 0)
        served.close()
        assert (connections_at(port), connections_to(port)) == (0, 0)


def test_a_free_port_can_be_had() -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as server:
        assert server.getsockname()[1] == port
