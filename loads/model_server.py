"""The model that a service of a real load asks: the mock endpoint, counting what it refuses."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mocks.model import RateLimited
from mocks.openai.behaviour import Behaviour, Fault
from mocks.openai.server import MockServer


class CountingServer(MockServer):
    """``asked``: completions that were admitted; ``refused``: those that were not (429)."""

    def __init__(self, behaviour: Behaviour) -> None:
        """Listens on a free port of this machine."""
        self.refused = 0
        super().__init__(behaviour)

    def admit(self) -> Fault | None:
        """See ``MockServer``."""
        try:
            return super().admit()
        except RateLimited:
            self.refused += 1
            raise


@contextmanager
def model_server(behaviour: Behaviour) -> Iterator[CountingServer]:
    """One that answers in a thread."""
    with CountingServer(behaviour) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
