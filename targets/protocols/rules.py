"""Rules: what a driver gives whose SDK reads rule files and tells the constraints in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from mocks.worlds.rules.files import Language
from mocks.worlds.rules.world import RulesWorld
from targets.protocol import Capability


@dataclass(frozen=True, slots=True)
class Interpreted:
    """What a file was found to state: the text of each constraint; ``native``: the SDK's own
    result, which a user would keep."""

    constraints: Sequence[str]
    native: object


class RuleReader(Protocol):
    """The SDK's reader of the files in a world's folder, with whatever it caches."""

    async def load(self, path: Path) -> object:
        """Read a file: the SDK's own object for it. Raises what the SDK raises."""

    async def interpret(self, loaded: object) -> Interpreted:
        """The constraints in what ``load`` gave. Raises what the SDK raises."""

    async def close(self) -> None:
        """Give back whatever the reader holds."""


@dataclass(frozen=True, kw_only=True)
class Rules(Capability[RulesWorld, RuleReader]):
    """What a driver offers: ``open`` gives a reader. ``language``: the words by which it tells
    rules from other prose; the files are written in it."""

    name: ClassVar[str] = "rules"
    language: Language = Language.ENGLISH

    def problem(self) -> str | None:
        """See ``Capability``."""
        if not isinstance(self.language, Language):
            return "language must be a Language of mocks.worlds.rules.files"
        return super().problem()
