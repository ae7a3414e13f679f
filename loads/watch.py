"""What a server's process holds while it is loaded, and after: memory, connections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from meters.server_process import ServerProcess

_OPEN = ("01", "08")
"""ESTABLISHED and CLOSE_WAIT, of ``/proc/net/tcp``."""


class Watch:
    """Memory of a server's largest process, from its first sample on."""

    def __init__(self, server: ServerProcess) -> None:
        """Take the first sample."""
        self._server = server
        self.first_bytes = self.last_bytes = self.most_bytes = 0
        self.sample()
        self.first_bytes = self.last_bytes

    def sample(self) -> None:
        """Look again; of a server that has ended there is nothing to see."""
        resident = self._server.resident_bytes()
        if resident:
            self.last_bytes = resident[0]
            self.most_bytes = max(self.most_bytes, resident[0])


def connections_at(port: int) -> int:
    """Connections to this port of this machine that its owner holds open."""
    return sum(1 for local, state in _sockets() if local == port and state in _OPEN)


def _sockets() -> Iterator[tuple[int, str]]:
    """The local port and the state of each TCP socket."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        path = Path(table)
        if path.is_file():
            for line in path.read_text().splitlines()[1:]:
                fields = line.split()
                yield int(fields[1].rpartition(":")[2], 16), fields[3]
