"""What a server's process holds while it is loaded: memory."""

from __future__ import annotations

from meters.server_process import ServerProcess


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
