"""The floor's reader of rules for the benchmarks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from mocks.worlds.rules.world import RulesWorld
from targets.protocols.rules import Interpreted, Rules

if TYPE_CHECKING:
    from targets.bare.floor.rules import Reader, RuleText


class _RuleReader:
    def __init__(self, world: RulesWorld) -> None:
        from floor import rules

        self._reader: Reader = rules.Reader()

    async def load(self, path: Path) -> object:
        return self._reader.load(str(path))

    async def interpret(self, loaded: object) -> Interpreted:
        found = self._reader.interpret(cast("RuleText", loaded))
        return Interpreted(found, found)

    async def close(self) -> None:
        """The reader holds nothing."""


RULES = Rules(open=_RuleReader)
