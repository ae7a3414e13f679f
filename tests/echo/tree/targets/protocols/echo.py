"""Echo: what a driver gives that connects an SDK which has a model say something again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from mocks.world import World
from mocks.worlds.echo.phrases import Phrase
from targets.protocol import Capability


@dataclass(frozen=True, slots=True)
class Echoed:
    """How an echo ended: ``text`` as it came back; ``native``: the SDK's own result, which a user
    would keep."""

    text: str
    native: object


class Echoer(Protocol):
    """One engine of the SDK, connected to a world; serves any number of echoes at once."""

    async def echo(self, phrase: Phrase) -> Echoed:
        """Have the phrase said again. Raises what the SDK raises."""

    async def close(self) -> None:
        """Give back whatever the engine holds."""


@dataclass(frozen=True, kw_only=True)
class Echo(Capability[World, Echoer]):
    """What a driver offers: ``open`` connects the SDK to a world."""

    name: ClassVar[str] = "echo"
