"""Service: what a driver gives whose SDK answers its users over HTTP.

    Service(
        open=application,          # in-process, on the virtual network
        endpoints=ENDPOINTS,
        prepare=make_database,
        command=lambda start: [sys.executable, "-m", "app", "--port", str(start.port)],
        variables=lambda start: {"OPENAI_BASE_URL": start.world.model_url},
    )

What a service reads from its environment when it is imported is in ``Target.environment``:
``OPENAI_BASE_URL`` is ``mocks.worlds.service.world.MODEL_URL`` there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from mocks.openai.answers import Calls
from mocks.worlds.service.endpoints import Ask, Endpoint, Kind
from mocks.worlds.service.world import ServiceWorld
from targets.protocol import Capability

App = Callable[[Any, Any, Any], Awaitable[None]]
"""An ASGI application."""


@dataclass(frozen=True, kw_only=True)
class Served:
    """A service in this process.

    ``app`` is served by the SDK's own uvicorn, with h11 unless ``options`` (of ``uvicorn.Config``)
    say otherwise. ``remarks``: what whoever reads the figures must know, a line each.

    ``missing``: how many of these asks, which were answered, the service has not stored though it
    stores them (``None``: it stores none); ``held``: sessions that it holds now, by whatever it
    calls them (``None``: nobody can tell). Both are asked while no loop runs. ``close`` gives back
    what ``open`` took; the application's own shutdown has run by then.
    """

    app: App
    options: Mapping[str, Any] = field(default_factory=dict)
    remarks: Sequence[str] = ()
    missing: Callable[[Sequence[Ask]], int] | None = None
    held: Callable[[], int] | None = None
    close: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """A real process to be started: its world, the port it is to listen on at 127.0.0.1, and how
    many worker processes."""

    world: ServiceWorld
    port: int
    workers: int = 1


def nothing(world: ServiceWorld) -> None:
    """There is nothing to prepare."""


@dataclass(frozen=True, kw_only=True)
class Service(Capability[ServiceWorld, Served]):
    """What a driver offers.

    ``open`` gives the application. ``endpoints``: one of each kind that the service has; the one
    for health says when it is ready, or else the first. ``prepare``: makes what the service needs
    in the world's folder or database (tables, users with their keys, rules), before ``open`` or
    ``command``, in a process of its own in which the SDK can be imported; the folder is copied, so
    nothing in it may name its own path. ``calls``: what its model answers otherwise than in words.
    ``command``: starts it as a real process in the world's folder, ``None`` where it cannot be,
    with the environment's ``variables`` besides those of the target. ``wants_postgres``: as a real
    process it needs a database server, which it then finds at the world's ``database_url``.
    ``held``, ``missing``: as those of ``Served``, of a real process, while it runs and once it has
    ended.
    ``conversation``: an endpoint of which the service itself remembers what was said in an ask's
    ``conversation``, so that its user sends the new message only; ``None`` where users send all
    of it with each request, so that nothing can be lost. ``modules``: what ``open``
    imports, so that it need not be imported for each figure anew. ``allowed``: hosts and ports that
    it may dial in vain, as it goes on without what is there.
    """

    name: ClassVar[str] = "service"
    endpoints: Sequence[Endpoint]
    prepare: Callable[[ServiceWorld], None] = nothing
    calls: Calls | None = None
    command: Callable[[Start], Sequence[str]] | None = None
    variables: Callable[[Start], Mapping[str, str]] | None = None
    wants_postgres: bool = False
    missing: Callable[[ServiceWorld, Sequence[Ask]], int] | None = None
    held: Callable[[Start], int] | None = None
    conversation: Endpoint | None = None
    modules: Sequence[str] = ()
    allowed: Sequence[tuple[str, int]] = ()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of endpoints that it has."""
        return tuple(endpoint.kind for endpoint in self.endpoints)

    def endpoint(self, kind: Kind) -> Endpoint | None:
        """The endpoint of this kind, ``None`` if it has none."""
        return next((one for one in self.endpoints if one.kind is kind), None)

    @property
    def ready(self) -> Endpoint:
        """What answers as it must as soon as the service is ready."""
        return self.endpoint(Kind.HEALTH) or self.endpoints[0]

    def problem(self) -> str | None:
        """See ``Capability``."""
        given = self.endpoints
        if isinstance(given, str) or not isinstance(given, Sequence) or not given:
            return "endpoints must list at least one"
        if not all(isinstance(one, Endpoint) for one in given):
            return "endpoints must be those of mocks.worlds.service.endpoints"
        twice = next((kind for kind in self.kinds if self.kinds.count(kind) > 1), None)
        if twice is not None:
            return f"endpoints: {twice} is given twice"
        if self.conversation is not None and not isinstance(self.conversation, Endpoint):
            return "conversation must be an Endpoint of mocks.worlds.service.endpoints"
        if self.command is not None and not callable(self.command):
            return "command must be a function that takes a Start"
        return super().problem()
