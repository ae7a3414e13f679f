"""The model that a service of a real load asks: the mock endpoint, in a thread, as fast as on the
virtual clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mocks.model import Model, RateLimit, Streaming
from mocks.openai.answers import Calls
from mocks.openai.server import ModelServer, in_thread
from mocks.worlds.service.dialect import DIALECT
from mocks.worlds.service.script import FIRST_TOKEN_S, LATENCY_S, PER_TOKEN_S, Script

_REFUSED = "RateLimited"


class Provider:
    """The model and its server. ``url``: for clients."""

    def __init__(self, model: Model, url: str) -> None:
        self.model = model
        self.url = url

    @property
    def calls(self) -> int:
        """That it was asked for so far, refused ones too."""
        return len(self.model.calls)

    @property
    def refused(self) -> int:
        """Those of them that were above its limit."""
        return sum(call.outcome == _REFUSED for call in self.model.calls)


@contextmanager
def provider(
    latency_s: float | None, per_minute: int | None, calls: Calls | None
) -> Iterator[Provider]:
    """One that answers. ``latency_s``: of a whole answer; ``per_minute``: what it admits;
    ``calls``: what it answers otherwise than in words."""
    latency = LATENCY_S if latency_s is None else latency_s
    model = Model(
        Script(),
        latency=latency,
        limit=None if per_minute is None else RateLimit(per_minute),
        streaming=Streaming(FIRST_TOKEN_S, PER_TOKEN_S),
    )
    with in_thread(ModelServer(model, DIALECT, calls=calls)) as served:
        yield Provider(model, served.url)
