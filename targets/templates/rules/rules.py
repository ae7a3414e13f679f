"""Rules: an SDK's reader of rule files.

What is driven is ``rules_example``; put your SDK in its place. Use its public API only, import it
inside functions, raise ``Unavailable("why")`` for what a commit of its history lacks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mocks.worlds.rules.files import Language
from mocks.worlds.rules.world import RulesWorld
from targets.protocols.rules import Interpreted, Rules


def sdk() -> Any:
    """Your SDK: ``import`` it here and return it."""
    from . import rules_example

    return rules_example


class Reader:
    """A reader of your SDK's, which reads files of the world's folder."""

    def __init__(self, world: RulesWorld) -> None:
        self._reader = sdk().Reader()

    async def load(self, path: Path) -> object:
        """Read a file, or take it from the reader's own cache."""
        loaded: object = self._reader.load(path)
        return loaded

    async def interpret(self, loaded: object) -> Interpreted:
        """What your SDK makes of it: each constraint with the words of its rule."""
        found = self._reader.constraints(loaded)
        return Interpreted([each.text for each in found], native=found)

    async def close(self) -> None:
        """Give back what the reader holds: watchers, threads."""


CAPABILITY = Rules(open=Reader, language=Language.ENGLISH)
