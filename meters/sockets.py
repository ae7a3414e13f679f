"""TCP sockets of this machine, as its kernel lists them (Linux).

Cost: reading ``/proc/net/tcp``, some ten microseconds a socket; nothing of whoever owns them.
Blind spots: whose a socket is; sockets in other network namespaces, and Unix sockets.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_OPEN = ("01", "08")
"""ESTABLISHED and CLOSE_WAIT, of ``/proc/net/tcp``: those that their owner has not closed."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One end of a connection: its own port and the other end's."""

    local: int
    remote: int


def free_port() -> int:
    """A port of this machine that nobody listens at, as far as can be known."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def connections_at(port: int) -> int:
    """Connections to this port of this machine that its owner holds open."""
    return sum(end.local == port for end in _open_ends())


def connections_to(port: int) -> int:
    """Connections to this port that those hold open who have made them on this machine."""
    return sum(end.remote == port for end in _open_ends())


def _open_ends() -> Iterator[Connection]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        path = Path(table)
        if path.is_file():
            for line in path.read_text().splitlines()[1:]:
                _, local, remote, state, *_ = line.split()
                if state in _OPEN:
                    yield Connection(_port(local), _port(remote))


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
